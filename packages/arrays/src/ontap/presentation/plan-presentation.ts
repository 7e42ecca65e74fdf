import { LeewardError } from '@leeward/core';
import type { PresentationPlan, PresentationRequest } from '../../contract/presentation.ts';
import { gatekeepersOf } from '../exports/junction-chain.ts';
import { type PlannedRule, planRules, type RulePlan } from '../exports/plan-rules.ts';
import { readVolume, refuseOffline, type VolumeRecord } from '../inventory/volumes.ts';
import { hasLicence, readLicences } from '../licences.ts';
import type { OntapArray } from '../ontap-array.ts';
import { findSnapshot } from '../snapshots/snapshot-record.ts';
import { findClone } from './clone.ts';
import { type DataAddresses, nfsAddresses } from './data-addresses.ts';
import { ownName } from './own-name.ts';
import type { PlanDetail } from './plan-detail.ts';

/**
 * Finds out by reading only how a storage snapshot can be shown to the proxy: through the snapshot directory of
 * the mounted volume, else through a clone with an export policy of our own.
 */
export async function planPresentation(
  array: OntapArray,
  request: PresentationRequest,
  signal?: AbortSignal,
): Promise<PresentationPlan> {
  const { host } = array.rest;
  const volume = await readVolume(array, await array.ownId(request.volume, signal), signal);
  refuseOffline(array, volume);
  if (!(await findSnapshot(array, volume.uuid, request.storageSnapshotName, signal))) {
    const object = `storage snapshot ${request.storageSnapshotName} of the volume ${volume.name}`;
    throw new LeewardError('L-ARR-009', { host, object });
  }
  const [proxyAddress] = request.proxyAddresses;
  if (proxyAddress === undefined) {
    const reason = 'no address of the proxy is known';
    throw new LeewardError('L-ARR-303', { host, volume: volume.name, reason });
  }
  const data = await nfsAddresses(array, volume.svm, proxyAddress, signal);
  const { path } = volume.nas;
  const hidden = whySnapshotDirectoryHidden(volume);
  const rules: RulePlan =
    path === undefined || hidden !== undefined
      ? { possible: false, reason: hidden ?? 'the volume is not mounted' }
      : await planRules(
          array,
          await gatekeepersOf(array, volume.svm.uuid, path, signal),
          request.proxyAddresses,
          signal,
        );
  if (!rules.possible || path === undefined)
    return await planClone(
      array,
      request,
      volume,
      data,
      rules.possible ? 'the volume is not mounted' : rules.reason,
      signal,
    );
  const detail = { exportPath: path, rootPath: `.snapshot/${request.storageSnapshotName}` };
  return planOf(request, volume, data, rules, detail);
}

async function planClone(
  array: OntapArray,
  request: PresentationRequest,
  volume: VolumeRecord,
  data: DataAddresses,
  why: string,
  signal?: AbortSignal,
): Promise<PresentationPlan> {
  const { host } = array.rest;
  if (!hasLicence(await readLicences(array.rest, signal), 'flexclone')) {
    const purpose = `show the volume ${volume.name} to the proxy by a clone, because: ${why}`;
    const otherwise =
      'mount the volume with its snapshot directory visible and let the proxy in by its export policy';
    throw new LeewardError('L-ARR-008', { host, licence: 'flexclone', purpose, otherwise });
  }
  const name = ownName(request.name);
  const clone = { name, path: `/${name}`, parentUuid: volume.uuid };
  await findClone(array, volume.svm.uuid, clone, request.storageSnapshotName, signal);
  const gatekeepers = await gatekeepersOf(array, volume.svm.uuid, clone.path, signal);
  const above = gatekeepers.filter(({ need }) => need === 'traverse');
  const rules = await planRules(array, above, request.proxyAddresses, signal);
  if (!rules.possible) {
    const reason = `${why}; and a clone would not help, because the way to it is closed too: ${rules.reason}`;
    throw new LeewardError('L-ARR-303', { host, volume: volume.name, reason });
  }
  const effects = [
    `a clone ${name} of the volume ${volume.name} is made from the storage snapshot, because: ${why}`,
    `an export policy ${name} of our own lets only ${request.proxyAddresses.join(', ')} read it`,
  ];
  return planOf(request, volume, data, rules, { exportPath: clone.path, rootPath: '', clone }, effects);
}

function planOf(
  request: PresentationRequest,
  volume: VolumeRecord,
  data: DataAddresses,
  { rules, doubts }: { readonly rules: readonly PlannedRule[]; readonly doubts: readonly string[] },
  place: Pick<PlanDetail, 'exportPath' | 'rootPath' | 'clone'>,
  effects: readonly string[] = [],
): PresentationPlan {
  const { svm } = volume;
  const detail: PlanDetail = { form: 1, svm, rules: [...rules], ...data, ...place };
  const ruleEffects = rules.map(
    ({ policyName, address }) =>
      `the export policy ${policyName} of the SVM ${svm.name} gets a read-only rule for ${address} in last place and loses it afterwards`,
  );
  const all = [...effects, ...ruleEffects, ...doubts];
  return {
    request,
    method: place.clone ? 'clone' : 'snapshot-directory',
    effects: all.length > 0 ? all : ['nothing is created or changed: the proxy may read the volume already'],
    detail,
  };
}

function whySnapshotDirectoryHidden({
  snapshot_directory_access_enabled,
  name,
}: VolumeRecord): string | undefined {
  return snapshot_directory_access_enabled === false
    ? `the volume ${name} hides its snapshot directory`
    : undefined;
}
