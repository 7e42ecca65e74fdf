import { LeewardError } from '@leeward/core';
import type { ArrayDriver } from './array-driver.ts';
import type { AnyPresentationPlan, LunPresentationPlan } from './lun-presentation.ts';
import type { PresentationPlan } from './presentation.ts';

export function isLunPlan(plan: AnyPresentationPlan): plan is LunPresentationPlan {
  return plan.request.protocol === 'iscsi';
}

function isNfsPlan(plan: AnyPresentationPlan): plan is PresentationPlan {
  return plan.request.protocol === 'nfs';
}

/** Withdraws a journaled presentation of whichever protocol. Idempotent. */
export async function withdrawAny(
  driver: ArrayDriver,
  plan: AnyPresentationPlan,
  active: readonly AnyPresentationPlan[],
  signal?: AbortSignal,
): Promise<void> {
  if (!isLunPlan(plan)) return await driver.withdraw(plan, active.filter(isNfsPlan), signal);
  if (driver.luns) return await driver.luns.withdraw(plan, active, signal);
  throw new LeewardError('L-ARR-601', { host: 'of the plan', protocol: 'iSCSI' });
}
