import type { Schedule } from '@leeward/core';
import { lastTime, nextTimes } from './cron-times.ts';

/** A server that runs looks more often than that: what is later than this came while none did. */
const onTimeMs = 60_000;

/** Whether a time came while no server ran, when it is found due only now. */
export function isLate(dueMs: number, nowMs: number): boolean {
  return nowMs - dueMs > onTimeMs;
}

/** More missed times are not counted. */
const countedAtMost = 1_000;

export interface DueTime {
  readonly dueMs: number;
  /** `catch-up`: it came while no server ran, and is made up for; `missed`: it is not. */
  readonly kind: 'on-time' | 'catch-up' | 'missed';
  /** Times since `considered`, this one included; counted up to 1,000. */
  readonly times: number;
}

/**
 * What is to be done for a schedule now; `consideredMs`: the newest time for which something was done. Of several times
 * that passed only the newest counts: one run makes up for all of them. Undefined: nothing is due.
 */
export function dueNow(
  schedule: Schedule,
  consideredMs: number | undefined,
  nowMs: number,
): DueTime | undefined {
  if (!schedule.enabled) return undefined;
  const after = Math.max(Date.parse(schedule.since), consideredMs ?? Number.NEGATIVE_INFINITY);
  const dueMs = lastTime(schedule, nowMs);
  if (dueMs === undefined || dueMs <= after) return undefined;
  const isMadeUp = nowMs - dueMs <= schedule.catchUpMs;
  const kind = !isLate(dueMs, nowMs) ? 'on-time' : isMadeUp ? 'catch-up' : 'missed';
  const times = nextTimes(schedule, after, countedAtMost).filter((time) => time <= dueMs).length;
  return { dueMs, kind, times: Math.max(1, times) };
}
