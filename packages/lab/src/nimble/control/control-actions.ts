import { z } from 'zod';
import { NoSuchObject } from '../../control/door.ts';
import { StoreFull } from '../../storage/chunk-store.ts';
import { type DigestRange, digestOf, repeatableContent } from '../../storage/content.ts';
import { AnnouncedPort } from '../lun/announced-port.ts';
import type { Group } from '../model/group.ts';
import type { Snapshot, Volume } from '../model/objects.ts';
import { removeCollection } from '../operations/collection-operations.ts';
import { targetNameOf } from '../operations/volume-operations.ts';
import { writeVolume } from '../sync/mirror.ts';
import type { World } from '../world.ts';

const name = z.string();
const onVolume = { volume: name, snapshot: name.optional() };

/** What the lab can do that no interface of the real system offers. */
export const actionSchema = z.discriminatedUnion('action', [
  /** Room left in a pool from now on; absent: as much as its capacity gives. */
  z.object({ action: z.literal('setFreeBytes'), pool: name, freeBytes: z.number().min(0).optional() }),
  /** All sessions end, as after a restart of the management service. */
  z.object({ action: z.literal('expireTokens') }),
  z.object({ action: z.literal('pausePartner'), partner: name, paused: z.boolean() }),
  /** Snapshot collections of a schedule, now: what a backup then has to wait for. */
  z.object({
    action: z.literal('takeScheduled'),
    volumeCollection: name,
    schedule: name,
    count: z.number().int().min(1).max(1000).default(1),
  }),
  /** Held or not. */
  z.object({ action: z.literal('forceDeleteCollection'), volumeCollection: name, collection: name }),
  /** The storage snapshots of a collection are no common base any more; the rows stay. */
  z.object({ action: z.literal('loseCommonBase'), volumeCollection: name }),
  /** Repeatable content, as if a host had written it. */
  z.object({
    action: z.literal('fill'),
    volume: name,
    seed: z.number().int(),
    offsetBytes: z.number().int().min(0).default(0),
    lengthBytes: z.number().int().min(1),
  }),
  /** SHA-256 of a volume or of one of its storage snapshots. */
  z.object({
    action: z.literal('digest'),
    ...onVolume,
    /** Of the halves of a synchronous pair, which have the same name: the one in this pool. Absent: the upstream one. */
    pool: name.optional(),
    offsetBytes: z.number().int().min(0).default(0),
    lengthBytes: z.number().int().min(1).optional(),
  }),
  /** One array of the group with its pool, data ports and the management service if it leads the group. */
  z.object({ action: z.literal('setArray'), array: name, isUp: z.boolean() }),
  /** Whether the halves of synchronous pairs reach each other. */
  z.object({ action: z.literal('setSyncLink'), isUp: z.boolean() }),
  z.object({ action: z.literal('suspendSync'), volumeCollection: name, suspended: z.boolean() }),
  /** Only without a real data port: a login that nobody made. */
  z.object({ action: z.literal('pretendSession'), volume: name, initiator: name }),
  z.object({ action: z.literal('dropSessions'), volume: name }),
  /** A portal goes away, or comes back at the same port. */
  z.object({ action: z.literal('setPortal'), address: name, isUp: z.boolean() }),
]);
export type Action = z.infer<typeof actionSchema>;

function known<T>(object: T | undefined, what: string): T {
  if (object === undefined) throw new NoSuchObject(`no ${what}`);
  return object;
}

const volumeOf = (world: World, name: string): Volume =>
  known(world.group.volumeNamed(name), `volume ${name}`);

const volumeCollectionOf = (world: World, name: string) =>
  known(world.group.volumeCollectionNamed(name), `volume collection ${name}`);

