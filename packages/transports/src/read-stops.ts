/** Ends all that is under way for one read. */
export interface ReadStop {
  /** Aborts by `stop`, or with the signal that the stop was taken for. */
  readonly signal: AbortSignal;
  stop(reason: unknown): void;
}

/**
 * The stops of reads, used again as long as nothing is aborted: a signal that follows another one takes longer to make
 * than a READ to ask for. No more are made for a signal than reads were ever under way with it at once.
 */
export class ReadStops {
  readonly #idle = new WeakMap<AbortSignal, ReadStop[]>();
  /** Of readers without a signal. */
  readonly #never = new AbortController().signal;

  take(signal: AbortSignal = this.#never): ReadStop {
    return this.#idle.get(signal)?.pop() ?? makeStop(signal);
  }

  /** Of a stop that was taken for the same `signal`. Nothing MUST be under way with it any more. */
  giveBack(stop: ReadStop, signal: AbortSignal = this.#never): void {
    if (stop.signal.aborted) return;
    const idle = this.#idle.get(signal);
    if (idle) idle.push(stop);
    else this.#idle.set(signal, [stop]);
  }
}

function makeStop(signal: AbortSignal): ReadStop {
  const own = new AbortController();
  return { signal: AbortSignal.any([signal, own.signal]), stop: (reason) => own.abort(reason) };
}
