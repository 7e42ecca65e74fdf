import { type OwnedObject, parseOwnership } from '@leeward/arrays';
import { isError, reportOf } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { vmwareSnapshotPrefix } from '../backup/names.ts';
import { mayComeLater, storageSnapshotLedgerId } from '../backup/storage-snapshot-detail.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import type { LedgerKind } from '../store/ledger.ts';
import { endedRunStates } from '../store/runs.ts';
import type { System, SystemKind } from '../store/systems.ts';
import type { Fence } from './release.ts';

export interface OrphanReport {
  readonly removed: readonly string[];
  /** What could not be looked at or removed, with the reason; the next round tries again. */
  readonly problems: readonly string[];
}

/** An object with our mark on a foreign system whose run is over, or unknown to this installation's journal. */
export interface Orphan {
  readonly systemName: string;
  readonly kind: LedgerKind | OwnedObject['kind'];
  readonly name: string;
  /** Of the run that made it. */
  readonly runId: string;
}

/** What a look finds, without touching anything, and what could not be looked at, with the reason. */
export interface FoundOrphans {
  readonly orphans: readonly Orphan[];
  readonly problems: readonly string[];
}

/** Reads every vCenter and every array, which costs an array a call per volume. */
export async function findOrphans(deps: BackupDeps): Promise<FoundOrphans> {
  const orphans: Orphan[] = [];
  const note = (systemName: string, kind: Orphan['kind'], name: string, mark: string) =>
    orphans.push({ systemName, kind, name, runId: parseOwnership(mark)?.runId ?? '' });
  const onVcenters = await overSystems(deps, 'vcenter', async ({ id, name: systemName }) => {
    for (const { vmMoId, name, description } of await vmwareSnapshotsOfEndedRuns(deps, id))
      note(systemName, 'vmware-snapshot', `${vmMoId}/${name}`, description);
  });
  const onArrays = await overSystems(deps, 'array', async ({ id, name: systemName }) => {
    const driver = await deps.doors.array(id);
    for (const object of await driver.listOwned())
      if ((await isOrphan(deps, object.comment)) && (await isForgotten(deps, id, object)))
        note(systemName, object.kind, object.name, object.comment);
  });
  return { orphans, problems: [...onVcenters.problems, ...onArrays.problems] };
}

/**
 * VMware snapshots with our mark whose run is over, or unknown to this installation's journal. Objects without our
 * mark, or with another installation's, are never touched.
 */
export function removeOrphanVmwareSnapshots(deps: BackupDeps, fence: Fence): Promise<OrphanReport> {
  return overSystems(deps, 'vcenter', async ({ id }, removed) => {
    const door = await deps.doors.vcenter(id);
    for (const { vmMoId, name } of await vmwareSnapshotsOfEndedRuns(deps, id)) {
      await fence();
      await door.removeVmwareSnapshot(vmMoId, name);
      removed.push(`${vmMoId}/${name}`);
    }
  });
}

async function vmwareSnapshotsOfEndedRuns(deps: BackupDeps, systemId: string) {
  const door = await deps.doors.vcenter(systemId);
  const found: Awaited<ReturnType<typeof door.findVmwareSnapshots>>[number][] = [];
  for (const each of await door.findVmwareSnapshots(vmwareSnapshotPrefix))
    if (await isOrphan(deps, each.description)) found.push(each);
  return found;
}

/**
 * Clones, initiator groups and CHAP users of ours whose run is over, and storage snapshots that the journal counts as deleted: an array may act on
 * a call long after its answer was given up. Copies that the administrator's own replication made are in no
 * journal and stay.
 */
export function removeOrphansOnArrays(deps: BackupDeps, fence: Fence): Promise<OrphanReport> {
  return overSystems(deps, 'array', async ({ id }, removed) => {
    const driver = await deps.doors.array(id);
    for (const object of await driver.listOwned()) {
      if (!(await isOrphan(deps, object.comment))) continue;
      await deps.store.ledger.alone(id, async () => {
        if (!(await isForgotten(deps, id, object))) return;
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
  clean: (system: Pick<System, 'id' | 'name'>, removed: string[]) => Promise<void>,
): Promise<OrphanReport> {
  const removed: string[] = [];
  const problems: string[] = [];
  for (const { id, name } of await deps.store.systems.list(kind)) {
    try {
      await clean({ id, name }, removed);
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