export async function act(world: World, wanted: Action): Promise<object> {
  const { group, port } = world;
  switch (wanted.action) {
    case 'setFreeBytes': {
      const { account } = known(group.poolNamed(wanted.pool), `pool ${wanted.pool}`);
      account.labLimitBytes =
        wanted.freeBytes === undefined ? undefined : account.usedBytes + wanted.freeBytes;
      return {};
    }
    case 'expireTokens':
      world.tokens.expireAll();
      return {};
    case 'pausePartner':
      known(group.partnerNamed(wanted.partner), `partner ${wanted.partner}`).paused = wanted.paused;
      return {};
    case 'takeScheduled':
      return takeScheduled(world, wanted);
    case 'forceDeleteCollection': {
      const { snapshotCollections } = volumeCollectionOf(world, wanted.volumeCollection);
      const found = snapshotCollections.find((one) => one.name === wanted.collection);
      removeCollection(group, known(found, `snapshot collection ${wanted.collection}`));
      return {};
    }
    case 'loseCommonBase':
      for (const volume of group.members(volumeCollectionOf(world, wanted.volumeCollection)))
        for (const snapshot of volume.snapshots) snapshot.lineage = group.randomness.uuid();
      return {};
    case 'fill':
      fill(group, volumeOf(world, wanted.volume), wanted);
      return {};
    case 'digest':
      return digest(objectOf(world, wanted), wanted);
    case 'pretendSession':
      if (!(port instanceof AnnouncedPort))
        throw new NoSuchObject('pretended sessions beside a real data port');
      port.pretend(targetNameOf(group, volumeOf(world, wanted.volume)), wanted.initiator);
      return {};
    case 'setArray':
      await world.sync.setArray(
        known(
          group.arrays.find((unit) => unit.name === wanted.array),
          `array ${wanted.array}`,
        ),
        wanted.isUp,
      );
      return {};
    case 'setSyncLink':
      world.sync.setLink(wanted.isUp);
      return {};
    case 'suspendSync':
      world.sync.suspend(volumeCollectionOf(world, wanted.volumeCollection), wanted.suspended);
      return {};
    case 'setPortal':
      if (!(await port.setPortal(wanted.address, wanted.isUp)))
        throw new NoSuchObject(`no portal ${wanted.address}`);
      return {};
    case 'dropSessions':
      port.drop(targetNameOf(group, volumeOf(world, wanted.volume)));
      return {};
  }
}

function takeScheduled(world: World, wanted: Extract<Action, { action: 'takeScheduled' }>): object {
  const schedules = world.group.schedulesOf(volumeCollectionOf(world, wanted.volumeCollection));
  const schedule = known(
    schedules.find((one) => one.name === wanted.schedule),
    `schedule ${wanted.schedule}`,
  );
  const names: string[] = [];
  for (let turn = 0; turn < wanted.count; turn++) {
    const taken = world.scheduler.take(schedule, names.length);
    if (taken) names.push(taken.name);
  }
  return { names };
}

/** As a host writes: half of it stays when the pool gets full. */
function fill(group: Group, volume: Volume, wanted: Extract<Action, { action: 'fill' }>): void {
  const { offsetBytes, lengthBytes, seed } = wanted;
  if (offsetBytes + lengthBytes > volume.sizeMib * 1024 * 1024)
    throw new RangeError('behind the end of the volume');
  try {
    for (const { at, bytes } of repeatableContent(seed, lengthBytes))
      writeVolume(group, volume, offsetBytes + at, bytes);
  } catch (error) {
    throw error instanceof StoreFull ? new Error(`pool ${volume.pool.name} is full`) : error;
  }
}

function objectOf(
  { group }: World,
  { volume: volumeName, snapshot, pool }: Extract<Action, { action: 'digest' }>,
): Volume | Snapshot {
  const volume = known(group.volumeNamed(volumeName, pool), `volume ${volumeName}`);
  if (snapshot === undefined) return volume;
  const found = volume.snapshots.find((one) => one.name === snapshot);
  return known(found, `snapshot ${snapshot} of ${volumeName}`);
}

const digest = ({ map, sizeMib }: Volume | Snapshot, range: DigestRange): object => ({
  sha256: digestOf(map, sizeMib * 1024 * 1024, range),
});
