import { LeewardError, reportOf } from '@leeward/core';
import type { RunEvent } from '../store/run-log.ts';

/** Of events that name runs of other jobs, for who is limited to jobs: what they say, without those names. */
export function ownEvents(events: readonly RunEvent[]): readonly RunEvent[] {
  return events.map((event) => {
    const { code, details } = event.report;
    if (code !== 'L-RUN-150') return event;
    return { ...event, report: reportOf(new LeewardError(code, { ...details, holders: 'others' })) };
  });
}
