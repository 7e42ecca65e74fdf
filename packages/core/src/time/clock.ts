/**
 * The only way for any part of Leeward to know or to wait for time.
 *
 * `now` follows the wall clock (milliseconds since the Unix epoch) and may jump; `monotonicMs` never goes
 * backwards and is for durations. Every timer ends when `signal` aborts: `sleep` then rejects with the
 * signal's reason.
 */
export interface Clock {
  now(): number;
  monotonicMs(): number;
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
  /** Calls `action` once after `delayMs`. Never keeps the process alive by itself. */
  after(delayMs: number, action: () => void): Timer;
}

export interface Timer {
  /** Idempotent. */
  cancel(): void;
}

/** ISO 8601 in UTC, the form of every time in API, journal and reports. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
