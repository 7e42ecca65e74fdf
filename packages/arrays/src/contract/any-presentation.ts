import { LeewardError, type VolumeId } from '@leeward/core';
import type { ArrayDriver } from './array-driver.ts';
import type {
  AnyPresentationPlan,
  IscsiPresentation,
  LunPresentationPlan,
  LunPresentationRequest,
  LunPresentations,
} from './lun-presentation.ts';
import type { NfsPresentation, PresentationPlan, PresentationRequest } from './presentation.ts';

/** Plans a presentation of whichever protocol. `active`: plans of other presentations of ours that are in use now. */
export async function planAny(
  driver: ArrayDriver,
  request: PresentationRequest | LunPresentationRequest,
  active: readonly AnyPresentationPlan[],
  signal?: AbortSignal,
): Promise<AnyPresentationPlan> {
  if (request.protocol === 'iscsi') return await lunsOf(driver, request).plan(request, active, signal);
  return await driver.planPresentation(request, active.filter(isNfsPlan), signal);
}

/** Shows a storage snapshot as a plan of whichever protocol says. Idempotent. */
export async function presentAny(
  driver: ArrayDriver,
  plan: AnyPresentationPlan,
  signal?: AbortSignal,
): Promise<NfsPresentation | IscsiPresentation> {
  if (isLunPlan(plan)) return await lunsOf(driver, plan.request).present(plan, signal);
  return await driver.present(plan, signal);
}

/** Withdraws a journaled presentation of whichever protocol. Idempotent. */
export async function withdrawAny(
  driver: ArrayDriver,
  plan: AnyPresentationPlan,
  active: readonly AnyPresentationPlan[],
  signal?: AbortSignal,
): Promise<void> {
  if (isLunPlan(plan)) return await lunsOf(driver, plan.request).withdraw(plan, active, signal);
  return await driver.withdraw(plan, active.filter(isNfsPlan), signal);
}

function isLunPlan(plan: AnyPresentationPlan): plan is LunPresentationPlan {
  return plan.request.protocol === 'iscsi';
}

function isNfsPlan(plan: AnyPresentationPlan): plan is PresentationPlan {
  return !isLunPlan(plan);
}

function lunsOf({ luns }: ArrayDriver, { volume }: { readonly volume: VolumeId }): LunPresentations {
  if (luns) return luns;
  throw new LeewardError('L-ARR-601', { host: volume.arraySerial, protocol: 'iSCSI' });
}
