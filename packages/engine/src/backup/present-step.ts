import {
  type AnyPresentationPlan,
  type IscsiPresentation,
  type LunPresentationRequest,
  type NfsPresentation,
  ownershipComment,
  type PresentationRequest,
  planAny,
  presentAny,
} from '@leeward/arrays';
import { type AccessProtocol, objectKey, type Plan, type VolumeId } from '@leeward/core';
import type { BackupDeps } from './backup-deps.ts';
import { presentationName } from './names.ts';

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
      : await planAny(driver, requestOf(deps, step), await activePlans(deps, step.arrayId, id), signal);
  await store.ledger.intend({
    id,
    runId: step.runId,
    jobId: step.plan.job.id,
    kind: 'presentation',
    systemId: step.arrayId,
    name: planned.request.name,
    detail: planned,
  });
  const presentation = await presentAny(driver, planned, signal);
  await store.ledger.mark(id, 'present');
  return presentation;
}

function requestOf({ store }: BackupDeps, step: PresentStep): PresentationRequest | LunPresentationRequest {
  const { runId, groupId, volume, storageSnapshotName, protocol } = step;
  const common = {
    name: presentationName(runId, groupId, `${objectKey(volume)}/${protocol}`),
    volume,
    storageSnapshotName,
    comment: ownershipComment(store.installationId, runId),
  };
  const { proxyAddresses, initiatorNames, lunPaths } = step;
  if (protocol === 'nfs') return { ...common, protocol, proxyAddresses };
  return { ...common, protocol, initiatorNames, lunPaths };
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
