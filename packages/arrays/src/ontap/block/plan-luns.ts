import { LeewardError } from '@leeward/core';
import type {
  AnyPresentationPlan,
  LunPresentationPlan,
  LunPresentationRequest,
} from '../../contract/lun-presentation.ts';
import { readVolume, refuseOffline, type VolumeRecord } from '../inventory/volumes.ts';
import { hasLicence, readLicences } from '../licences.ts';
import type { OntapArray } from '../ontap-array.ts';
import { findClone } from '../presentation/clone.ts';
import { ownName } from '../presentation/own-name.ts';
import { findSnapshot } from '../snapshots/snapshot-record.ts';
import { groupNameFor } from './igroup.ts';
import { planSecurity } from './initiator-security.ts';
import type { PlanDetail } from './plan-detail.ts';
import { targetOf } from './portals.ts';

/**
 * Finds out by reading only what it takes to show the LUNs of a storage snapshot: always a FlexClone volume, since
 * LUNs in a replica change under the reader, and its LUNs mapped to an initiator group of each proxy.
 */
export async function planLuns(
  array: OntapArray,
  request: LunPresentationRequest,
  active: readonly AnyPresentationPlan[],
  signal?: AbortSignal,
): Promise<LunPresentationPlan> {
  const { host } = array.rest;
  const volume = await readVolume(array, await array.ownId(request.volume, signal), signal);
  refuseOffline(array, volume);
  const cannot = (reason: string) => new LeewardError('L-ARR-303', { host, volume: volume.name, reason });
  if (volume.style !== 'flexvol')
    throw cannot(`LUNs are not read from a volume of the style ${volume.style}`);
  if (request.initiatorNames.length === 0) throw cannot('no proxy told its initiator name');
  if (!(await findSnapshot(array, volume.uuid, request.storageSnapshotName, signal))) {
    const object = `storage snapshot ${request.storageSnapshotName} of the volume ${volume.name}`;
    throw new LeewardError('L-ARR-009', { host, object });
  }
  await refuseUnlicensed(array, volume, signal);
  const target = await targetOf(array, volume, signal);
  const clone = { name: ownName(request.name), parentUuid: volume.uuid };
  await findClone(array, volume.svm.uuid, clone, request.storageSnapshotName, signal);
  const groups = request.initiatorNames.map((initiator) => ({ name: groupNameFor(initiator), initiator }));
  const question = {
    svm: volume.svm,
    initiators: request.initiatorNames,
    presentation: request.name,
    active,
  };
  const security = await planSecurity(array, question, signal);
  const detail: PlanDetail = {
    family: 'ontap',
    form: 1,
    svm: volume.svm,
    clone,
    groups,
    ...target,
    ...security,
  };
  return { request, method: 'clone', effects: effectsOf(volume, detail, request), detail };
}

function effectsOf(
  { name, svm }: VolumeRecord,
  { clone, groups, chapFor }: PlanDetail,
  { storageSnapshotName, lunPaths }: LunPresentationRequest,
): string[] {
  const which = lunPaths ? `its LUN ${lunPaths.join(', ')}` : 'each of its LUNs';
  return [
    `a clone ${clone.name} of the volume ${name} is made from the storage snapshot ${storageSnapshotName} and removed afterwards`,
    ...groups.map(
      (group) =>
        `${which} in the clone is mapped to ${group.initiator} only (initiator group ${group.name} of our own in the SVM ${svm.name})`,
    ),
    ...chapFor.map(
      (initiator) =>
        `the SVM ${svm.name} asks ${initiator} for CHAP (initiator security) until it is withdrawn`,
    ),
    'ONTAP maps LUNs for reading and writing; the proxy has no write command, and what is mapped is a clone',
  ];
}

async function refuseUnlicensed(
  array: OntapArray,
  { name }: VolumeRecord,
  signal?: AbortSignal,
): Promise<void> {
  const licences = await readLicences(array.rest, signal);
  const purpose = `show the LUNs of the volume ${name} to the proxy`;
  for (const licence of ['flexclone', 'iscsi']) {
    if (hasLicence(licences, licence)) continue;
    const otherwise = 'keep the VMs on NFS datastores, or let the job fail over';
    throw new LeewardError('L-ARR-008', { host: array.rest.host, licence, purpose, otherwise });
  }
}
