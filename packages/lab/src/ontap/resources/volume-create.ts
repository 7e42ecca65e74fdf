import { type JsonObject, objectAt, textAt } from '../../json.ts';
import { operate } from '../rest/operation.ts';
import type { Call, Reply } from '../rest/request.ts';
import { missingField, RestError } from '../rest/rest-error.ts';
import type { NewVolume } from '../storage/cluster.ts';
import type { ExportPolicy } from '../storage/export-policy.ts';
import { createSnapshot } from '../storage/snapshot-operations.ts';
import type { StorageSnapshot } from '../storage/storage-snapshot.ts';
import type { Svm } from '../storage/svm.ts';
import type { Volume } from '../storage/volume.ts';
import { reference, refuseOnAsaR2, svmOf } from './references.ts';
import { volumeRecord } from './volume-record.ts';

/** Fields that a clone takes from its parent. */
const notForClones = ['aggregates', 'size', 'style', 'tiering', 'guarantee', 'space', 'snapshot_policy'];

export function createVolume(call: Call): Promise<Reply> {
  refuseOnAsaR2(call, 918701);
  const { body, world } = call;
  const svm = svmOf(call, body);
  const name = textAt(body, 'name');
  if (name === undefined) throw missingField('name');
  checkVolumeName(name);
  if (world.cluster.volume(svm, name)) throw nameTaken(name);
  const clone = objectAt(body, 'clone');
  const isClone = clone['is_flexclone'] === true;
  if (!isClone && reference(clone, 'parent_volume'))
    throw new RestError(
      400,
      262186,
      'Field "clone.parent_volume" needs "clone.is_flexclone" to be true.',
      'clone',
    );
  const prepared = isClone ? prepareClone(call, svm, clone) : preparePlain(call, svm, body);
  const policy = policyOf(call, svm, body, prepared.policy);
  const path = textAt(body, 'nas.path');
  if (path !== undefined) checkMountPath(path);
  return operate(call, {
    svm,
    location: `/api/storage/volumes/?name=${encodeURIComponent(name)}`,
    run: () => {
      if (world.cluster.volume(svm, name)) throw nameTaken(name);
      const wanted = { svm, name, policy, comment: textAt(body, 'comment') ?? '' };
      const volume = world.cluster.addVolume({ ...prepared.make(), ...wanted });
      try {
        if (path) mount(call, volume, path);
      } catch (error) {
        world.cluster.destroyVolume(volume);
        throw error;
      }
      return volumeRecord(world, volume);
    },
  });
}

interface Prepared {
  /** Export policy when the body names none. */
  readonly policy: ExportPolicy | undefined;
  make(): Omit<NewVolume, 'svm' | 'name' | 'policy'>;
}

function preparePlain(call: Call, svm: Svm, body: JsonObject): Prepared {
  const size = Number(body['size'] ?? textAt(body, 'space.size') ?? 0);
  if (size < 20 * 1024 * 1024) throw missingField('size');
  const aggregates = body['aggregates'];
  const [aggregate] = Array.isArray(aggregates) ? aggregates : [];
  const wanted = textAt(aggregate, 'name') ?? textAt(aggregate, 'uuid');
  const found = call.world.cluster.aggregates.find((one) => one.name === wanted || one.uuid === wanted);
  if (wanted === undefined) throw missingField('aggregates');
  if (!found) throw new RestError(400, 917508, `Aggregate "${wanted}" does not exist.`, 'aggregates');
  const type = body['type'] === 'dp' ? 'dp' : 'rw';
  if (body['type'] === 'ls')
    throw new RestError(400, 918244, 'Volumes of type "ls" cannot be created here.', 'type');
  if (type === 'dp' && textAt(body, 'nas.path'))
    throw new RestError(
      400,
      917536,
      'An uninitialized data protection volume cannot be mounted.',
      'nas.path',
    );
  return {
    policy: call.world.cluster.policyOf(svm, 'default'),
    make: () => ({ type, sizeBytes: size, aggregate: found.name }),
  };
}

