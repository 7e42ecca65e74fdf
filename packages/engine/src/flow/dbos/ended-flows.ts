import type { Clock } from '@leeward/core';
import { databaseCall } from './database-call.ts';
import type { FlowRows } from './flow-rows.ts';

interface Waiter {
  readonly flowIds: readonly string[];
  readonly found: (flowId: string) => void;
}

/** Waits for the ends of flows, wherever they run: one query an interval for all waiters, none without. */
export class EndedFlows {
  readonly #waiters = new Set<Waiter>();
  readonly #rows: FlowRows;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #looking = false;

  constructor(rows: FlowRows, clock: Clock, intervalMs: number) {
    this.#rows = rows;
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  /** The first that is seen to have ended. Rejects with the signal's reason. */
  async first(flowIds: readonly string[], signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const waiter = { flowIds, found: resolve };
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    this.#waiters.add(waiter);
    if (!this.#looking) void this.#look();
    try {
      return await promise;
    } finally {
      this.#waiters.delete(waiter);
      signal?.removeEventListener('abort', abort);
    }
  }

  async #look(): Promise<void> {
    this.#looking = true;
    try {
      while (this.#waiters.size > 0) {
        const ids = new Set([...this.#waiters].flatMap((waiter) => waiter.flowIds));
        const ended = new Set(
          await databaseCall(this.#clock, () => this.#rows.ended([...ids])).catch(() => []),
        );
        for (const waiter of this.#waiters) {
          const first = waiter.flowIds.find((id) => ended.has(id));
          if (first !== undefined) waiter.found(first);
        }
        await this.#clock.sleep(this.#intervalMs);
      }
    } finally {
      this.#looking = false;
    }
  }
}
