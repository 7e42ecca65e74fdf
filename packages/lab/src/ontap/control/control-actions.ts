import { z } from 'zod';
import { NoSuchObject } from '../../control/door.ts';
import { removeSnapshot } from '../storage/snapshot-operations.ts';
import type { World } from '../world.ts';
import { actOnSan } from './san-actions.ts';

const onLun = { svm: z.string(), lun: z.string() };

/** What the lab can do that no interface of the real system offers. `volume` is `svm:volume`. */
export const actionSchema = z.discriminatedUnion('action', [
  /** Room left from now on; absent: as much as the volume's size gives. */
  z.object({
    action: z.literal('setFreeBytes'),
    volume: z.string(),
    freeBytes: z.number().min(0).optional(),
  }),
  /** Held or not: as an administrator with more rights would. */
  z.object({ action: z.literal('forceDeleteSnapshot'), volume: z.string(), snapshot: z.string() }),
  z.object({
    action: z.literal('setOwnerHold'),
    volume: z.string(),
    snapshot: z.string(),
    held: z.boolean(),
  }),
  z.object({
    action: z.literal('setRelationState'),
    volume: z.string(),
    state: z.enum(['uninitialized', 'snapmirrored', 'paused', 'broken_off']),
  }),
  z.object({ action: z.literal('setUnhealthy'), volume: z.string(), code: z.string(), message: z.string() }),
  z.object({ action: z.literal('flushAccessCache') }),
  /** Repeatable content of a LUN (`/vol/<volume>/<lun>`), as if a host had written it. */
  z.object({
    action: z.literal('fill'),
    ...onLun,
    seed: z.number().int(),
    offsetBytes: z.number().int().min(0).default(0),
    lengthBytes: z.number().int().min(1),
  }),
  /** SHA-256 of a LUN, or of it in a storage snapshot of its volume. */
  z.object({
    action: z.literal('digest'),
    ...onLun,
    snapshot: z.string().optional(),
    offsetBytes: z.number().int().min(0).default(0),
    lengthBytes: z.number().int().min(1).optional(),
  }),
  /** Held or not, mapped or not: as if an administrator took it away under its readers. */
  z.object({ action: z.literal('unmapLun'), ...onLun, igroup: z.string().optional() }),
  z.object({ action: z.literal('setLunOnline'), ...onLun, online: z.boolean() }),
  z.object({ action: z.literal('resizeLun'), ...onLun, sizeBytes: z.number().int().positive() }),
  /** iSCSI sessions end: all of an SVM, or those of one initiator. */
  z.object({ action: z.literal('dropSessions'), svm: z.string(), initiator: z.string().optional() }),
  /** An iSCSI portal goes away, or comes back at the same port. */
  z.object({ action: z.literal('setPortal'), address: z.string(), isUp: z.boolean() }),
]);
export type Action = z.infer<typeof actionSchema>;

function findVolume(world: World, path: string) {
  const [svmName = '', name = ''] = path.split(':');
  const volume = world.cluster.volume(world.cluster.svm(svmName), name);
  if (!volume) throw new NoSuchObject(`no volume ${path}`);
  return volume;
}

export async function act(world: World, wanted: Action): Promise<object> {
  if (wanted.action === 'flushAccessCache') world.access.flush();
  else if (wanted.action === 'setPortal') {
    if (!(await world.block.setPortal(wanted.address, wanted.isUp)))
      throw new NoSuchObject(`no iSCSI portal ${wanted.address}`);
  } else if ('volume' in wanted) actOnVolume(world, wanted);
  else return actOnSan(world, wanted);
  return {};
}

type VolumeAction = Extract<Action, { volume: string }>;

function actOnVolume(world: World, wanted: VolumeAction): void {
  const volume = findVolume(world, wanted.volume);
  const relation = world.engine.relationOf(volume);
  switch (wanted.action) {
    case 'setFreeBytes':
      volume.account.labLimitBytes =
        wanted.freeBytes === undefined ? undefined : volume.account.usedBytes + wanted.freeBytes;
      return;
    case 'forceDeleteSnapshot':
    case 'setOwnerHold': {
      const snapshot = volume.snapshots.find((one) => one.name === wanted.snapshot);
      if (!snapshot) throw new NoSuchObject(`no snapshot ${wanted.snapshot} on ${wanted.volume}`);
      if (wanted.action === 'forceDeleteSnapshot') removeSnapshot(volume, snapshot);
      else if (wanted.held) snapshot.holds.set('lab', 'volume_clone');
      else snapshot.holds.delete('lab');
      return;
    }
    case 'setRelationState':
      if (!relation) throw new NoSuchObject(`no relation to ${wanted.volume}`);
      relation.state = wanted.state;
      volume.type = wanted.state === 'broken_off' ? 'rw' : 'dp';
      return;
    case 'setUnhealthy':
      if (!relation) throw new NoSuchObject(`no relation to ${wanted.volume}`);
      relation.unhealthy = wanted.code === '' ? [] : [{ code: wanted.code, message: wanted.message }];
      return;
  }
}
