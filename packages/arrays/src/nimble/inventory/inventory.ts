import type { LockAbility } from '@leeward/core';
import type { ArrayInventory, DataPort, MissingCapability } from '../../contract/inventory.ts';
import { arrayNamePrefix } from '../array-name.ts';
import type { Group } from '../group.ts';
import { readIdentity } from '../identity.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { syncRelations, unpairedNotes } from '../sync/sync-relations.ts';
import { listArrays, unitsOf } from './arrays.ts';
import { listDataPorts } from './data-ports.ts';
import { listPartners, type Partner } from './partners.ts';
import { readRelations } from './relations.ts';
import { listVolumeCollections, type VolumeCollection } from './volume-collections.ts';
import { isDownstreamHalf, isReplica, listVolumes, toVolume, type VolumeRecord } from './volumes.ts';

/** Everything planning needs to know of one group. Volumes of ours (clones) are no datastores and left out. */
export async function readInventory(array: NimbleArray, signal?: AbortSignal): Promise<ArrayInventory> {
  const group = await array.refreshGroup(signal);
  const [identity, all, collections, partners, dataPorts, units] = await Promise.all([
    readIdentity(array.rest, group, signal),
    listVolumes(array, {}, signal),
    listVolumeCollections(array, signal),
    listPartners(array, {}, signal),
    listDataPorts(array, signal),
    listArrays(array, signal),
  ]);
  const shown = all.filter(({ name, clone }) => !(clone === true && name.startsWith(arrayNamePrefix)));
  // Both halves of a pair have the same names for hosts; the one that serves them comes first.
  const volumes = [...shown.filter((each) => !isDownstreamHalf(each)), ...shown.filter(isDownstreamHalf)];
  const seen = { group, volumes, collections, partners, units };
  const transfers = await readRelations(array, seen, signal);
  return {
    identity,
    volumes: volumes.map((volume) =>
      toVolume(
        group.uid,
        volume,
        frozenTogether(volume, volumes, collections),
        unitsOf(units, volume)?.map(({ name }) => name),
        lockAbilityOf(group),
      ),
    ),
    dataPorts,
    relations: [...transfers, ...syncRelations(seen)],
    notes: [
      ...(group.iscsi_enabled === false ? ['iSCSI is not enabled: proxies cannot read from this array'] : []),
      ...unpairedNotes(seen),
      ...openAccessNotes(volumes),
      ...renamedNotes(partners),
    ],
    missing: missingIscsi(group, dataPorts),
  };
}

/** Releases that can lock tell the longest lock that the group allows. */
function lockAbilityOf({ max_lock_period: seconds, version_current: version }: Group): LockAbility {
  if (seconds) return { possible: true, maxMs: seconds * 1_000 };
  const why = `the group (NimbleOS ${version ?? 'of an unknown release'}) tells no longest lock (max_lock_period), so it has no locks.`;
  return { possible: false, why };
}

/** A snapshot collection holds all volumes of its volume collection; see `createStorageSnapshots`. */
function frozenTogether(
  volume: VolumeRecord,
  volumes: readonly VolumeRecord[],
  collections: readonly VolumeCollection[],
): readonly string[] {
  const { volcoll_id } = volume;
  const collection = collections.find(({ id }) => id === volcoll_id);
  if (!collection || isReplica(volume) || isDownstreamHalf(volume)) return [];
  return volumes
    .filter((each) => each.volcoll_id === volcoll_id && !isDownstreamHalf(each))
    .map(({ id }) => id);
}

/** Nothing is licensed here, so only iSCSI itself can be missing. */
function missingIscsi({ iscsi_enabled }: Group, dataPorts: readonly DataPort[]): MissingCapability[] {
  if (iscsi_enabled === false) return [{ capability: 'iscsi', text: 'iSCSI is not enabled on the group' }];
  if (dataPorts.some(({ up }) => up)) return [];
  return [{ capability: 'iscsi', text: 'no data subnet allows iSCSI' }];
}

/** An access record for volume and snapshots shows every online snapshot to ESXi, which may hang on it. */
function openAccessNotes(volumes: readonly VolumeRecord[]): string[] {
  return volumes
    .filter(({ access_control_records }) =>
      access_control_records?.some(({ apply_to }) => apply_to === 'both' || apply_to === 'snapshot'),
    )
    .map(
      ({ name }) =>
        `access to the volume ${name} also covers its snapshots: hosts may hang when one is set online; let it apply to the volume only`,
    );
}

function renamedNotes(partners: readonly Partner[]): string[] {
  return partners
    .filter(({ unique_name }) => unique_name === true)
    .map(
      ({ name }) =>
        `the partner ${name} gives replicas other names: their volumes cannot be told to belong here`,
    );
}
