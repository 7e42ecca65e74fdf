import { parseOwnership } from '@leeward/arrays';
import { isoTime, LeewardError, type VolumeId } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { endAt, placeName, placeOfVolume } from '../backup/chain-places.ts';
import { isHandMade, roleAt } from '../backup/chain-state.ts';
import { relationDetail, type StorageSnapshotDetail } from '../backup/storage-snapshot-detail.ts';
import { ledgerIdOf, type ReadChain, type Unjournaled } from './read-chain.ts';

/**
 * Takes storage snapshots of the job that no journal knows into the chain again: they carry the mark of a run of it that
 * is over. The journal was restored from an older state, say, which is an event of the run that made it; or a mirror
 * took by itself what a failed hop had not brought. True when there were any; then the chain is to be read again.
 */
export async function takeIn(deps: BackupDeps, chain: ReadChain): Promise<boolean> {
  for (const each of chain.unknown) {
    const { runId, isKnown } = await journal(deps, chain, each);
    if (isKnown) continue;
    const { name } = each.storageSnapshot;
    const details = { name, place: placeName(chain.ends, each.placeId), run: runId };
    await deps.store.runLog.event(runId, '', new LeewardError('L-RUN-140', details));
  }
  return chain.unknown.length > 0;
}

/**
 * Takes over, because a user wants it, what jobs that are no more left on the volumes of this chain: by the journal, or
 * by our mark alone. From now on it goes by the rules of this job. Returns the names.
 */
export async function takeOver(deps: BackupDeps, chain: ReadChain): Promise<readonly string[]> {
  const jobs = new Set((await deps.store.jobs.list()).map(({ id }) => id));
  const left = chain.journal.filter(
    ({ entry }) => entry.state === 'kept' && !jobs.has(entry.jobId) && !isHandMade(entry.runId),
  );
  for (const { entry, detail } of left)
    await deps.store.ledger.handOver(entry.id, chain.ends.job.id, handedOver(chain.ends, detail));
  for (const { entry } of chain.gone)
    if (!jobs.has(entry.jobId)) await deps.store.ledger.mark(entry.id, 'released');
  for (const each of chain.ownerless) await journal(deps, chain, each);
  const names = [
    ...left.map(({ entry }) => entry.name),
    ...chain.ownerless.map(({ storageSnapshot }) => storageSnapshot.name),
  ];
  return [...new Set(names)];
}

/** Returns the run that made it, and whether the journal had counted it as gone. */
async function journal(
  { store, clock }: BackupDeps,
  chain: ReadChain,
  { placeId, storageSnapshot }: Unjournaled,
): Promise<{ readonly runId: string; readonly isKnown: boolean }> {
  const { job } = chain.ends;
  const { name, comment, createdAt } = storageSnapshot;
  const runId = parseOwnership(comment)?.runId ?? '';
  const end = endAt(chain.ends, placeId);
  const detail: StorageSnapshotDetail = {
    ...{ volume: end.volume, volumeName: end.volumeName },
    role: roleAt(chain.ends, placeId),
    ...relationOf(chain.ends, end.volume),
  };
  const id = ledgerIdOf(runId, name, end.volume);
  const toldMs = Date.parse(createdAt);
  const atMs = Number.isNaN(toldMs) ? clock.now() : toldMs;
  const madeAt = isoTime(madeAtMs(chain, placeId, name, atMs));
  const entry = { id, runId, jobId: job.id, systemId: end.arrayId, name };
  const isKnown = (await store.ledger.get(id)) !== undefined;
  await store.ledger.adopt({ ...entry, kind: 'storage-snapshot', detail }, madeAt);
  return { runId, isKnown };
}

/** The relation of this chain in place of that of the chain that it was in. */
function handedOver(ends: ReadChain['ends'], detail: StorageSnapshotDetail): StorageSnapshotDetail {
  const { via: _, ...known } = detail;
  return { ...known, ...relationOf(ends, detail.volume) };
}

function relationOf(ends: ReadChain['ends'], at: VolumeId) {
  return relationDetail(ends.volume.volume, ends.relation, placeOfVolume(ends, at)?.fed?.by);
}

/**
 * When the array made it, but before the next one that the journal knows: the journal's order is that of the chain, and
 * the array's clock is another one.
 */
function madeAtMs({ state, journal }: ReadChain, placeId: string, name: string, atMs: number): number {
  const links = state.places.find(({ id }) => id === placeId)?.links ?? [];
  const later = links.slice(links.findIndex((link) => link.name === name) + 1);
  const nextAt = later.findIndex((link) => journal.some(({ entry }) => entry.name === link.name));
  const next = journal.find(({ entry }) => entry.name === later[nextAt]?.name);
  if (!next) return atMs;
  return Math.min(atMs, Date.parse(next.entry.createdAt) - nextAt - 1);
}
