import { type NfsPresentation, ownershipComment, type PresentationPlan } from '@leeward/arrays';
import type { Plan, VolumeId } from '@leeward/core';
import type { BackupDeps } from './backup-deps.ts';
import { presentationName } from './names.ts';
import { objectKey } from './storage-snapshot-step.ts';

export interface PresentStep {
  readonly runId: string;
  readonly groupId: string;
  readonly plan: Plan;
  readonly arrayId: string;
  readonly volume: VolumeId;
  readonly storageSnapshotName: string;
  readonly proxyAddresses: readonly string[];
}

export function presentationLedgerId(runId: string, groupId: string, volume: VolumeId): string {
  return `${runId}/presentation/${groupId}/${objectKey(volume)}`;
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
): Promise<NfsPresentation> {
  return deps.store.ledger.alone(step.arrayId, () => present(deps, step, signal));
}

async function present(deps: BackupDeps, step: PresentStep, signal: AbortSignal): Promise<NfsPresentation> {
  const { store, doors } = deps;
  const driver = await doors.array(step.arrayId);
  const id = presentationLedgerId(step.runId, step.groupId, step.volume);
  const journaled = await store.ledger.get(id);
  const planned =
    journaled && journaled.state !== 'released'
      ? (journaled.detail as PresentationPlan)
      : await driver.planPresentation(
          {
            name: presentationName(step.runId, step.groupId, objectKey(step.volume)),
            volume: step.volume,
            storageSnapshotName: step.storageSnapshotName,
            protocol: 'nfs',
            proxyAddresses: step.proxyAddresses,
            comment: ownershipComment(store.installationId, step.runId),
          },
          await activePlans(deps, step.arrayId, id),
          signal,
        );
  await store.ledger.intend({
    id,
    runId: step.runId,
    jobId: step.plan.job.id,
    kind: 'presentation',
    systemId: step.arrayId,
    name: planned.request.name,
    detail: planned,
  });
  const presentation = await driver.present(planned, signal);
  await store.ledger.mark(id, 'present');
  return presentation;
}

/** Plans of the other presentations on an array that are in use now. */
export async function activePlans(
  deps: BackupDeps,
  arrayId: string,
  exceptId: string,
): Promise<readonly PresentationPlan[]> {
  const entries = await deps.store.ledger.activePresentations(arrayId);
  return entries.filter(({ id }) => id !== exceptId).map(({ detail }) => detail as PresentationPlan);
}
