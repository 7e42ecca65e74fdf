import { isError, LeewardError } from '@leeward/core';
import type { ReadObject } from '../session/collector.ts';
import type { SessionHandle } from '../session/session-call.ts';
import { faultAs } from '../wire/vim-fault.ts';

/** "Object gone" said of a VM becomes "VM gone"; anything else stays. */
export function explainMissingVm(error: unknown, moId: string): unknown {
  if (!isError(error, 'L-VC-202') || !isGone(error, moId)) return error;
  return new LeewardError('L-VC-201', { ...error.details, vm: moId }, error);
}

/** True when the error says that the object with this id does not exist (any more). */
export function isGone(error: unknown, moId: string): boolean {
  const gone = faultAs(error, 'ManagedObjectNotFound');
  if (gone) return gone.obj === undefined || gone.obj.moId === moId;
  return isError(error, 'L-VC-202') && error.cause === undefined;
}

/**
 * Throws when vCenter did not give all that was asked for of an object: `L-VC-110` when a privilege is missing,
 * else `L-VC-203`. Something withheld MUST NOT pass for something that is not there.
 */
export function refuseUnread(handle: SessionHandle, { type, moId, unread }: ReadObject, name = moId): void {
  const [first] = unread;
  if (!first) return;
  const denied = unread.find(({ fault }) => fault === 'NoPermission');
  if (denied) {
    const privilege = denied.privilege ?? 'System.Read';
    throw handle.problem('L-VC-110', { object: `${type} ${name}`, privilege, property: denied.path });
  }
  const reason = unread.map(({ path, fault }) => `${path}: ${fault}`).join(', ');
  throw handle.problem('L-VC-203', { vm: name, reason });
}
