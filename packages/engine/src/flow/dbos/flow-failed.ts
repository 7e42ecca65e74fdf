import { parseRecorded, type Recorded, type RecordedError, recordError } from '../recorded-value.ts';

/**
 * How a failed flow is handed to DBOS, whose stored form keeps the public members. As text, since the way through
 * DBOS makes members named `name`, `message`, `code` or `stack` of an error invisible at every depth, and the details
 * of our errors have such.
 */
export class FlowFailed extends Error {
  readonly recorded: string;

  constructor(recorded: RecordedError) {
    super(recorded.code);
    this.name = 'FlowFailed';
    this.recorded = JSON.stringify(recorded);
  }
}

/** The outcome that DBOS gives back for a failed flow. */
export function failureOf(stored: unknown): Recorded {
  if (typeof stored === 'object' && stored !== null && 'recorded' in stored) {
    try {
      return parseRecorded({ ok: false, error: JSON.parse(String(stored.recorded)) });
    } catch {
      // Falls through: told as it is.
    }
  }
  return recordError(stored);
}
