import { LeewardError } from '@leeward/core';
import type { LunPresentationPlan, LunPresentationRequest } from '../../contract/lun-presentation.ts';
import { ownedNamePrefix } from '../../contract/ownership.ts';
import { toArrayName } from '../array-name.ts';
import { listArrays, unitsOf } from '../inventory/arrays.ts';
import { iscsiPort, listDataPorts } from '../inventory/data-ports.ts';
import { readVolume, type VolumeRecord } from '../inventory/volumes.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { findSnapshot } from '../snapshots/snapshot-record.ts';
import { groupNameFor } from './initiator-group.ts';
import type { PlanDetail } from './plan-detail.ts';

/** Finds out by reading only what it takes to show a storage snapshot: always a clone and an access record. */
export async function planPresentation(
  array: NimbleArray,
  request: LunPresentationRequest,
  signal?: AbortSignal,
): Promise<LunPresentationPlan> {
  const { host } = array.rest;
  const volume = await readVolume(array, await array.ownId(request.volume, signal), signal);
  if (request.lunPaths?.some((path) => path !== ''))
    throw new LeewardError('L-ARR-009', { host, object: `LUN inside the volume ${volume.name}` });
  const snapshot = await findSnapshot(array, volume.id, request.storageSnapshotName, signal);
  if (!snapshot) {
    const object = `storage snapshot ${request.storageSnapshotName} of the volume ${volume.name}`;
    throw new LeewardError('L-ARR-009', { host, object });
  }
  const detail: PlanDetail = {
    family: 'nimble',
    form: 1,
    clone: { name: cloneName(request.name), parentId: volume.id, snapshotId: snapshot.id },
    groups: request.initiatorNames.map((initiator) => ({ name: groupNameFor(initiator), initiator })),
    portals: await portals(array, volume, signal),
  };
  if (detail.groups.length === 0) throw noIscsi(array, 'no proxy told its initiator name');
  return {
    request,
    method: 'clone',
    effects: [
      `create the volume ${detail.clone.name}, a clone of the storage snapshot ${snapshot.name} of ${volume.name}`,
      ...detail.groups.map(
        ({ name, initiator }) => `give access to it to ${initiator} only (initiator group ${name})`,
      ),
    ],
    detail,
  };
}

function cloneName(requestName: string): string {
  return toArrayName(
    requestName.startsWith(ownedNamePrefix) ? requestName : `${ownedNamePrefix}${requestName}`,
  );
}

/**
 * Of a group of several pools the addresses of the arrays of the volume's own pool alone: a discovery address may be on
 * another one, and a secondary is read through its own array.
 */
async function portals(
  array: NimbleArray,
  volume: VolumeRecord,
  signal?: AbortSignal,
): Promise<PlanDetail['portals']> {
  const [all, units] = await Promise.all([listDataPorts(array, signal), listArrays(array, signal)]);
  const own = unitsOf(units, volume)?.map(({ name }) => name);
  const ports = own ? all.filter(({ node }) => node !== undefined && own.includes(node)) : all;
  if (own && all.length > 0 && ports.length === 0)
    throw noIscsi(
      array,
      `no data address belongs to ${own.join(', ')}, where the volume ${volume.name} lives`,
    );
  const up = ports.filter((port) => port.up);
  if (ports.length > 0 && up.length === 0) throw noIscsi(array, 'iSCSI is not enabled on the group');
  if (up.length === 0) throw noIscsi(array, 'no data subnet allows iSCSI');
  return up.map(({ address, iscsiPort: port }) => ({ address, port: port ?? iscsiPort }));
}

function noIscsi(array: NimbleArray, reason: string): LeewardError {
  return new LeewardError('L-ARR-607', { host: array.rest.host, reason });
}
