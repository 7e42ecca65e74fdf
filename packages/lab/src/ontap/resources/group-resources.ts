import { isObject, type JsonObject, textAt } from '../../json.ts';
import { listing } from '../rest/collection.ts';
import { operate } from '../rest/operation.ts';
import { type Call, param, type Reply, type Route } from '../rest/request.ts';
import { missingField, notFound, RestError } from '../rest/rest-error.ts';
import type { Svm } from '../storage/svm.ts';
import type { Volume } from '../storage/volume.ts';
import { type ConsistencyGroup, volumesOf } from './consistency-group.ts';
import { svmOf } from './references.ts';
import { svmReference } from './svm-resources.ts';
import { volumeReference } from './volume-record.ts';

function groupRecord(group: ConsistencyGroup): JsonObject {
  return {
    uuid: group.uuid,
    name: group.name,
    svm: svmReference(group.svm),
    volumes: group.volumes.length > 0 ? group.volumes.map(volumeReference) : undefined,
    parent_consistency_group: group.parent && { uuid: group.parent.uuid, name: group.parent.name },
    consistency_groups:
      group.children.length > 0
        ? group.children.map(({ uuid, name, volumes }) => ({
            uuid,
            name,
            volumes: volumes.map(volumeReference),
          }))
        : undefined,
    replicated: false,
    space: {
      size: volumesOf(group).reduce((sum, one) => sum + one.account.limitBytes, 0),
      used: volumesOf(group).reduce((sum, one) => sum + one.account.usedBytes, 0),
    },
  };
}

export function groupInPath(call: Call, name: string): ConsistencyGroup {
  const group = call.world.groups.get(param(call, name));
  if (!group || (call.session.svm && group.svm !== call.session.svm)) throw notFound(name);
  return group;
}

function members(call: Call, svm: Svm, body: JsonObject = call.body): { volume: Volume; action: string }[] {
  const list = body['volumes'];
  return (Array.isArray(list) ? list : []).filter(isObject).map((one) => {
    const action = textAt(one, 'provisioning_options.action') ?? 'create';
    if (action !== 'add' && action !== 'remove')
      throw new RestError(
        400,
        53411843,
        `Action "${action}" is not supported by this simulator.`,
        'volumes.provisioning_options.action',
      );
    const name = textAt(one, 'name');
    const uuid = textAt(one, 'uuid');
    const found =
      uuid === undefined ? call.world.cluster.volume(svm, name ?? '') : call.world.cluster.volumes.get(uuid);
    if (!found || found.svm !== svm)
      throw new RestError(404, 917525, `Volume "${name ?? uuid}" does not exist.`, 'volumes.name');
    return { volume: found, action };
  });
}

function checkFree(call: Call, volume: Volume): void {
  const owner = [...call.world.groups.values()].find((group) => group.volumes.includes(volume));
  if (owner)
    throw new RestError(409, 53411865, `Volume "${volume.name}" is in consistency group "${owner.name}".`);
  if (volume.type !== 'rw')
    throw new RestError(400, 53411868, `Volume "${volume.name}" is not a read/write volume.`);
}

interface WantedChild {
  readonly name: string;
  readonly volumes: readonly Volume[];
}

function wantedChildren(call: Call, svm: Svm): WantedChild[] {
  const list = call.body['consistency_groups'];
  return (Array.isArray(list) ? list : []).filter(isObject).map((child) => {
    const name = textAt(child, 'name');
    if (name === undefined) throw missingField('consistency_groups.name');
    return { name, volumes: members(call, svm, child).map((one) => one.volume) };
  });
}

function create(call: Call): Promise<Reply> {
  const { body, world } = call;
  const svm = svmOf(call, body);
  const name = textAt(body, 'name');
  if (name === undefined) throw missingField('name');
  const added = members(call, svm).map((one) => one.volume);
  const children = wantedChildren(call, svm);
  const all = [...added, ...children.flatMap(({ volumes }) => volumes)];
  if (all.length === 0) throw missingField('volumes');
  if (all.length > 80)
    throw new RestError(400, 53411852, 'A consistency group holds at most 80 volumes.', 'volumes');
  if (added.length > 0 && children.length > 0)
    throw new RestError(400, 262186, 'Volumes and consistency groups cannot be given together.', 'volumes');
  const names = [name, ...children.map((child) => child.name)];
  return operate(call, {
    svm,
    location: `/api/application/consistency-groups/?name=${encodeURIComponent(name)}`,
    run: () => {
      const taken = [...world.groups.values()].find(
        (group) => group.svm === svm && names.includes(group.name),
      );
      if (taken)
        throw new RestError(409, 53411853, `A consistency group named "${taken.name}" exists.`, 'name', [
          taken.name,
        ]);
      for (const volume of all) checkFree(call, volume);
      const make = (made: Pick<ConsistencyGroup, 'name' | 'volumes' | 'parent'>) => {
        const uuid = world.cluster.randomness.uuid();
        const group: ConsistencyGroup = {
          ...made,
          uuid,
          svm,
          children: [],
          snapshots: [],
          pending: undefined,
        };
        world.groups.set(uuid, group);
        return group;
      };
      const group = make({ name, volumes: added });
      for (const { name: ofChild, volumes } of children)
        group.children.push(make({ name: ofChild, volumes: [...volumes], parent: group }));
      return groupRecord(group);
    },
  });
}

function modify(call: Call): Promise<Reply> {
  const group = groupInPath(call, 'uuid');
  const changes = members(call, group.svm);
  return operate(call, {
    svm: group.svm,
    run: () => {
      for (const { volume, action } of changes) {
        if (action === 'add') checkFree(call, volume);
        group.volumes = group.volumes.filter((one) => one !== volume);
        if (action === 'add') group.volumes.push(volume);
      }
      return groupRecord(group);
    },
  });
}

function remove(call: Call): Promise<Reply> {
  const group = groupInPath(call, 'uuid');
  return operate(call, {
    svm: group.svm,
    run: () => {
      if (group.children.length > 0)
        throw new RestError(409, 8, `Consistency group "${group.name}" holds other groups.`);
      const siblings = group.parent?.children;
      siblings?.splice(siblings.indexOf(group), 1);
      call.world.groups.delete(group.uuid);
      return undefined;
    },
  });
}

const path = '/application/consistency-groups';

export const groupRoutes: readonly Route[] = [
  ...listing({
    collectionPath: path,
    instancePath: `${path}/{uuid}`,
    records: ({ world }) => [...world.groups.values()].map(groupRecord),
    always: ['uuid', 'name'],
    keys: { uuid: 'uuid' },
  }),
  { method: 'POST', path, handle: create },
  { method: 'PATCH', path: `${path}/{uuid}`, handle: modify },
  { method: 'DELETE', path: `${path}/{uuid}`, handle: remove },
];
