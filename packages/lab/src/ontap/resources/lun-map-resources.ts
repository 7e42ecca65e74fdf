import { type JsonObject, textAt } from '../../json.ts';
import { listing } from '../rest/collection.ts';
import { made } from '../rest/operation.ts';
import { type Call, param, type Reply, type Route } from '../rest/request.ts';
import { RestError } from '../rest/rest-error.ts';
import type { Igroup } from '../san/igroup.ts';
import { type Lun, lunPath } from '../san/lun.ts';
import type { LunMap } from '../san/san.ts';
import type { ClusterNode } from '../storage/cluster.ts';
import type { Svm } from '../storage/svm.ts';
import type { World } from '../world.ts';
import { parseLunPath } from './lun-reference.ts';
import { reference, svmOf } from './references.ts';
import { svmReference } from './svm-resources.ts';

const path = '/protocols/san/lun-maps';
const nodesPath = `${path}/{lun.uuid}/{igroup.uuid}/reporting-nodes`;

const nodeReference = ({ name, uuid }: ClusterNode): JsonObject => ({ name, uuid });

export function lunMapRecord({ san }: World, { lun, igroup, number, reportingNodes }: LunMap): JsonObject {
  const [node] = san.luns.nodes(lun);
  const initiators = igroup.initiators.map(({ name }) => name);
  return {
    svm: svmReference(igroup.svm),
    lun: { uuid: lun.uuid, name: lunPath(lun), node: node && nodeReference(node) },
    igroup: {
      uuid: igroup.uuid,
      name: igroup.name,
      os_type: igroup.osType,
      protocol: igroup.protocol,
      initiators: initiators.length > 0 ? initiators : undefined,
    },
    logical_unit_number: number,
    reporting_nodes: reportingNodes.map(nodeReference),
  };
}

function lunOf(call: Call, svm: Svm, body: JsonObject): Lun {
  const { san } = call.world;
  const wanted = reference(body, 'lun');
  if (!wanted)
    throw new RestError(
      400,
      5374901,
      'Either "lun.uuid" or "lun.name" must be provided to create a LUN map.',
      'lun',
    );
  if (wanted.name !== undefined && parseLunPath(wanted.name).snapshot !== undefined)
    throw new RestError(
      400,
      5374238,
      'The operation is not allowed on a LUN in a Snapshot copy.',
      'lun.name',
    );
  const byName = wanted.name === undefined ? undefined : san.luns.byPath(svm, wanted.name);
  const byUuid = wanted.uuid === undefined ? undefined : san.luns.byUuid(wanted.uuid);
  const lun = wanted.uuid === undefined ? byName : byUuid;
  const disagree = wanted.uuid !== undefined && wanted.name !== undefined && byName !== byUuid;
  if (!lun || lun.volume.svm !== svm || disagree)
    throw new RestError(404, 1254201, `LUN "${wanted.name ?? wanted.uuid}" does not exist.`, 'lun', [
      wanted.name ?? wanted.uuid ?? '',
    ]);
  return lun;
}

function igroupOf(call: Call, svm: Svm, body: JsonObject): Igroup {
  const { san } = call.world;
  const wanted = reference(body, 'igroup');
  if (!wanted)
    throw new RestError(
      400,
      5374902,
      'Either "igroup.uuid" or "igroup.name" must be provided to create a LUN map.',
      'igroup',
    );
  const byName = wanted.name === undefined ? undefined : san.igroupNamed(svm, wanted.name);
  const byUuid = wanted.uuid === undefined ? undefined : san.igroups.get(wanted.uuid);
  const igroup = wanted.uuid === undefined ? byName : byUuid;
  const disagree = wanted.uuid !== undefined && wanted.name !== undefined && byName !== byUuid;
  if (!igroup || igroup.svm !== svm || disagree) throw noIgroup();
  return igroup;
}

const noIgroup = (): RestError =>
  new RestError(
    404,
    5374878,
    'The specified initiator group does not exist, is not accessible to the caller, or is not in the same SVM as the specified LUN.',
    'igroup',
  );

function create(call: Call): Reply {
  const { body, world, query } = call;
  const { san } = world;
  const svm = svmOf(call, body);
  const lun = lunOf(call, svm, body);
  const igroup = igroupOf(call, svm, body);
  if (lun.volume.state !== 'online')
    throw new RestError(400, 5374866, `Volume "${lun.volume.name}" of the LUN is offline.`, 'lun');
  if (san.mapsOfLun(lun).some((one) => one.igroup === igroup))
    throw new RestError(
      409,
      1254207,
      `LUN "${lunPath(lun)}" is already mapped to the initiator group "${igroup.name}".`,
      'lun',
      [lunPath(lun), igroup.name],
    );
  const extra = nodeNamed(world, {
    name: query.get('additional_reporting_node.name') ?? undefined,
    uuid: query.get('additional_reporting_node.uuid') ?? undefined,
  });
  checkPaths(world, lun, igroup, extra);
  const number = numberFor(call, lun, igroup);
  const map = san.map(lun, igroup, number);
  if (extra) addNode(world, map, extra);
  world.block.lunsChanged(svm);
  const location = `/api${path}/${lun.uuid}/${igroup.uuid}`;
  return made(call, location, lunMapRecord(world, map));
}

