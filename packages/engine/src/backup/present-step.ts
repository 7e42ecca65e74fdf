import {
  type AnyPresentationPlan,
  type ArrayDriver,
  type IscsiPresentation,
  isLunPlan,
  type NfsPresentation,
  ownershipComment,
  type PresentationPlan,
} from '@leeward/arrays';
import { type AccessProtocol, LeewardError, type Plan, type VolumeId } from '@leeward/core';
import type { BackupDeps } from './backup-deps.ts';
import { presentationName } from './names.ts';
import { objectKey } from './storage-snapshot-step.ts';

export interface PresentStep {
  readonly runId: string;
  readonly groupId: string;
  readonly plan: Plan;
  readonly arrayId: string;
  readonly volume: VolumeId;
  readonly protocol: AccessProtocol;
  readonly storageSnapshotName: string;
  /** From which the proxies connect, for access by address. */
  readonly proxyAddresses: readonly string[];
  /** Under which the proxies log in, for access by name. */
  readonly initiatorNames: readonly string[];
  readonly lunPaths: readonly string[];
}

export function presentationLedgerId({ runId, groupId, volume, protocol }: PresentStep): string {
  return `${runId}/presentation/${groupId}/${objectKey(volume)}/${protocol}`;
}

/**
 * Lets the proxies reach a storage snapshot. Safe to repeat: the plan of what is going to be changed is journaled
 * before anything is touched, and a repeat goes by the journaled plan, never by a new look at the array, which
 * might show our own half-done change as the administrator's.
 */
export function presentToProxies(
  deps: BackupDeps,
  step: PresentStep,
  signal: AbortSignal,
): Promise<NfsPresentation | IscsiPresentation> {
  return deps.store.ledger.alone(step.arrayId, () => present(deps, step, signal));
}

async function present(deps: BackupDeps, step: PresentStep, signal: AbortSignal) {
  const { store, doors } = deps;
  const driver = await doors.array(step.arrayId);
  const id = presentationLedgerId(step);
  const journaled = await store.ledger.get(id);
  const planned =
    journaled && journaled.state !== 'released'
      ? (journaled.detail as AnyPresentationPlan)
      : await newPlan(deps, driver, step, id, signal);
  await store.ledger.intend({
    id,
    runId: step.runId,
    jobId: step.plan.job.id,
    kind: 'presentation',
    systemId: step.arrayId,
    name: planned.request.name,
    detail: planned,
  });
  const presentation = isLunPlan(planned)
    ? await lunsOf(driver, step).present(planned, signal)
    : await driver.present(planned as PresentationPlan, signal);
  await store.ledger.mark(id, 'present');
  return presentation;
}

async function newPlan(
  deps: BackupDeps,
  driver: ArrayDriver,
  step: PresentStep,
  id: string,
  signal: AbortSignal,
): Promise<AnyPresentationPlan> {
  const { runId, groupId, volume, storageSnapshotName, protocol } = step;
  const active = await activePlans(deps, step.arrayId, id);
  const common = {
    name: presentationName(runId, groupId, `${objectKey(volume)}/${protocol}`),
    volume,
    storageSnapshotName,
    comment: ownershipComment(deps.store.installationId, runId),
  };
  if (protocol === 'nfs')
    return driver.planPresentation(
      { ...common, protocol, proxyAddresses: step.proxyAddresses },
      active.filter(isNfsPlan),
      signal,
    );
  const { initiatorNames, lunPaths } = step;
  return lunsOf(driver, step).plan({ ...common, protocol, initiatorNames, lunPaths }, active, signal);
}

function isNfsPlan(plan: AnyPresentationPlan): plan is PresentationPlan {
  return !isLunPlan(plan);
}

function lunsOf(driver: ArrayDriver, { arrayId, protocol }: PresentStep) {
  if (driver.luns) return driver.luns;
  throw new LeewardError('L-ARR-601', { host: arrayId, protocol });
}

/** Plans of the other presentations on an array that are in use now. */
export async function activePlans(
  deps: BackupDeps,
  arrayId: string,
  exceptId: string,
): Promise<readonly AnyPresentationPlan[]> {
  const entries = await deps.store.ledger.activePresentations(arrayId);
  return entries.filter(({ id }) => id !== exceptId).map(({ detail }) => detail as AnyPresentationPlan);
}
