import { LeewardError } from '@leeward/core';
import type { FrozenInstant } from '../../contract/storage-snapshot.ts';
import type { CreateCoordinated, SyncLook } from '../../contract/sync-snapshots.ts';
import { ensure } from '../../rest/ensure.ts';
import { MeasuredMoment } from '../../rest/measured-moment.ts';
import { refusedWith } from '../../rest/refused.ts';
import type { VolumeCollection } from '../inventory/volume-collections.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { noPartnerCodes, soloCodes } from '../rest/refusal-codes.ts';
import { markedMember, postCollection } from '../snapshots/create-collection.ts';
import type { SnapshotRecord } from '../snapshots/snapshot-record.ts';
import { type CoordinatedHalves, findHalves, isAnnounced, lackOf } from './coordinated-record.ts';
import type { PairRecords } from './pairing.ts';

const firstPollMs = 100;
const longestPollMs = 2_000;
/** An announced other half that is not there by then does not come. */
const appearTimeoutMs = 60_000;

/** Pairs of one volume collection, which the array freezes together. */
export interface SyncUnit {
  readonly collection: VolumeCollection;
  readonly pairs: readonly PairRecords[];
}

export interface FrozenPairs extends Pick<FrozenInstant, 'id' | 'measured'> {
  readonly pairs: readonly {
    readonly records: PairRecords;
    readonly primary: SnapshotRecord;
    readonly secondary: SnapshotRecord;
  }[];
}

/** One coordinated snapshot collection; `look` is asked only when it is not there yet, and right before it is made. */
export async function createCoordinated(
  array: NimbleArray,
  { collection, pairs }: SyncUnit,
  request: CreateCoordinated,
  look: () => Promise<SyncLook>,
  signal?: AbortSignal,
): Promise<FrozenPairs> {
  const moment = new MeasuredMoment(array.deps.clock);
  const [first] = pairs;
  if (!first) throw new RangeError('nothing to freeze');
  const notDetected = (reason: string, cause?: unknown) =>
    new LeewardError('L-ARR-204', { host: array.rest.host, volume: first.upstream.name, reason }, cause);
  const find = () => findHalves(array, collection, pairs, request, signal);
  const made = await ensure(array.rest, {
    object: `the coordinated storage snapshot ${request.name} of the volume collection ${collection.name}`,
    find: async () => {
      const halves = await find();
      return halves.upstream || halves.downstream ? halves : undefined;
    },
    create: async () => {
      const { detected, reasons } = await look();
      if (!detected) throw notDetected(reasons.join('; '));
      const volumes = pairs.map(({ upstream }) => upstream);
      try {
        await moment.during(() =>
          postCollection(array, collection, volumes, request, { replicate: true }, signal),
        );
      } catch (error) {
        if (!refusedWith(error, soloCodes) && !refusedWith(error, noPartnerCodes)) throw error;
        throw notDetected(error.refusal.message, error);
      }
    },
    signal,
  });
  const halves = await untilWhole(array, made, { find, pairs, request }, signal);
  const marked = await Promise.all(
    pairs.map(async (records) => ({
      records,
      primary: await markedMember(array, halves.upstream, records.upstream, request, signal),
      secondary: await markedMember(array, halves.downstream, records.downstream, request, signal),
    })),
  );
  return { id: halves.upstream.id, pairs: marked, ...moment.window };
}

/** Both halves, or `L-ARR-205` as soon as it is clear that one is missing. */
async function untilWhole(
  array: NimbleArray,
  made: CoordinatedHalves,
  wanted: {
    readonly find: () => Promise<CoordinatedHalves>;
    readonly pairs: readonly PairRecords[];
    readonly request: CreateCoordinated;
  },
  signal?: AbortSignal,
): Promise<Required<CoordinatedHalves>> {
  const { clock } = array.deps;
  const deadlineMs = clock.now() + appearTimeoutMs;
  let halves = made;
  for (let pollMs = firstPollMs; ; pollMs = Math.min(pollMs * 2, longestPollMs)) {
    const reason = lackOf(halves, wanted.pairs);
    const { upstream, downstream } = halves;
    if (reason === undefined && upstream && downstream) return { upstream, downstream };
    if (!isAnnounced(halves) || clock.now() >= deadlineMs) {
      const volume = wanted.pairs.map((pair) => pair.upstream.name).join(', ');
      const { name: snapshot } = wanted.request;
      throw new LeewardError('L-ARR-205', { host: array.rest.host, snapshot, volume, reason });
    }
    await clock.sleep(pollMs, signal);
    halves = await wanted.find();
  }
}
