import { listing } from '../rest/collection.ts';
import { made } from '../rest/operation.ts';
import { type Call, flag, param, type Reply, type Route } from '../rest/request.ts';
import { RestError } from '../rest/rest-error.ts';
import { hasInitiator, type Igroup, type IgroupInitiator } from '../san/igroup.ts';
import type { LunMap } from '../san/san.ts';
import { checkOsType, igroupInPath, initiatorRecord, readInitiators } from './igroup-resources.ts';

const path = '/protocols/san/igroups/{igroup.uuid}/initiators';

const recordOf = (igroup: Igroup, initiator: IgroupInitiator) => ({
  ...initiatorRecord(initiator),
  igroup: { name: igroup.name, uuid: igroup.uuid },
});

function add(call: Call): Reply {
  const igroup = igroupInPath(call, 'igroup.uuid');
  const { body, world } = call;
  const { svm, osType } = igroup;
  const several = body['records'];
  const initiators = readInitiators(several ?? (body['name'] === undefined ? [] : [body]), igroup.protocol);
  const [first] = initiators;
  if (!first) throw new RestError(400, 5374033, 'Initiators must be supplied.', 'name');
  for (const { name } of initiators) {
    if (hasInitiator(igroup, name))
      throw new RestError(
        409,
        5374035,
        `Initiator "${name}" is already in the initiator group "${igroup.name}".`,
        'name',
        [name, igroup.name],
      );
    checkNoClash(world.san.mapsOfIgroup(igroup), mapsOf(call, igroup, name), name);
  }
  checkOsType(call, { svm, osType, initiators, code: 5374734 });
  igroup.initiators.push(...initiators);
  world.block.lunsChanged(svm);
  const location = `/api/protocols/san/igroups/${igroup.uuid}/initiators?name=${encodeURIComponent(first.name)}`;
  return made(call, location, recordOf(igroup, first));
}

/** What an initiator sees through the groups that it is in already. */
function mapsOf({ world }: Call, igroup: Igroup, name: string): LunMap[] {
  return world.san.igroupsOf(igroup.svm, name).flatMap((one) => world.san.mapsOfIgroup(one));
}

function checkNoClash(coming: readonly LunMap[], there: readonly LunMap[], name: string): void {
  if (coming.some((map) => there.some((other) => other.lun === map.lun)))
    throw new RestError(
      409,
      1254193,
      `Adding initiator "${name}" would cause it to be mapped to the same LUN more than once.`,
      'name',
      [name],
    );
  if (coming.some((map) => there.some((other) => other.number === map.number)))
    throw new RestError(
      409,
      1254324,
      `Adding initiator "${name}" would cause it to have the same logical unit number for multiple LUN maps.`,
      'name',
      [name],
    );
}

function remove(call: Call): Reply {
  const igroup = igroupInPath(call, 'igroup.uuid');
  const { world } = call;
  const name = param(call, 'name').toLowerCase();
  if (!hasInitiator(igroup, name))
    throw new RestError(
      404,
      5374034,
      `Initiator "${name}" is not in the initiator group "${igroup.name}".`,
      'name',
      [name, igroup.name],
    );
  const isMapped = world.san.mapsOfIgroup(igroup).length > 0;
  if (isMapped && !flag(call, 'allow_delete_while_mapped'))
    throw new RestError(
      409,
      1254213,
      `The initiator group "${igroup.name}" is mapped: its initiators are removed only with the "allow_delete_while_mapped" query parameter.`,
      'name',
      [name, igroup.name],
    );
  igroup.initiators = igroup.initiators.filter((one) => one.name !== name);
  if (isMapped) world.block.lunsChanged(igroup.svm);
  return { status: 200, body: {} };
}

export const initiatorRoutes: readonly Route[] = [
  ...listing({
    collectionPath: path,
    instancePath: `${path}/{name}`,
    records: (call) => {
      const igroup = igroupInPath(call, 'igroup.uuid');
      return igroup.initiators.map((one) => recordOf(igroup, one));
    },
    always: ['igroup.uuid', 'igroup.name', 'name'],
    keys: { 'igroup.uuid': 'igroup.uuid', name: 'name' },
  }),
  { method: 'POST', path, handle: add },
  { method: 'DELETE', path: `${path}/{name}`, handle: remove },
];
