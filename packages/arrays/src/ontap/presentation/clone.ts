import { LeewardError } from '@leeward/core';
import { ensure } from '../../rest/ensure.ts';
import { refusedWith } from '../../rest/refused.ts';
import { listVolumes, type VolumeRecord } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import { change, remove, repeatableChange } from '../rest/change.ts';
import { literally } from '../rest/literally.ts';

/** A FlexClone volume of ours, by what is known before it is made. */
export interface ClonePlan {
  readonly name: string;
  readonly parentUuid: string;
}

/** Where a clone that is read over NFS is mounted, and the policy that guards it. */
export interface CloneMount {
  readonly path: string;
  readonly export_policy: { readonly name: string };
}

/** What a clone is made of and marked with. */
export interface CloneSource {
  readonly storageSnapshotName: string;
  readonly comment: string;
}

/** A field that some releases do not take when a clone is made. */
const fieldNotForClones = new Set(['918247']);

const deleteTimeoutMs = 600_000;

/** Our clone by its name; throws when a volume of that name is something else. */
export async function findClone(
  array: OntapArray,
  svmUuid: string,
  { name, parentUuid }: ClonePlan,
  snapshotName?: string,
  signal?: AbortSignal,
): Promise<VolumeRecord | undefined> {
  const found = await listVolumes(array, { 'svm.uuid': svmUuid, name: literally(name) }, signal);
  const volume = found.find((record) => record.name === name);
  if (!volume) return undefined;
  const { is_flexclone, parent_volume, parent_snapshot } = volume.clone;
  const sameSnapshot = snapshotName === undefined || parent_snapshot?.name === snapshotName;
  if (is_flexclone && parent_volume?.uuid === parentUuid && sameSnapshot) return volume;
  throw new LeewardError('L-ARR-010', { host: array.rest.host, object: `volume ${name}` });
}

/** Makes the clone, unmounted unless `nas` says where; the export policy that it names must exist. */
export async function ensureClone(
  array: OntapArray,
  svmUuid: string,
  clone: ClonePlan & { readonly nas?: CloneMount },
  { comment, storageSnapshotName }: CloneSource,
  signal?: AbortSignal,
): Promise<VolumeRecord> {
  const { rest } = array;
  const body = {
    name: clone.name,
    svm: { uuid: svmUuid },
    clone: {
      is_flexclone: true,
      parent_volume: { uuid: clone.parentUuid },
      parent_snapshot: { name: storageSnapshotName },
    },
    ...(clone.nas ? { nas: clone.nas } : {}),
  };
  const create = { method: 'POST', path: '/storage/volumes', mayBecomeJob: true, signal } as const;
  const volume = await ensure(rest, {
    object: `the clone ${clone.name}`,
    find: () => findClone(array, svmUuid, clone, storageSnapshotName, signal),
    create: async () => {
      try {
        return await change(rest, { ...create, body: { ...body, comment } });
      } catch (error) {
        if (!refusedWith(error, fieldNotForClones)) throw error;
        return await change(rest, { ...create, body });
      }
    },
    signal,
  });
  await complete(array, volume, { comment, nas: clone.nas }, signal);
  return volume;
}

/** Unmounts and deletes a clone past the recovery queue, where it would go on holding its storage snapshot. */
export async function removeClone(
  array: OntapArray,
  volume: VolumeRecord,
  signal?: AbortSignal,
): Promise<void> {
  const { rest } = array;
  const path = volumePath(volume);
  if (volume.nas.path) {
    const body = { nas: { path: '' } };
    await repeatableChange(rest, { method: 'PATCH', path, body, mayBecomeJob: true, signal });
  }
  await remove(rest, {
    path,
    query: { force: true },
    mayBecomeJob: true,
    jobTimeoutMs: deleteTimeoutMs,
    signal,
  });
}

/** Sets what the create did not take over: policy first, since mounting is what opens the clone. */
async function complete(
  array: OntapArray,
  volume: VolumeRecord,
  wanted: { readonly comment: string; readonly nas: CloneMount | undefined },
  signal?: AbortSignal,
): Promise<void> {
  const patch = (body: unknown) =>
    repeatableChange(array.rest, {
      method: 'PATCH',
      path: volumePath(volume),
      body,
      mayBecomeJob: true,
      signal,
    });
  if (volume.comment !== wanted.comment) await patch({ comment: wanted.comment });
  if (!wanted.nas) return;
  const { path, export_policy } = wanted.nas;
  if (volume.nas.export_policy?.name !== export_policy.name) await patch({ nas: { export_policy } });
  if (volume.nas.path !== path) await patch({ nas: { path } });
}

function volumePath({ uuid }: VolumeRecord): string {
  return `/storage/volumes/${encodeURIComponent(uuid)}`;
}
