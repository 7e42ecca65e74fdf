import { LeewardError } from '@leeward/core';
import type { CreatedStorageSnapshots } from '../../contract/storage-snapshot.ts';
import type {
  CoordinatedSnapshot,
  CreateCoordinated,
  CreatedCoordinated,
  SyncPair,
} from '../../contract/sync-snapshots.ts';
import { readVolume } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import { findWanted } from '../snapshots/create-snapshot.ts';
import { createStorageSnapshots } from '../snapshots/create-snapshots.ts';
import { type SnapshotRecord, toStorageSnapshot, utc } from '../snapshots/snapshot-record.ts';
import { arrayOf } from './other-array.ts';
import { type Looked, lookAtPair } from './sync-look.ts';

const firstPollMs = 100;
const longestPollMs = 2_000;
/** The array answers a create when the other side has it too; what is not there long after does not come. */
const appearTimeoutMs = 20_000;

/** A pair whose two clusters are known. */
interface Sides {
  readonly pair: SyncPair;
  readonly primary: OntapArray;
  readonly secondary: OntapArray;
}

/**
 * A storage snapshot that is taken on the source of a synchronous relation is taken on the destination at once, under
 * its name: documented for relations that are in sync. So each set of volumes that is frozen at one instant is one call
 * on the source, and the other halves are looked for afterwards.
 */
export async function createCoordinated(
  array: OntapArray,
  request: CreateCoordinated,
  signal?: AbortSignal,
): Promise<CreatedCoordinated> {
  const sides = await Promise.all(request.pairs.map((pair) => sidesOf(array, pair, signal)));
  // Foreign names are found before anything is made.
  const there = await Promise.all(
    sides.map(async ({ pair, primary, secondary }) => {
      const [made] = await Promise.all([
        findHalf(primary, pair.primary, request, signal),
        findHalf(secondary, pair.secondary, request, signal).catch(unlessForeign),
      ]);
      return made;
    }),
  );
  const missing = sides.filter((_, at) => !there[at]);
  const looks = await Promise.all(missing.map((each) => detected(array, each, signal)));
  const made = await freeze(sides, labelled(request, looks), signal);
  const secondaries = await allOf(
    sides.map(async (each, at) => {
      const half = made.storageSnapshots[at];
      if (!half) throw new RangeError('a pair without its storage snapshot');
      return await untilThere(array, each, request, half.createdAt, signal);
    }),
  );
  return {
    storageSnapshots: sides.map(({ pair }, at): CoordinatedSnapshot => {
      const [primary, secondary] = [made.storageSnapshots[at], secondaries[at]];
      if (!primary || !secondary) throw new RangeError('a pair without its halves');
      // The mark does not always travel.
      return {
        primary,
        secondary: { ...toStorageSnapshot(pair.secondary, secondary), comment: request.comment },
      };
    }),
    instants: made.instants.map((instant) => ({
      ...instant,
      volumes: instant.volumes.flatMap((volume) =>
        request.pairs
          .filter(({ primary }) => primary.objectId === volume.objectId)
          .flatMap(({ primary, secondary }) => [primary, secondary]),
      ),
    })),
  };
}

async function sidesOf(array: OntapArray, pair: SyncPair, signal?: AbortSignal): Promise<Sides> {
  const [primary, secondary] = [
    await arrayOf(array, pair.primary, signal),
    await arrayOf(array, pair.secondary, signal),
  ];
  if (primary && secondary) return { pair, primary, secondary };
  const { reasons } = await lookAtPair(array, pair, signal);
  throw notDetected(primary ?? array, pair.primary.objectId, reasons);
}

async function findHalf(
  array: OntapArray,
  volume: SyncPair['primary'],
  request: CreateCoordinated,
  signal?: AbortSignal,
): Promise<SnapshotRecord | undefined> {
  const record = await readVolume(array, await array.ownId(volume, signal), signal);
  return await findWanted(array, record, request, signal);
}

/** Whether the secondary can be asked at all is told by the look. */
function unlessForeign(error: unknown): undefined {
  if (error instanceof LeewardError && error.code !== 'L-ARR-010') return undefined;
  throw error;
}

async function detected(array: OntapArray, { pair, primary }: Sides, signal?: AbortSignal): Promise<Looked> {
  const look = await lookAtPair(array, pair, signal);
  if (look.detected) return look;
  const { name } = await readVolume(primary, await primary.ownId(pair.primary, signal), signal);
  throw notDetected(primary, name, look.reasons);
}

function notDetected({ rest }: OntapArray, volume: string, reasons: readonly string[]): LeewardError {
  return new LeewardError('L-ARR-204', { host: rest.host, volume, reason: reasons.join('; ') });
}

/** Where only labelled ones are replicated, the caller's label gives way to one that is. */
function labelled(request: CreateCoordinated, looks: readonly Looked[]): CreateCoordinated {
  const wanted = looks.flatMap(({ labels }) => (labels ? [labels] : []));
  const [first] = wanted;
  const common = first?.filter((label) => wanted.every((labels) => labels.includes(label)));
  const [label] = common?.includes(request.label ?? '') ? [request.label] : (common ?? []);
  return label === undefined ? request : { ...request, label };
}

/** By the clusters of the primaries; in the order of the pairs. */
async function freeze(
  sides: readonly Sides[],
  { name, comment, label }: CreateCoordinated,
  signal?: AbortSignal,
): Promise<CreatedStorageSnapshots> {
  const byArray = [...Map.groupBy(sides, ({ primary }) => primary)];
  const frozen = await allOf(
    byArray.map(async ([primary, own]) => {
      const volumes = own.map(({ pair }) => pair.primary);
      const request = { name, volumes, comment, ...(label === undefined ? {} : { label }) };
      return await createStorageSnapshots(primary, request, signal);
    }),
  );
  const all = frozen.flatMap(({ storageSnapshots }) => storageSnapshots);
  return {
    storageSnapshots: sides.flatMap(
      ({ pair }) => all.find(({ volume }) => volume.objectId === pair.primary.objectId) ?? [],
    ),
    instants: frozen.flatMap(({ instants }) => instants),
  };
}

/** The half of the secondary, or `L-ARR-205` as soon as it is clear that it is missing. */
async function untilThere(
  array: OntapArray,
  { pair, primary, secondary }: Sides,
  request: CreateCoordinated,
  createdAt: string,
  signal?: AbortSignal,
): Promise<SnapshotRecord> {
  const torn = async (reason: string, cause?: unknown) => {
    const { name: volume } = await readVolume(primary, pair.primary.objectId, signal);
    const details = { host: primary.rest.host, snapshot: request.name, volume, reason };
    return new LeewardError('L-ARR-205', details, cause);
  };
  const { clock } = array.deps;
  for (let pollMs = firstPollMs, waitedMs = 0; ; pollMs = Math.min(pollMs * 2, longestPollMs)) {
    let reason: string;
    try {
      const half = await findHalf(secondary, pair.secondary, request, signal);
      if (half && utc(half.create_time) === createdAt) return half;
      const look = await lookAtPair(array, pair, signal);
      reason = half
        ? 'the one of that name on the secondary is of another time'
        : ['the half of the secondary was not made', ...look.reasons].join('; ');
      if (half || !look.detected || waitedMs >= appearTimeoutMs) throw await torn(reason);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof LeewardError) || error.code === 'L-ARR-205' || error.code === 'L-ARR-010')
        throw error;
      throw await torn('the secondary does not answer', error);
    }
    await clock.sleep(pollMs, signal);
    waitedMs += pollMs;
  }
}

/** All side by side; what was begun ends before the first failure is thrown. */
async function allOf<T>(calls: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
