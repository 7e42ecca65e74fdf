import { isError, LeewardError } from '@leeward/core';
import type { OwnedObject } from '../contract/array-driver.ts';
import { ownedNamePrefix } from '../contract/ownership.ts';
import { removeLunClone } from './block/clone-luns.ts';
import { type InitiatorGroup, isOwnGroup, listGroups } from './block/igroup.ts';
import type { OntapLuns } from './block/ontap-luns.ts';
import type { RuleChanges } from './exports/change-rules.ts';
import { isOwnRule } from './exports/own-rule.ts';
import { type ExportPolicy, exportPoliciesPath, listExportPolicies } from './exports/policy-record.ts';
import { readRules } from './exports/rule-record.ts';
import { listVolumes, readVolume, type VolumeRecord } from './inventory/volumes.ts';
import type { OntapArray } from './ontap-array.ts';
import { removeClone } from './presentation/clone.ts';
import { remove } from './rest/change.ts';
import { isOurs, readSnapshots, utc } from './snapshots/snapshot-record.ts';
import type { OntapSync } from './sync/ontap-sync.ts';

/** Every object on the cluster that carries our mark. */
export async function listOwned(array: OntapArray, signal?: AbortSignal): Promise<OwnedObject[]> {
  const { uuid: arraySerial } = await array.cluster(signal);
  const [volumes, policies, groups] = await Promise.all([
    listVolumes(array, {}, signal),
    listExportPolicies(array, {}, signal),
    ownedGroups(array, signal),
  ]);
  const readable = volumes.filter(({ state, snapshot_count }) => state === 'online' && snapshot_count !== 0);
  const foreign = policies.filter(({ name }) => !name.startsWith(ownedNamePrefix));
  // Awaited as one: a failure of the one must not go unseen while the others are waited for.
  const [rules, snapshots] = await Promise.all([
    Promise.all(foreign.map((policy) => ownedRules(array, policy, signal))),
    Promise.all(readable.map((volume) => ownedSnapshots(array, arraySerial, volume, signal))),
  ]);
  return [
    // Clones before groups: what is mapped keeps its group.
    ...volumes.filter(isOwnClone).map((volume) => cloneObject(arraySerial, volume)),
    ...groups.map(groupObject),
    ...policies.filter(({ name }) => name.startsWith(ownedNamePrefix)).map(policyObject),
    ...rules.flat(),
    ...snapshots.flat(),
  ];
}

/** Removes one of them by what `listOwned` told, after checking again that it is ours. */
export async function removeOwned(
  array: OntapArray,
  { rules, luns, sync }: { readonly rules: RuleChanges; readonly luns: OntapLuns; readonly sync: OntapSync },
  object: OwnedObject,
  signal?: AbortSignal,
): Promise<void> {
  switch (object.kind) {
    case 'storage-snapshot':
      if (object.volume) await sync.deleteHalf(object.volume, object.name, signal);
      return;
    case 'clone':
      return await removeOwnClone(array, object, signal);
    case 'initiator-group':
      return await removeGroup(array, luns, object, signal);
    case 'export-policy':
      if (!object.name.startsWith(ownedNamePrefix)) throw notOurs(array, `export policy ${object.name}`);
      return await removePolicy(array, object, signal);
    case 'chap-user':
      return;
    case 'export-rule': {
      const [policyId = '', address = ''] = object.id.split(' ');
      return await rules.remove(Number(policyId), address, signal);
    }
  }
}

async function removeOwnClone(array: OntapArray, { id, name }: OwnedObject, signal?: AbortSignal) {
  try {
    const volume = await readVolume(array, id, signal);
    if (!isOwnClone(volume)) throw notOurs(array, `volume ${name}`);
    try {
      await removeLunClone(array, volume, signal);
    } catch (error) {
      // An account without the right to see LUNs has never mapped one.
      if (!isError(error, 'L-ARR-005')) throw error;
      await removeClone(array, volume, signal);
    }
  } catch (error) {
    if (!isError(error, 'L-ARR-009')) throw error;
  }
}

/** An account without the right to see groups has never made one. */
async function ownedGroups(array: OntapArray, signal?: AbortSignal): Promise<InitiatorGroup[]> {
  try {
    return (await listGroups(array, {}, signal)).filter(isOwnGroup);
  } catch (error) {
    if (!isError(error, 'L-ARR-005')) throw error;
    return [];
  }
}

async function removeGroup(
  array: OntapArray,
  luns: OntapLuns,
  { id, name }: OwnedObject,
  signal?: AbortSignal,
): Promise<void> {
  const group = (await listGroups(array, { name }, signal)).find(({ uuid }) => uuid === id);
  if (group && !isOwnGroup(group)) throw notOurs(array, `initiator group ${name}`);
  if (group) await luns.dropUnused(group, signal);
}

/** By id and name together: ids of removed policies may be used again. */
async function removePolicy(array: OntapArray, { id, name }: OwnedObject, signal?: AbortSignal) {
  const found = await listExportPolicies(array, { name }, signal);
  if (!found.some((policy) => String(policy.id) === id && policy.name === name)) return;
  await remove(array.rest, { path: `${exportPoliciesPath}/${id}`, mayBecomeJob: false, signal });
}

async function ownedSnapshots(
  array: OntapArray,
  arraySerial: string,
  { uuid: objectId }: VolumeRecord,
  signal?: AbortSignal,
): Promise<OwnedObject[]> {
  const records = await readSnapshots(array, objectId, `${ownedNamePrefix}*`, signal);
  return records.filter(isOurs).map(({ name, uuid: id, comment, create_time }) => {
    const volume = { arraySerial, objectId };
    return { kind: 'storage-snapshot', name, id, volume, comment, createdAt: utc(create_time) };
  });
}

async function ownedRules(
  array: OntapArray,
  policy: ExportPolicy,
  signal?: AbortSignal,
): Promise<OwnedObject[]> {
  const rules = await readRules(array, policy.id, signal);
  return rules.filter(isOwnRule).map(({ clients }) => {
    const address = clients[0]?.match ?? '';
    return {
      kind: 'export-rule',
      name: `${policy.name} ${address}`,
      id: `${policy.id} ${address}`,
      comment: '',
    };
  });
}

function isOwnClone({ name, comment, clone }: VolumeRecord): boolean {
  return clone.is_flexclone && name.startsWith(ownedNamePrefix) && isOurs({ name, comment });
}

function cloneObject(
  arraySerial: string,
  { name, uuid, comment = '', clone, create_time }: VolumeRecord,
): OwnedObject {
  const parent = clone.parent_volume?.uuid;
  return {
    kind: 'clone',
    name,
    id: uuid,
    comment,
    ...(parent ? { volume: { arraySerial, objectId: parent } } : {}),
    ...(create_time ? { createdAt: utc(create_time) } : {}),
  };
}

function groupObject({ uuid, name, comment }: InitiatorGroup): OwnedObject {
  return { kind: 'initiator-group', name, id: uuid, comment };
}

function policyObject({ id, name }: ExportPolicy): OwnedObject {
  return { kind: 'export-policy', name, id: String(id), comment: '' };
}

function notOurs(array: OntapArray, object: string): LeewardError {
  return new LeewardError('L-ARR-011', { host: array.rest.host, object });
}
