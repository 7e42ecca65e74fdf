import { isObject, type Json, type JsonObject, textAt } from '../../json.ts';
import { listing } from '../rest/collection.ts';
import { made } from '../rest/operation.ts';
import { type Call, flag, param, type Reply, type Route } from '../rest/request.ts';
import { missingField, RestError } from '../rest/rest-error.ts';
import type { Igroup, IgroupInitiator } from '../san/igroup.ts';
import { checkInitiatorName } from '../san/initiator-name.ts';
import { lunPath } from '../san/lun.ts';
import { product, vendor } from '../san/lun-identity.ts';
import type { Svm } from '../storage/svm.ts';
import type { World } from '../world.ts';
import { svmOf } from './references.ts';
import { svmReference } from './svm-resources.ts';

const path = '/protocols/san/igroups';
/** Not simulated. */
const unsupported = ['portset', 'igroups', 'replication'];

export function igroupRecord(world: World, igroup: Igroup): JsonObject {
  const { san, cluster } = world;
  const { initiators } = igroup;
  const maps = san.mapsOfIgroup(igroup);
  return {
    uuid: igroup.uuid,
    name: igroup.name,
    svm: svmReference(igroup.svm),
    os_type: igroup.osType,
    protocol: igroup.protocol,
    comment: igroup.comment || undefined,
    delete_on_unmap: igroup.deleteOnUnmap,
    supports_igroups: true,
    initiators: initiators.length > 0 ? initiators.map(initiatorRecord) : undefined,
    lun_maps:
      maps.length > 0
        ? maps.map(({ number, lun }) => ({
            logical_unit_number: number,
            lun: { name: lunPath(lun), uuid: lun.uuid, node: nodeOf(world, lun) },
          }))
        : undefined,
    connectivity_tracking: { connection_state: connectionState(world, igroup) },
    target: {
      vendor_id: vendor,
      product_id: product,
      firmware_revision: cluster.release.join('').padEnd(4, '0').slice(0, 4),
    },
  };
}

function nodeOf({ san }: World, lun: Parameters<World['san']['luns']['nodes']>[0]) {
  const [node] = san.luns.nodes(lun);
  return node && { name: node.name, uuid: node.uuid };
}

function connectionState({ san, block }: World, igroup: Igroup): string {
  const { initiators } = igroup;
  if (initiators.length === 0) return 'no_initiators';
  if (san.mapsOfIgroup(igroup).length === 0) return 'no_lun_maps';
  const loggedIn = new Set(block.sessions(igroup.svm).map((one) => one.initiatorName));
  const connected = initiators.filter(({ name }) => loggedIn.has(name)).length;
  if (connected === 0) return 'none';
  return connected === initiators.length ? 'full' : 'partial';
}

export function initiatorRecord({ name, comment }: IgroupInitiator): JsonObject {
  return { name, comment: comment || undefined };
}

/** The group whose uuid is in the path, within the caller's scope. */
export function igroupInPath(call: Call, name: string): Igroup {
  const igroup = call.world.san.igroups.get(param(call, name));
  if (!igroup || (call.session.svm && igroup.svm !== call.session.svm))
    throw new RestError(404, 5374852, 'The initiator group does not exist.', name);
  return igroup;
}

/** Initiators of a body, checked by themselves. */
export function readInitiators(list: Json | undefined, protocol: Igroup['protocol']): IgroupInitiator[] {
  const given = (Array.isArray(list) ? list : []).filter(isObject).map((one) => {
    const name = textAt(one, 'name');
    if (name === undefined)
      throw new RestError(400, 5374033, 'Initiators must be supplied.', 'initiators.name');
    return { name: checkInitiatorName(name, protocol), comment: textAt(one, 'comment') ?? '' };
  });
  const distinct = new Map(given.map((one) => [one.name, one]));
  for (const { name, comment } of given)
    if (distinct.get(name)?.comment !== comment)
      throw new RestError(
        400,
        5374917,
        'Multiple matching initiators have been supplied with conflicting comments.',
      );
  return [...distinct.values()];
}

/** An initiator may be in several groups, of one operating system only. */
export function checkOsType(
  { world }: Call,
  wanted: { svm: Svm; osType: string; initiators: readonly IgroupInitiator[]; code: number; but?: Igroup },
): void {
  for (const { name } of wanted.initiators) {
    const other = world.san
      .igroupsOf(wanted.svm, name)
      .find((one) => one !== wanted.but && one.osType !== wanted.osType);
    if (other)
      throw new RestError(
        409,
        wanted.code,
        `Initiator "${name}" is already in initiator group "${other.name}" with a conflicting operating system type.`,
        'initiators.name',
        [name, other.name],
      );
  }
}