/** Some node that offers the LUN needs an interface of the group's protocol in the SVM. */
function checkPaths({ san }: World, lun: Lun, igroup: Igroup, extra: ClusterNode | undefined): void {
  if (igroup.protocol === 'fcp')
    throw new RestError(
      400,
      5374584,
      'The nodes have no interface configured with the Fibre Channel protocol for the specified SVM.',
    );
  const nodes = [...san.luns.nodes(lun), ...(extra ? [extra] : [])];
  const reachable = igroup.svm.lifs.some(
    (lif) => lif.config.services.includes('data_iscsi') && nodes.includes(lif.node),
  );
  if (reachable) return;
  const code = igroup.protocol === 'mixed' ? 5374574 : 5374582;
  throw new RestError(
    400,
    code,
    `The nodes ${nodes.map(({ name }) => name).join(', ')} have no interface configured with the iSCSI protocol for the specified SVM.`,
  );
}

/** The number asked for, or the lowest that no initiator of the group uses. */
function numberFor({ body, world }: Call, lun: Lun, igroup: Igroup): number {
  const beside = world.san.mapsBeside(igroup);
  if (beside.some((one) => one.lun === lun))
    throw new RestError(
      409,
      1254193,
      `LUN "${lunPath(lun)}" is already mapped to an initiator of the initiator group "${igroup.name}" through another group.`,
      'igroup',
      [lunPath(lun), igroup.name],
    );
  const asked = textAt(body, 'logical_unit_number');
  if (asked !== undefined) {
    const taken = beside.find((one) => one.number === Number(asked));
    if (taken)
      throw new RestError(
        409,
        1254324,
        `Logical unit number ${asked} is already used for LUN "${lunPath(taken.lun)}" in the initiator group "${taken.igroup.name}".`,
        'logical_unit_number',
        [asked],
      );
    return Number(asked);
  }
  const free = world.san.freeNumber(igroup);
  if (free === undefined)
    throw new RestError(409, 1254324, 'All logical unit numbers of the initiator group are in use.');
  return free;
}

function nodeNamed({ cluster }: World, wanted: { name: string | undefined; uuid: string | undefined }) {
  const { name, uuid } = wanted;
  if (name === undefined && uuid === undefined) return undefined;
  const byName = cluster.nodes.find((one) => one.name === name);
  const byUuid = cluster.nodes.find((one) => one.uuid === uuid);
  const node = byUuid ?? byName;
  if (!node) throw new RestError(404, 5374920, 'The specified cluster node does not exist.', 'node');
  if (name !== undefined && uuid !== undefined && byName !== byUuid)
    throw new RestError(
      400,
      5374921,
      'The specified cluster node name and UUID do not refer to the same node.',
    );
  return node;
}

/** A node comes with its partner. */
function addNode({ cluster }: World, map: LunMap, node: ClusterNode): void {
  const at = cluster.nodes.indexOf(node);
  const pair = [node, cluster.nodes[at % 2 === 0 ? at + 1 : at - 1]].filter((one) => one !== undefined);
  map.reportingNodes = [...new Set([...map.reportingNodes, ...pair])];
}

/** The mapping whose LUN and group are in the path. */
function mapInPath(call: Call): LunMap {
  const { san } = call.world;
  const lun = san.luns.byUuid(param(call, 'lun.uuid'));
  const scope = call.session.svm;
  if (!lun || (scope && lun.volume.svm !== scope))
    throw new RestError(
      404,
      5374875,
      'The specified LUN does not exist or is not accessible to the caller.',
      'lun.uuid',
    );
  const igroup = san.igroups.get(param(call, 'igroup.uuid'));
  if (!igroup || igroup.svm !== lun.volume.svm) throw noIgroup();
  const map = san.mapsOfLun(lun).find((one) => one.igroup === igroup);
  if (!map) throw new RestError(404, 5374922, 'The specified LUN map does not exist.');
  return map;
}

function remove(call: Call): Reply {
  const map = mapInPath(call);
  call.world.san.unmap(map);
  call.world.block.lunsChanged(map.igroup.svm);
  return { status: 200, body: {} };
}

function addReportingNode(call: Call): Reply {
  const { world, body } = call;
  const map = mapInPath(call);
  const name = textAt(body, 'name');
  const node = nodeNamed(world, { name, uuid: textAt(body, 'uuid') });
  if (!node) throw new RestError(400, 5374920, 'A cluster node must be specified.', 'name');
  if (map.reportingNodes.includes(node))
    throw new RestError(409, 5374923, 'The cluster node is already a reporting node of the LUN map.', 'name');
  addNode(world, map, node);
  return made(call, `/api${path}/${map.lun.uuid}/${map.igroup.uuid}/reporting-nodes/${node.uuid}`, {
    ...nodeReference(node),
    lun: { uuid: map.lun.uuid },
    igroup: { uuid: map.igroup.uuid },
  });
}

export const lunMapRoutes: readonly Route[] = [
  ...listing({
    collectionPath: path,
    instancePath: `${path}/{lun.uuid}/{igroup.uuid}`,
    records: ({ world }) => world.san.maps().map((one) => lunMapRecord(world, one)),
    always: ['lun.uuid', 'igroup.uuid', 'svm.uuid', 'svm.name', 'lun.name', 'igroup.name'],
    keys: { 'lun.uuid': 'lun.uuid', 'igroup.uuid': 'igroup.uuid' },
  }),
  { method: 'POST', path, handle: create },
  { method: 'DELETE', path: `${path}/{lun.uuid}/{igroup.uuid}`, handle: remove },
  ...listing({
    collectionPath: nodesPath,
    records: (call) => mapInPath(call).reportingNodes.map(nodeReference),
    always: ['uuid', 'name'],
    keys: { uuid: 'uuid' },
  }),
  { method: 'POST', path: nodesPath, handle: addReportingNode },
];
