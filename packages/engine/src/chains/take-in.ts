import { parseOwnership } from '@leeward/arrays';
import { isoTime, LeewardError } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { isHandMade, placeName, roleOnPrimary, secondaryPlace } from '../backup/chain-state.ts';
import type { StorageSnapshotDetail } from '../backup/storage-snapshot-detail.ts';
import { relationKey } from '../backup/sync-pair.ts';
import { ledgerIdOf, type ReadChain, type Unjournaled } from './read-chain.ts';

/**
 * Takes storage snapshots of the job that no journal knows into the chain again: they carry the mark of a run of it that
 * is over. The journal was restored from an older state, say. Each is an event of the run that made it. True when
 * there were any; then the chain is to be read again.
 */
export async function takeIn(deps: BackupDeps, chain: ReadChain): Promise<boolean> {
  for (const each of chain.unknown) {
    const runId = await journal(deps, chain, each);
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
    await deps.store.ledger.handOver(entry.id, chain.ends.job.id, { ...detail, ...relationOf(chain.ends) });
  for (const { entry } of chain.gone)
    if (!jobs.has(entry.jobId)) await deps.store.ledger.mark(entry.id, 'released');
  for (const each of chain.ownerless) await journal(deps, chain, each);
  const names = [
    ...left.map(({ entry }) => entry.name),
    ...chain.ownerless.map(({ storageSnapshot }) => storageSnapshot.name),
  ];
  return [...new Set(names)];
}

/** Returns the id of the run that made it. */
async function journal(
  { store, clock }: BackupDeps,
  chain: ReadChain,
  { placeId, storageSnapshot }: Unjournaled,
): Promise<string> {
  const { job, volume, relation } = chain.ends;
  const { name, comment, createdAt } = storageSnapshot;
  const runId = parseOwnership(comment)?.runId ?? '';
  const isSecondary = placeId === secondaryPlace && relation !== undefined;
  const end = isSecondary ? relation : volume;
  const detail: StorageSnapshotDetail = {
    ...{ volume: end.volume, volumeName: end.volumeName },
    role: isSecondary ? 'long-term' : roleOnPrimary(job),
    ...relationOf(chain.ends),
  };
  const id = ledgerIdOf(runId, name, end.volume);
  const toldMs = Date.parse(createdAt);
  const atMs = Number.isNaN(toldMs) ? clock.now() : toldMs;
  const madeAt = isoTime(madeAtMs(chain, placeId, name, atMs));
  const entry = { id, runId, jobId: job.id, systemId: end.arrayId, name };
  await store.ledger.adopt({ ...entry, kind: 'storage-snapshot', detail }, madeAt);
  return runId;
}

function relationOf({
  volume,
  relation,
}: ReadChain['ends']): Pick<StorageSnapshotDetail, 'relation' | 'policy'> {
  return relation ? { relation: relationKey(volume.volume, relation), policy: relation.policy } : {};
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
