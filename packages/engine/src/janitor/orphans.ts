import { type OwnedObject, parseOwnership } from '@leeward/arrays';
import { isError, reportOf } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { vmwareSnapshotPrefix } from '../backup/names.ts';
import { mayComeLater, storageSnapshotLedgerId } from '../backup/storage-snapshot-detail.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import { endedRunStates } from '../store/runs.ts';
import type { SystemKind } from '../store/systems.ts';
import type { Fence } from './release.ts';

export interface OrphanReport {
  readonly removed: readonly string[];
  /** What could not be looked at or removed, with the reason; the next round tries again. */
  readonly problems: readonly string[];
}

/**
 * VMware snapshots with our mark whose run is over, or unknown to this installation's journal. Objects without our
 * mark, or with another installation's, are never touched.
 */
export function removeOrphanVmwareSnapshots(deps: BackupDeps, fence: Fence): Promise<OrphanReport> {
  return overSystems(deps, 'vcenter', async (systemId, removed) => {
    const door = await deps.doors.vcenter(systemId);
    for (const { vmMoId, name, description } of await door.findVmwareSnapshots(vmwareSnapshotPrefix)) {
      if (!(await isOrphan(deps, description))) continue;
      await fence();
      await door.removeVmwareSnapshot(vmMoId, name);
      removed.push(`${vmMoId}/${name}`);
    }
  });
}

/**
 * Clones, initiator groups and CHAP users of ours whose run is over, and storage snapshots that the journal counts as deleted: an array may act on
 * a call long after its answer was given up. Copies that the administrator's own replication made are in no
 * journal and stay.
 */
export function removeOrphansOnArrays(deps: BackupDeps, fence: Fence): Promise<OrphanReport> {
  return overSystems(deps, 'array', async (systemId, removed) => {
    const driver = await deps.doors.array(systemId);
    for (const object of await driver.listOwned()) {
      if (!(await isOrphan(deps, object.comment))) continue;
      await deps.store.ledger.alone(systemId, async () => {
        if (!(await isForgotten(deps, systemId, object))) return;
        await fence();
        await driver.removeOwned(object);
        removed.push(`${object.kind} ${object.name}`);
      });
    }
  });
}

async function overSystems(
  deps: BackupDeps,
  kind: SystemKind,
  clean: (systemId: string, removed: string[]) => Promise<void>,
): Promise<OrphanReport> {
  const removed: string[] = [];
  const problems: string[] = [];
  for (const { id, name } of await deps.store.systems.list(kind)) {
    try {
      await clean(id, removed);
    } catch (error) {
      if (isOwnershipLost(error)) throw error;
      problems.push(`${name}: ${reportOf(error).what}`);
    }
  }
  return { removed, problems };
}

async function isOrphan({ store }: BackupDeps, comment: string): Promise<boolean> {
  const owner = parseOwnership(comment);
  if (owner?.installationId !== store.installationId) return false;
  try {
    return endedRunStates.includes((await store.runs.get(owner.runId)).state);
  } catch (error) {
    if (isError(error, 'L-RUN-105')) return true;
    throw error;
  }
}

async function isForgotten({ store }: BackupDeps, systemId: string, object: OwnedObject): Promise<boolean> {
  if (object.kind === 'clone') return true;
  // Runs share it: it goes when nothing is shown over it any more, whichever run made it.
  if (object.kind === 'initiator-group' || object.kind === 'chap-user')
    return (await store.ledger.activePresentations(systemId)).length === 0;
  if (object.kind !== 'storage-snapshot' || !object.volume) return false;
  const runId = parseOwnership(object.comment)?.runId ?? '';
  const groupId = object.name.slice(object.name.lastIndexOf('_') + 1);
  const entry = await store.ledger.get(storageSnapshotLedgerId(runId, groupId, object.volume));
  return entry?.state === 'released' && !mayComeLater(entry);
}
