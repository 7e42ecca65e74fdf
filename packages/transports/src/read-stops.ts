import { type Abortable, AbortWatch } from './abort-watch.ts';

/** Ends all that is under way for one read. */
export class ReadStop implements Abortable {
  readonly #controller = new AbortController();
  /** Aborts by `stop`, or with the signal that the stop was taken for. */
  readonly signal: AbortSignal = this.#controller.signal;
  /** The signal that it was taken for; of `ReadStops` alone, as what follows. */
  followed: AbortSignal | undefined;
  watchIndex = 0;

  stop(reason: unknown): void {
    this.#controller.abort(reason);
  }

  aborted(reason: unknown): void {
    this.stop(reason);
  }
}

/**
 * The stops of reads, used again as long as nothing is aborted: a signal that follows another one takes longer to make
 * than a READ to ask for, and longer to ask whether it is aborted than one that is told. No more are made than reads
 * were ever under way at once.
 */
export class ReadStops {
  readonly #idle: ReadStop[] = [];
  readonly #watch = new AbortWatch();

  take(signal?: AbortSignal): ReadStop {
    const stop = this.#idle.pop() ?? new ReadStop();
    if (signal?.aborted) stop.stop(signal.reason);
    else if (signal) {
      stop.followed = signal;
      this.#watch.add(signal, stop);
    }
    return stop;
  }

  /** Of a stop that was taken here. Nothing MUST be under way with it any more. */
  giveBack(stop: ReadStop): void {
    if (stop.followed) this.#watch.remove(stop.followed, stop);
    stop.followed = undefined;
    if (!stop.signal.aborted) this.#idle.push(stop);
  }
}
