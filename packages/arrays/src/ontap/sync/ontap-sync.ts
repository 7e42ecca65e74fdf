import { isError, LeewardError, type VolumeId } from '@leeward/core';
import type {
  CoordinatedSnapshot,
  CreateCoordinated,
  CreatedCoordinated,
  SyncLook,
  SyncPair,
  SyncSnapshots,
} from '../../contract/sync-snapshots.ts';
import { readVolume } from '../inventory/volumes.ts';
import { deleteStorageSnapshot } from '../snapshots/delete-snapshot.ts';
import { isOurs, toStorageSnapshot } from '../snapshots/snapshot-record.ts';
import { createCoordinated } from './create-coordinated.ts';
import { arrayOf, ConnectionHolder, otherArray } from './other-array.ts';
import { pairedVolumes } from './paired-volumes.ts';
import { findOnVolume, removeCoordinated, untilGone } from './remove-coordinated.ts';
import { lookAtPair } from './sync-look.ts';
import { listSyncRelations, relationTo } from './sync-record.ts';

/** Coordinated storage snapshots of SnapMirror Synchronous and SnapMirror active sync: two clusters, one call. */
export class OntapSync extends ConnectionHolder implements SyncSnapshots {
  async look(pair: SyncPair, signal?: AbortSignal): Promise<SyncLook> {
    const { detected, state, reasons } = await lookAtPair(this.array, pair, signal);
    return { detected, state, reasons };
  }

  create(request: CreateCoordinated, signal?: AbortSignal): Promise<CreatedCoordinated> {
    return createCoordinated(this.array, request, signal);
  }

  async find(pair: SyncPair, name: string, signal?: AbortSignal): Promise<Partial<CoordinatedSnapshot>> {
    const [primary, secondary] = await Promise.all([
      this.#half(pair.primary, name, signal),
      this.#half(pair.secondary, name, signal),
    ]);
    return { ...(primary ? { primary } : {}), ...(secondary ? { secondary } : {}) };
  }

  remove(pair: SyncPair, name: string, signal?: AbortSignal): Promise<void> {
    return removeCoordinated(this.array, pair, name, signal);
  }

  /**
   * Deletes a half by its volume alone. On the destination of a synchronous relation the array may refuse that; then
   * the half of the source goes, and this one with it.
   */
  async deleteHalf(volume: VolumeId, name: string, signal?: AbortSignal): Promise<void> {
    try {
      await deleteStorageSnapshot(this.array, volume, name, signal);
    } catch (error) {
      const source = isError(error, 'L-ARR-102') ? await this.#sourceOf(volume, signal) : undefined;
      if (!source) throw error;
      await deleteStorageSnapshot(source.array, source.volume, name, signal);
      await untilGone(this.array, volume, name, signal);
    }
  }

  async #half(volume: VolumeId, name: string, signal?: AbortSignal) {
    const array = await arrayOf(this.array, volume, signal);
    const record = array && (await findOnVolume(array, volume, name, signal));
    if (!array || !record) return undefined;
    if (isOurs(record)) return toStorageSnapshot(volume, record);
    const object = `storage snapshot ${name} of the volume ${volume.objectId}`;
    throw new LeewardError('L-ARR-010', { host: array.rest.host, object });
  }

  async #sourceOf(volume: VolumeId, signal?: AbortSignal) {
    const array = this.array;
    const own = await readVolume(array, await array.ownId(volume, signal), signal);
    const found = relationTo(await listSyncRelations(array, signal), own);
    const serial = found?.source.cluster?.uuid;
    const source = serial ? await otherArray(array, serial, signal) : undefined;
    if (!found || !serial || !source) return undefined;
    const pairs = await pairedVolumes({ source, destination: array }, found, signal);
    const pair = pairs.find(({ destination }) => destination.uuid === own.uuid);
    return pair && { array: source, volume: { arraySerial: serial, objectId: pair.source.uuid } };
  }
}
