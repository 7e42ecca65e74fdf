import type { Clock, Timer } from '@leeward/core';

/** Longer than any single call of a door is bounded to between two signs of life. */
const idleMs = 15 * 60_000;

interface Closable {
  close(): Promise<void>;
}

/**
 * A connection that is shared, and that can be replaced while others still use it: once retired it goes on working
 * for who has it, and closes by itself when nobody has called it for a while.
 */
export class KeptDoor<T extends Closable> {
  /** What is handed out. */
  readonly door: T;
  readonly #connection: T;
  readonly #clock: Clock;
  #callsUnderWay = 0;
  #timer: Timer | undefined;
  #retired: (() => void) | undefined;

  constructor(connection: T, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
    this.door = this.#watched(connection);
  }

  /** `onClosed` is called when it has closed by itself. */
  retire(onClosed: () => void): void {
    this.#retired = onClosed;
    this.#closeLater();
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.#connection.close();
  }

  #watched(connection: T): T {
    return new Proxy(connection, {
      get: (target, key) => {
        if (this.#retired) this.#closeLater();
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => this.#count(Reflect.apply(value, target, given));
      },
    });
  }

  #count(result: unknown): unknown {
    if (!(result instanceof Promise)) return result;
    this.#callsUnderWay++;
    return result.finally(() => {
      this.#callsUnderWay--;
    });
  }

  #closeLater(): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.after(idleMs, () => {
      if (this.#callsUnderWay > 0) return this.#closeLater();
      // Best effort: the system may be gone, or know the account no more.
      this.close()
        .catch(() => undefined)
        .finally(this.#retired);
    });
  }
}
