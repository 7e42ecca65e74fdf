export interface HeartbeatOptions {
  /** Silence after which the target is asked for a sign of life. */
  readonly pingAfterMs: number;
  /** Silence after that for which it counts as lost. */
  readonly pingTimeoutMs: number;
  ping(): void;
  lost(silentMs: number): void;
}

/** Finds out that the other side is gone though TCP does not say so. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #heardMs: number;
  #askedMs: number | undefined;

  constructor(nowMs: number, options: HeartbeatOptions) {
    this.#heardMs = nowMs;
    this.#options = options;
  }

  heard(nowMs: number): void {
    this.#heardMs = nowMs;
    this.#askedMs = undefined;
  }

  tick(nowMs: number): void {
    const { pingAfterMs, pingTimeoutMs, ping, lost } = this.#options;
    if (this.#askedMs !== undefined) {
      if (nowMs - this.#askedMs >= pingTimeoutMs) lost(nowMs - this.#heardMs);
    } else if (nowMs - this.#heardMs >= pingAfterMs) {
      this.#askedMs = nowMs;
      ping();
    }
  }
}
