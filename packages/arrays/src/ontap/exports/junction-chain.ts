import { LeewardError } from '@leeward/core';
import { listVolumes, type VolumeRecord } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import { findExportPolicy } from './policy-record.ts';
import type { Need } from './verdict.ts';

/** An export policy on the way from the root of the SVM to a path. */
export interface Gatekeeper {
  readonly policyId: number;
  readonly policyName: string;
  readonly volume: string;
  readonly need: Need;
}

/**
 * The policies that guard `path` in an SVM: of the volume mounted there and of every volume above it, up to the
 * root volume. `target` is left out for a path where nothing is mounted yet.
 */
export async function gatekeepersOf(
  array: OntapArray,
  svmUuid: string,
  path: string,
  signal?: AbortSignal,
): Promise<Gatekeeper[]> {
  const volumes = await listVolumes(array, { 'svm.uuid': svmUuid }, signal);
  const chain = volumes.filter(
    (volume) => volume.nas.path !== undefined && isOnTheWay(volume.nas.path, path),
  );
  chain.sort((a, b) => (b.nas.path ?? '').length - (a.nas.path ?? '').length);
  return await Promise.all(chain.map((volume) => gatekeeperOf(array, svmUuid, path, volume, signal)));
}

async function gatekeeperOf(
  array: OntapArray,
  svmUuid: string,
  path: string,
  volume: VolumeRecord,
  signal?: AbortSignal,
): Promise<Gatekeeper> {
  const policyName = volume.nas.export_policy?.name ?? '';
  const told = volume.nas.export_policy?.id;
  const policyId = told ?? (await findExportPolicy(array, svmUuid, policyName, signal))?.id;
  if (policyId === undefined) {
    const object = `export policy ${policyName} of the volume ${volume.name}`;
    throw new LeewardError('L-ARR-009', { host: array.rest.host, object });
  }
  const need: Need = volume.nas.path === path ? 'read' : 'traverse';
  return { policyId, policyName, volume: volume.name, need };
}

function isOnTheWay(mountedAt: string, path: string): boolean {
  if (mountedAt === '') return false;
  return mountedAt === '/' || mountedAt === path || path.startsWith(`${mountedAt}/`);
}
