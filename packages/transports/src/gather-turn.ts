/**
 * When what was gathered for a socket leaves. What is asked for while received bytes are handled leaves by few system
 * calls, the last one after all that is there was received: fewer and larger requests cost both sides less. No more
 * than a few are gathered: meanwhile a fast server would have nothing to do.
 */
export class GatherTurn {
  readonly #atMost: number;
  readonly #send: () => void;
  #count = 0;
  #isDue = false;

  /** `send` sends what was gathered, at once. */
  constructor(atMost: number, send: () => void) {
    this.#atMost = atMost;
    this.#send = send;
  }

  /** One more was gathered. */
  added(): void {
    this.#count++;
    if (this.#count >= this.#atMost) this.flush();
    else if (!this.#isDue) this.#flushAfterReceiving();
  }

  flush(): void {
    if (this.#count === 0) return;
    this.#count = 0;
    this.#send();
  }

  #flushAfterReceiving(): void {
    this.#isDue = true;
    // biome-ignore lint/plugin: a place in the turn of the event loop, as `nextTick` is; no time is waited for.
    setImmediate(() => {
      this.#isDue = false;
      this.flush();
    });
  }
}
