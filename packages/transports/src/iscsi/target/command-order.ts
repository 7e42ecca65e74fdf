import { nextSerial, serialDistance } from '../pdu/serial-number.ts';

/** A request as it waits for its turn. */
export interface Numbered {
  readonly commandSerial: number;
  readonly immediate: boolean;
}

/**
 * Puts the requests of one session in order of their CmdSN, and opens the window as tasks end (RFC 7143, 4.2.2.1).
 * Requests outside of the window are dropped without a word, as the protocol demands.
 */
export class CommandOrder<T extends Numbered> {
  readonly #depth: number;
  readonly #ahead = new Map<number, T>();
  #expected: number;
  #max: number;
  #active = 0;

  constructor(firstCommandSerial: number, depth: number) {
    this.#depth = depth;
    this.#expected = firstCommandSerial;
    this.#max = nextSerial(firstCommandSerial, depth - 1);
  }

  get expected(): number {
    return this.#expected;
  }

  get max(): number {
    return this.#max;
  }

  /** The requests whose turn it is now, in order. */
  take(request: T): T[] {
    if (request.immediate) return [request];
    const { commandSerial } = request;
    const ahead = serialDistance(this.#expected, commandSerial);
    if (ahead < 0 || serialDistance(commandSerial, this.#max) < 0) return [];
    if (ahead > 0) {
      if (!this.#ahead.has(commandSerial)) this.#ahead.set(commandSerial, request);
      return [];
    }
    const ready = [request];
    this.#expected = nextSerial(this.#expected);
    for (let next = this.#ahead.get(this.#expected); next; next = this.#ahead.get(this.#expected)) {
      this.#ahead.delete(this.#expected);
      ready.push(next);
      this.#expected = nextSerial(this.#expected);
    }
    return ready;
  }

  began(): void {
    this.#active++;
  }

  ended(): void {
    this.#active--;
    this.open();
  }

  /** Moves the end of the window on; never back. */
  open(): void {
    const wanted = nextSerial(this.#expected, Math.max(0, this.#depth - this.#active) - 1);
    if (serialDistance(this.#max, wanted) > 0) this.#max = wanted;
  }
}
