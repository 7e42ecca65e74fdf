import { textAt } from '../../json.ts';
import { isSyncKind, policyType } from '../mirror/mirror-policy.ts';
import type { Relation, Transfer } from '../mirror/relation.ts';
import { updateFailed } from '../mirror/transfer-plan.ts';
import { describeSource } from '../mirror/transfer-run.ts';
import { listing } from '../rest/collection.ts';
import { made } from '../rest/operation.ts';
import { type Call, param, type Reply, type Route } from '../rest/request.ts';
import { missingField, notFound, RestError } from '../rest/rest-error.ts';
import { groupRelationOf } from './group-relation-resources.ts';
import { transferRecord } from './relation-record.ts';
import { relationInPath } from './relation-resources.ts';

const transfersPath = '/snapmirror/relationships/{relationship.uuid}/transfers';

const allowedInCreate = ['source_snapshot', 'throttle', 'storage_efficiency_enabled'];

/** Initialise or update, as the relation's state has it. No job: the transfer itself is the thing to watch. */
async function create(call: Call): Promise<Reply> {
  const { body, world } = call;
  const isGroup = groupRelationOf(call, param(call, 'relationship.uuid')) !== undefined;
  if (isGroup) throw notForSync();
  const relation = relationInPath(call, 'relationship.uuid');
  if (isSyncKind(relation.policy.kind) && relation.state !== 'uninitialized') throw notForSync();
  for (const field of Object.keys(body))
    if (!allowedInCreate.includes(field))
      throw new RestError(400, 262197, `Field "${field}" is not supported in this operation`, field, [field]);
  const named = textAt(body, 'source_snapshot');
  if (relation.state === 'broken_off') throw updateFailed('The relationship is broken-off.');
  if (named !== undefined) await checkOnSource(call, relation, named);
  const throttle = Number(textAt(body, 'throttle') ?? 0);
  const transfer = world.engine.start(relation, { named, throttle });
  const location = `/api/snapmirror/relationships/${relation.uuid}/transfers/${transfer.uuid}`;
  return made(call, location, transferRecord(world, transfer));
}

const notForSync = () => updateFailed('The operation is not supported for synchronous relationships.');

/** A name that the source does not have is refused at once, if the source can be asked. */
async function checkOnSource(call: Call, relation: Relation, named: string): Promise<void> {
  const { engine } = call.world;
  const peer = engine.peers.of(relation.sourceSvm);
  if (!peer || engine.isBusy(relation)) return;
  const source = await describeSource(peer, relation).catch(() => undefined);
  if (source && !source.snapshots.some((one) => one.name === named))
    throw updateFailed(`Snapshot "${named}" not found on the source volume.`);
}

function modify(call: Call): Reply {
  const relation = relationInPath(call, 'relationship.uuid');
  const transfer = transfersOf(call, relation).find((one) => one.uuid === param(call, 'uuid'));
  if (!transfer) throw notFound('uuid');
  const state = textAt(call.body, 'state');
  if (state === undefined) throw missingField('state');
  if (policyType(relation.policy.kind) === 'sync')
    throw new RestError(400, 13303848, 'Transfers of synchronous relationships cannot be aborted.');
  if (state !== 'aborted' && state !== 'hard_aborted')
    throw new RestError(400, 262197, `The value "${state}" is invalid for field "state"`, 'state', [state]);
  call.world.engine.abort(transfer, state);
  return { status: 200, body: {} };
}

/** Listed ones, and for a PATCH also one that still waits in the queue. */
function transfersOf(call: Call, relation: Relation): Transfer[] {
  const listed = call.world.engine.listed(relation);
  const { transfer } = relation;
  return transfer?.state === 'queued' ? [...listed, transfer] : listed;
}

export const transferRoutes: readonly Route[] = [
  ...listing({
    collectionPath: transfersPath,
    instancePath: `${transfersPath}/{uuid}`,
    records: (call) => {
      if (groupRelationOf(call, param(call, 'relationship.uuid'))) return [];
      const relation = relationInPath(call, 'relationship.uuid');
      return call.world.engine.listed(relation).map((transfer) => transferRecord(call.world, transfer));
    },
    always: ['uuid', 'relationship.uuid'],
    keys: { 'relationship.uuid': 'relationship.uuid', uuid: 'uuid' },
    scope: 'relationship.destination.svm.uuid',
  }),
  { method: 'POST', path: transfersPath, handle: create },
  { method: 'PATCH', path: `${transfersPath}/{uuid}`, handle: modify },
];
