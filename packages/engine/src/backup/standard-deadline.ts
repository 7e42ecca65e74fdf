import { type ErrorReport, isError, LeewardError, reportOf, type VmPlan } from '@leeward/core';
import type { ChildHandle } from '../flow/flow.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import type { ReadVmResult } from '../proxy/read-vm.ts';
import type { GroupState } from './group-state.ts';

/** How long a reader may take to stop. It also stops by itself, at the same moment by its own clock. */
const stopMs = 10 * 60_000;

/** Until when a VM may be read the standard way: its VMware snapshot does not live longer, whatever reading comes to. */
export function readUntilMs({ plan }: GroupState, frozenAt: string): number {
  return Date.parse(frozenAt) + plan.job.standardMaxSnapshotMs;
}

type Read =
  | { readonly ok: true; readonly result: ReadVmResult }
  | { readonly ok: false; readonly problem: ErrorReport };

/**
 * What a reader came to. One that is late is stopped and the VM fails with `L-RUN-152`; returns only when no reader is
 * at work any more, or none can be. Throws when the run is cancelled.
 */
export async function readInTime(
  { context, plan }: GroupState,
  { name }: VmPlan,
  reader: ChildHandle<ReadVmResult>,
  untilMs: number,
): Promise<Read> {
  const late = new LeewardError('L-RUN-152', { vm: name, limit: lengthOf(plan.job.standardMaxSnapshotMs) });
  if (!(await reader.endedBy(untilMs))) {
    await reader.cancel();
    if (!(await reader.endedBy((await context.now()) + stopMs)))
      context.log('the reader of a VM does not answer; it has stopped by itself', { vm: name });
    return { ok: false, problem: reportOf(late) };
  }
  try {
    return { ok: true, result: await reader.result() };
  } catch (error) {
    if (isOwnershipLost(error) || isError(error, 'L-RUN-102')) throw error;
    const isLate = isError(error, 'L-RUN-101') && (await context.now()) >= untilMs - stopMs;
    return { ok: false, problem: reportOf(isLate ? late : error) };
  }
}

function lengthOf(durationMs: number): string {
  const minutes = Math.round(durationMs / 60_000);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
