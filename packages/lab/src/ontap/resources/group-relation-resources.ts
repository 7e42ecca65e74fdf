import type { JsonObject } from '../../json.ts';
import type { GroupRelation, RelationState } from '../mirror/relation.ts';
import { changeState } from '../mirror/relation-states.ts';
import type { Call } from '../rest/request.ts';
import { notFound } from '../rest/rest-error.ts';
import type { World } from '../world.ts';
import { relationRecord } from './relation-record.ts';

/** As bad as its worst volume. */
const worstFirst: readonly RelationState[] = [
  'uninitialized',
  'broken_off',
  'paused',
  'out_of_sync',
  'synchronizing',
];

/** A relation between consistency groups, as the destination's cluster shows it. */
export function groupRelationRecord(world: World, group: GroupRelation): JsonObject {
  const { members } = group;
  const [first] = members;
  if (!first) throw new Error('a relation between groups without volumes');
  const worst = worstFirst.find((state) => members.some((member) => member.state === state));
  const shown = members.find((member) => member.state === worst) ?? first;
  const record = relationRecord(world, shown);
  const names = (list: readonly string[]) => list.map((name) => ({ name }));
  return {
    ...record,
    uuid: group.uuid,
    source: {
      ...objectOf(record['source']),
      path: `${group.sourceSvm.alias}:${group.source}`,
      consistency_group_volumes: names(members.map(({ sourceVolume }) => sourceVolume)),
    },
    destination: {
      ...objectOf(record['destination']),
      path: `${group.svm.name}:${group.destination}`,
      // In another order: that equal places belong together is documented for creating a relation only.
      consistency_group_volumes: names(members.map(({ destination }) => destination.name).reverse()),
    },
    group_type: 'consistency_group',
  };
}

export function groupRelationOf(call: Call, uuid: string): GroupRelation | undefined {
  const group = call.world.engine.groupRelations.get(uuid);
  const { svm } = call.session;
  if (group && svm && group.svm !== svm) throw notFound('uuid');
  return group;
}

export async function changeGroupState(world: World, group: GroupRelation, wanted: string): Promise<void> {
  for (const member of group.members) await changeState(world.engine, member, wanted, undefined);
}

const objectOf = (value: JsonObject[string]): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
