import { isError, LeewardError } from '@leeward/core';
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