function prepareClone(call: Call, svm: Svm, clone: JsonObject): Prepared {
  const { cluster } = call.world;
  for (const field of notForClones)
    if (call.body[field] !== undefined)
      throw new RestError(400, 918247, `Field "${field}" is not valid for a clone create operation.`, field, [
        field,
      ]);
  const type = call.body['type'];
  if (type !== undefined && type !== 'rw')
    throw new RestError(
      400,
      918244,
      `Volume type "${String(type)}" is not valid for a clone create.`,
      'type',
    );
  const wanted = reference(clone, 'parent_volume');
  if (!wanted) throw missingField('clone.parent_volume');
  const byUuid = wanted.uuid === undefined ? undefined : cluster.volumes.get(wanted.uuid);
  const byName = wanted.name === undefined ? undefined : cluster.volume(svm, wanted.name);
  if (byUuid && wanted.name !== undefined && byUuid.name !== wanted.name)
    throw new RestError(
      400,
      918236,
      'The parent volume uuid and name refer to different volumes.',
      'clone.parent_volume',
    );
  const parent = wanted.uuid === undefined ? byName : byUuid;
  if (!parent || parent.inRecoveryQueue || parent.svm !== svm)
    throw new RestError(
      404,
      524601,
      `Parent volume "${wanted.name ?? wanted.uuid}" does not exist.`,
      'clone.parent_volume',
    );
  return {
    policy: parent.policy,
    make: () => {
      if (!cluster.licenses.has('flexclone'))
        throw new RestError(
          400,
          524819,
          `Clone volume creation failed: FlexClone is not licensed on cluster "${cluster.config.cluster.name}".`,
        );
      const { volumesPerSvm } = cluster.config.behaviour;
      const count = [...cluster.volumes.values()].filter((volume) => volume.svm === svm).length;
      // Code and words are unverified: the vendor lists no code of its own for it.
      if (count >= volumesPerSvm)
        throw new RestError(
          500,
          524819,
          `Failed to create the clone volume. Reason: Maximum volume count for Vserver "${svm.name}" reached. Maximum volume count is ${volumesPerSvm}.`,
        );
      const snapshot = baseSnapshot(call, parent, clone);
      return { type: 'rw', sizeBytes: parent.account.limitBytes, clone: { parent, snapshot } };
    },
  };
}

function baseSnapshot(call: Call, parent: Volume, clone: JsonObject): StorageSnapshot {
  const wanted = reference(clone, 'parent_snapshot');
  if (!wanted) {
    if (parent.type === 'dp')
      throw new RestError(400, 1638515, 'The base snapshot of the clone was not specified.');
    const time = new Date(call.world.cluster.clock.now())
      .toISOString()
      .replace(/[-:]/g, '')
      .replace('T', '_');
    return createSnapshot(call.world.cluster, parent, {
      name: `clone_${String(call.body['name'])}.${time.slice(0, 15)}`,
    });
  }
  const found = parent.snapshots.find((one) => one.uuid === wanted.uuid || one.name === wanted.name);
  if (!found)
    throw new RestError(
      404,
      1638400,
      `Cannot read snapshot "${wanted.name ?? wanted.uuid}" of volume "${parent.name}".`,
    );
  if (
    wanted.uuid !== undefined &&
    wanted.name !== undefined &&
    (found.uuid !== wanted.uuid || found.name !== wanted.name)
  )
    throw new RestError(400, 918243, 'The snapshot uuid and name refer to different snapshots.');
  return found;
}

export function checkVolumeName(name: string): void {
  if (name.length > 203)
    throw new RestError(400, 917886, `Volume name "${name}" is too long.`, 'name', [name]);
  if (!/^[A-Za-z_]/.test(name))
    throw new RestError(
      400,
      917887,
      `Volume name "${name}" must start with a letter or an underscore.`,
      'name',
      [name],
    );
  if (!/^\w+$/.test(name))
    throw new RestError(400, 917888, `Volume name "${name}" contains an illegal character.`, 'name', [name]);
}

export const nameTaken = (name: string): RestError =>
  new RestError(409, 917526, 'The volume name specified is a duplicate.', 'name', [name]);

export function policyOf(
  call: Call,
  svm: Svm,
  body: JsonObject,
  usual: ExportPolicy | undefined,
): ExportPolicy {
  const name = textAt(body, 'nas.export_policy.name');
  const id = textAt(body, 'nas.export_policy.id');
  if (name === undefined && id === undefined && usual) return usual;
  const byId = id === undefined ? undefined : call.world.cluster.policies.get(Number(id));
  const found = byId ?? (name === undefined ? undefined : call.world.cluster.policyOf(svm, name));
  if (!found || found.svm !== svm || (name !== undefined && found.name !== name))
    throw new RestError(400, 918271, `Export policy "${name ?? id}" does not exist.`, 'nas.export_policy');
  return found;
}

export function checkMountPath(path: string): void {
  if (path !== '' && !/^(\/[^/\s][^/]*)+$/.test(path))
    throw new RestError(400, 918252, `"${path}" is not a valid mount path.`, 'nas.path', [path]);
}

/** Puts a volume into the namespace; an uninitialised DP volume has nothing to show. */
export function mount(call: Call, volume: Volume, path: string): void {
  if (volume.type === 'dp' && !volume.exported)
    throw new RestError(400, 917536, `Volume "${volume.name}" is not initialized and cannot be mounted.`);
  const junction = call.world.cluster.junctionFor(volume.svm, path);
  if (!junction)
    throw new RestError(
      400,
      918252,
      `The mount path "${path}" is in use or its parent does not exist.`,
      'nas.path',
      [path],
    );
  volume.junction = junction;
}
