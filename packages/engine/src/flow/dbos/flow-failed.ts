import { parseRecorded, type Recorded, type RecordedError, recordError } from '../recorded-value.ts';

/** How a failed flow is handed to DBOS: the stored form keeps the public members. */
export class FlowFailed extends Error {
  readonly recorded: RecordedError;

  constructor(recorded: RecordedError) {
    super(recorded.code);
    this.name = 'FlowFailed';
    this.recorded = recorded;
  }
}

/** The outcome that DBOS gives back for a failed flow. */
export function failureOf(stored: unknown): Recorded {
  if (typeof stored === 'object' && stored !== null && 'recorded' in stored) {
    try {
      return parseRecorded({ ok: false, error: stored.recorded });
    } catch {
      // Falls through: told as it is.
    }
  }
  return recordError(stored);
}
