import type { JsonObject } from '../../json.ts';
import { type Answer, LinkServer } from '../../link/link-server.ts';
import type { Group } from '../model/group.ts';
import type { Partner } from '../model/objects.ts';
import { ApiError } from '../rest/api-error.ts';
import type { Ownership } from './ownership.ts';
import { type Hello, type ReplicationRequest, requestSchema } from './protocol.ts';
import type { Receiver } from './receiver.ts';

export interface ReplicationDoorDeps {
  readonly group: Group;
  readonly receiver: Receiver;
  ownership(): Ownership;
  /** The downstream partner asks for a snapshot collection here. */
  takeCollection(lineage: string, data: JsonObject): void;
}

/** Answers groups that are partners here and know the shared secret; others are cut off. */
export class ReplicationDoor extends LinkServer<Partner, ReplicationRequest> {
  constructor(deps: ReplicationDoorDeps) {
    super({
      parse: (request) => requestSchema.safeParse(request).data,
      admit: (request) => (request.method === 'hello' ? admitted(deps.group, request) : undefined),
      answer: (partner, request, body) => answer(deps, partner, request, body),
      refusal: (error) => ({
        code: error instanceof ApiError ? error.code : 'SM_eunexpected',
        message: error instanceof Error ? error.message : 'failed',
      }),
    });
  }
}

function admitted(group: Group, { groupName, secret }: Hello): Partner | undefined {
  const partner = group.partnerNamed(groupName);
  return partner?.secret === secret ? partner : undefined;
}

async function answer(
  deps: ReplicationDoorDeps,
  partner: Partner,
  request: ReplicationRequest,
  body: Buffer,
): Promise<Answer> {
  const { group, receiver } = deps;
  if (!group.partners.has(partner.id)) throw new ApiError(409, 'SM_no_such_partner', 'No such partner.');
  switch (request.method) {
    case 'hello': {
      const { name, uid, leader } = group;
      return { result: { groupName: name, groupUid: uid, arraySerial: leader.serial } };
    }
    case 'configure':
      return { result: receiver.configure(partner, request) };
    case 'begin':
      return { result: receiver.begin(partner, request) };
    case 'write':
      return { result: receiver.write(partner, request, body) };
    case 'commit':
      return { result: receiver.commit(partner, request) };
    case 'abandon':
      return { result: receiver.abandon(request.snapshot) };
    case 'takeOver':
      deps.ownership().takeOver(partner, request.collection, request.reverse);
      return { result: {} };
    case 'takeCollection':
      deps.takeCollection(request.collection, jsonOf(request.data));
      return { result: {} };
  }
}

const jsonOf = (data: Record<string, unknown>): JsonObject => JSON.parse(JSON.stringify(data));
