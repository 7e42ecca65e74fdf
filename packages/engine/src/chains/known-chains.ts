import {
  type Job,
  makePlan,
  objectKey,
  type Plan,
  type Relation,
  sameObject,
  type VolumeId,
  volumesOf,
} from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { ChainEnds, ChainHop } from '../backup/chain-places.ts';
import type { JournaledStorageSnapshot } from '../backup/chain-state.ts';
import { storageSnapshotDetailSchema } from '../backup/storage-snapshot-detail.ts';
import { relationKey } from '../backup/sync-pair.ts';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import { planningInventory } from '../inventory/planning-inventory.ts';
import { parseColumn } from '../store/json.ts';

/** The chains of a job by journal and plan, and what the journal has besides. */
export interface KnownChains {
  readonly chains: readonly ChainEnds[];
  /** Their relation, or the array that knew it, is not registered any more, so that no run sees to them. */
  readonly lost: readonly JournaledStorageSnapshot[];
  /** Keys of the primary volumes that VMs of the job lie on, by what was last seen. */
  readonly ownVolumes: ReadonlySet<string>;
}

/** Where storage snapshots of a job are, by relation; those of a volume without one have the volume alone. */
export async function knownChains(deps: BackupDeps, job: Job): Promise<KnownChains> {
  const systems = await deps.store.systems.list('array');
  const nameOf = (id: string) => systems.find((each) => each.id === id)?.name ?? id;
  const journal = (await journaledStorageSnapshots(deps)).filter(({ entry }) => entry.jobId === job.id);
  const relations = await relationsByKey(
    deps,
    systems.map(({ id }) => id),
  );
  const chains: ChainEnds[] = [];
  const lost: JournaledStorageSnapshot[] = [];
  const alone: JournaledStorageSnapshot[] = [];
  for (const [key, members] of Map.groupBy(journal, ({ detail }) => detail.relation)) {
    if (key === undefined) {
      alone.push(...members);
      continue;
    }
    const ends = endsOf(job, key, relations, members, nameOf);
    if (ends) chains.push(ends);
    else lost.push(...members);
  }
  const keyOfEnds = ({ volume, relation }: Pick<ChainEnds, 'volume' | 'relation'>) =>
    relation && relationKey(volume.volume, relation);
  const plan = await planByLastSeen(deps, job);
  for (const { relation, ...volume } of plan.groups.flatMap((group) => group.volumes)) {
    const key = keyOfEnds({ volume, ...(relation ? { relation } : {}) });
    if (relation && !chains.some((known) => keyOfEnds(known) === key)) chains.push({ job, volume, relation });
  }
  for (const [, [first]] of Map.groupBy(alone, ({ detail }) => objectKey(detail.volume)))
    if (first && !chains.some(({ volume }) => sameObject(volume.volume, first.detail.volume)))
      chains.push({ job, volume: volumeOf(first, nameOf) });
  return { chains, lost, ownVolumes: new Set(plan.vms.flatMap(volumesOf).map(objectKey)) };
}

/** Has the volumes that a run would freeze: before the first run no journal knows of them. */
async function planByLastSeen(deps: BackupDeps, job: Job): Promise<Plan> {
  const inventory = await planningInventory(deps, { refresh: false });
  return makePlan(job, inventory, deps.clock.now());
}

/** Storage snapshots that the journal counts as there, of all jobs, oldest first. */
export async function journaledStorageSnapshots({
  store,
}: BackupDeps): Promise<readonly JournaledStorageSnapshot[]> {
  return (await store.ledger.standingStorageSnapshots()).map((entry) => ({
    entry,
    detail: parseColumn(storageSnapshotDetailSchema, entry.detail, entry.id),
  }));
}

interface KnownRelation {
  readonly relation: Relation;
  /** The array that reported it: the secondary. */
  readonly arrayId: string;
}

async function relationsByKey(
  deps: BackupDeps,
  arrayIds: readonly string[],
): Promise<ReadonlyMap<string, KnownRelation>> {
  const cache = new InventoryCache(deps.store);
  const found = new Map<string, KnownRelation>();
  for (const arrayId of arrayIds)
    for (const relation of (await cache.array(arrayId))?.relations ?? [])
      if (relation.reportedBy === 'secondary') found.set(keyOf(relation), { relation, arrayId });
  return found;
}

function keyOf({ id, kind, source, destination }: Relation): string {
  const [primary, secondary] = [source.volume, destination.volume];
  return primary && secondary ? relationKey(primary, { id, kind, volume: secondary }) : objectKey(id);
}

/** `undefined` where not both ends are known. */
function endsOf(
  job: Job,
  key: string,
  relations: ReadonlyMap<string, KnownRelation>,
  members: readonly JournaledStorageSnapshot[],
  nameOf: (arrayId: string) => string,
): ChainEnds | undefined {
  const { relation, arrayId } = relations.get(key) ?? {};
  const secondary = relation?.destination.volume;
  if (!relation || arrayId === undefined || !secondary) return undefined;
  const via = (members.find(({ detail }) => detail.via)?.detail.via ?? []).map(
    (hop): ChainHop => ({ ...hop, arrayName: nameOf(hop.arrayId) }),
  );
  const written = [secondary, ...via.map((hop) => hop.volume)];
  const onPrimary = members.find(({ detail }) => !written.some((each) => sameObject(each, detail.volume)));
  const first = via[0] ? relations.get(objectKey(via[0].id))?.relation : relation;
  const volume = onPrimary ? volumeOf(onPrimary, nameOf) : first && sourceOf(first, nameOf);
  if (!volume) return undefined;
  const { id, kind, policy, destination } = relation;
  const arrayName = nameOf(arrayId);
  const over = {
    id,
    kind,
    policy,
    arrayId,
    arrayName,
    volume: secondary,
    volumeName: destination.volumeName,
    ...(via.length > 0 ? { via } : {}),
  };
  return { job, volume, relation: over };
}

function volumeOf(
  { entry, detail }: JournaledStorageSnapshot,
  nameOf: (arrayId: string) => string,
): ChainEnds['volume'] {
  const { volume, volumeName } = detail;
  return { volume, arrayId: entry.systemId, arrayName: nameOf(entry.systemId), volumeName };
}

function sourceOf(
  { source }: Relation,
  nameOf: (arrayId: string) => string,
): ChainEnds['volume'] | undefined {
  const volume: VolumeId | undefined = source.volume;
  if (!volume) return undefined;
  const arrayId = volume.arraySerial;
  return { volume, arrayId, arrayName: nameOf(arrayId), volumeName: source.volumeName };
}
