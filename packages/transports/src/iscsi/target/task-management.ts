import { decodeLun } from '../../scsi/lun.ts';
import { field } from '../pdu/opcodes.ts';
import type { TargetSession } from './target-session.ts';

const call = {
  abortTask: 1,
  abortTaskSet: 2,
  clearAca: 3,
  clearTaskSet: 4,
  lunReset: 5,
  warmReset: 6,
  coldReset: 7,
  reassign: 8,
} as const;

const response = { complete: 0, noTask: 1, noLun: 2, noReassignment: 4, notSupported: 5 } as const;

/** Carries out a task management function and gives the response code. */
export function manageTask(
  header: Buffer,
  session: TargetSession,
  siblings: Iterable<TargetSession>,
): number {
  const lun = decodeLun(header.subarray(8, 16));
  switch ((header[1] ?? 0) & 0x7f) {
    case call.abortTask: {
      const task = session.tasks.get(header.readUInt32BE(field.targetTag));
      if (!task) return response.noTask;
      session.abortTask(task);
      return response.complete;
    }
    case call.abortTaskSet:
    case call.clearTaskSet:
      if (lun === undefined || !session.luns.has(lun)) return response.noLun;
      for (const task of [...session.tasks.values()]) if (task.lun === lun) session.abortTask(task);
      return response.complete;
    case call.lunReset:
      if (lun === undefined || !session.luns.has(lun)) return response.noLun;
      resetBackend(session, lun, siblings);
      return response.complete;
    case call.warmReset:
      for (const sibling of siblings) sibling.resetLun(undefined, session);
      return response.complete;
    case call.reassign:
      return response.noReassignment;
    default:
      return response.notSupported;
  }
}

/** Other initiators may see the same unit under another number. */
function resetBackend(session: TargetSession, lun: number, siblings: Iterable<TargetSession>): void {
  const backend = session.luns.get(lun);
  for (const sibling of siblings)
    for (const [number, mapped] of sibling.luns) if (mapped === backend) sibling.resetLun(number, session);
}