function checkName(name: string): void {
  if (!/^[A-Za-z0-9_.:-]{1,96}$/.test(name))
    throw new RestError(400, 5373958, `The initiator group name "${name}" is invalid.`, 'name', [name]);
}

const nameTaken = (name: string): RestError =>
  new RestError(409, 5374023, `An initiator group with the name "${name}" already exists.`, 'name', [name]);

function refuseUnsupported(body: JsonObject): void {
  for (const field of unsupported)
    if (body[field] !== undefined)
      throw new RestError(400, 262196, `Field "${field}" cannot be set in this simulator`, field, [field]);
}

const protocolOf = (body: JsonObject, usual: Igroup['protocol']): Igroup['protocol'] =>
  (['iscsi', 'fcp', 'mixed'] as const).find((one) => one === body['protocol']) ?? usual;

function create(call: Call): Reply {
  const { body, world } = call;
  refuseUnsupported(body);
  const svm = svmOf(call, body);
  const name = textAt(body, 'name');
  if (name === undefined) throw missingField('name');
  checkName(name);
  const osType = textAt(body, 'os_type');
  if (osType === undefined) throw missingField('os_type');
  if (world.san.igroupNamed(svm, name)) throw nameTaken(name);
  const protocol = protocolOf(body, 'mixed');
  const initiators = readInitiators(body['initiators'], protocol);
  checkOsType(call, { svm, osType, initiators, code: 5374732 });
  const igroup: Igroup = {
    uuid: world.cluster.randomness.uuid(),
    svm,
    name,
    osType,
    protocol,
    comment: textAt(body, 'comment') ?? '',
    deleteOnUnmap: body['delete_on_unmap'] === true,
    initiators,
  };
  world.san.igroups.set(igroup.uuid, igroup);
  const location = `/api${path}/?name=${encodeURIComponent(name)}&svm.uuid=${svm.uuid}`;
  return made(call, location, igroupRecord(world, igroup));
}

function modify(call: Call): Reply {
  const igroup = igroupInPath(call, 'uuid');
  const { body, world } = call;
  refuseUnsupported(body);
  for (const field of ['initiators', 'protocol', 'svm'])
    if (body[field] !== undefined)
      throw new RestError(400, 262196, `Field "${field}" cannot be set in this operation`, field, [field]);
  const name = textAt(body, 'name');
  if (name !== undefined && name !== igroup.name) {
    checkName(name);
    if (world.san.igroupNamed(igroup.svm, name)) throw nameTaken(name);
  }
  const osType = textAt(body, 'os_type') ?? igroup.osType;
  const { svm, initiators } = igroup;
  checkOsType(call, { svm, osType, initiators, code: 5374733, but: igroup });
  igroup.name = name ?? igroup.name;
  igroup.osType = osType;
  igroup.comment = textAt(body, 'comment') ?? igroup.comment;
  if (typeof body['delete_on_unmap'] === 'boolean') igroup.deleteOnUnmap = body['delete_on_unmap'];
  return { status: 200, body: {} };
}

function remove(call: Call): Reply {
  const igroup = igroupInPath(call, 'uuid');
  const { world } = call;
  const maps = world.san.mapsOfIgroup(igroup);
  if (maps.length > 0 && !flag(call, 'allow_delete_while_mapped'))
    throw new RestError(
      409,
      1254213,
      `The initiator group "${igroup.name}" is mapped and cannot be deleted without specifying the "allow_delete_while_mapped" query parameter.`,
      'uuid',
      [igroup.name],
    );
  for (const map of maps) world.san.unmap(map);
  world.san.igroups.delete(igroup.uuid);
  if (maps.length > 0) world.block.lunsChanged(igroup.svm);
  return { status: 200, body: {} };
}

export const igroupRoutes: readonly Route[] = [
  ...listing({
    collectionPath: path,
    instancePath: `${path}/{uuid}`,
    records: ({ world }) => [...world.san.igroups.values()].map((one) => igroupRecord(world, one)),
    always: ['uuid', 'name', 'svm.uuid', 'svm.name'],
    keys: { uuid: 'uuid' },
  }),
  { method: 'POST', path, handle: create },
  { method: 'PATCH', path: `${path}/{uuid}`, handle: modify },
  { method: 'DELETE', path: `${path}/{uuid}`, handle: remove },
];
