import { type JsonObject, objectAt, textAt } from '../../json.ts';
import { listing } from '../rest/collection.ts';
import { made } from '../rest/operation.ts';
import { type Call, param, type Reply, type Route } from '../rest/request.ts';
import { missingField, RestError } from '../rest/rest-error.ts';
import { checkIscsiName } from '../san/initiator-name.ts';
import type { ChapUser, IscsiCredential } from '../san/iscsi-service.ts';
import type { Svm } from '../storage/svm.ts';
import { svmOf } from './references.ts';
import { svmReference } from './svm-resources.ts';

const path = '/protocols/san/iscsi/credentials';
const everybody = 'default';

/** Passwords are never told. */
function credentialRecord(svm: Svm, { initiator, type, inbound, outbound }: IscsiCredential): JsonObject {
  return {
    svm: svmReference(svm),
    initiator,
    authentication_type: type,
    chap: inbound && {
      inbound: { user: inbound.user },
      outbound: outbound && { user: outbound.user },
    },
  };
}

interface Chap {
  readonly inbound: ChapUser | undefined;
  readonly outbound: ChapUser | undefined;
}

/** One direction of CHAP; what a body leaves out stays as it was. */
function userOf(body: JsonObject, direction: 'inbound' | 'outbound', former: ChapUser | undefined) {
  const given = objectAt(objectAt(body, 'chap'), direction);
  const user = textAt(given, 'user') ?? former?.user;
  const password = textAt(given, 'password') ?? former?.password;
  return { user, password };
}

function readChap(body: JsonObject, type: IscsiCredential['type'], former?: Chap): Chap {
  const given = objectAt(body, 'chap');
  if (type !== 'chap') {
    if (Object.keys(given).length > 0)
      throw new RestError(
        400,
        5374900,
        `Setting the CHAP authentication properties are not supported with authentication type "${type}".`,
        'chap',
      );
    return { inbound: undefined, outbound: undefined };
  }
  const inbound = userOf(body, 'inbound', former?.inbound);
  if (inbound.user === undefined || inbound.password === undefined)
    throw new RestError(
      400,
      5374149,
      'The inbound user and password properties are required for CHAP authentication.',
      'chap.inbound',
    );
  checkPassword(inbound.password, 'chap.inbound.password');
  const outbound = userOf(body, 'outbound', former?.outbound);
  const none = outbound.user === undefined || outbound.user === '';
  if (none) return { inbound: { user: inbound.user, password: inbound.password }, outbound: undefined };
  if (outbound.password === undefined)
    throw new RestError(400, 5374150, 'Outbound CHAP authentication requires an outbound password.');
  checkPassword(outbound.password, 'chap.outbound.password');
  if (outbound.password === inbound.password)
    throw new RestError(400, 5374147, 'The CHAP inbound and outbound passwords must be different.');
  return {
    inbound: { user: inbound.user, password: inbound.password },
    outbound: { user: outbound.user ?? '', password: outbound.password },
  };
}

function checkPassword(password: string, field: string): void {
  if (/^0x/i.test(password) && !/^0x([0-9a-f]{2})+$/i.test(password))
    throw new RestError(
      400,
      5374145,
      'The iSCSI security password must contain an even number of valid hex digits.',
      field,
    );
}

const typeOf = (body: JsonObject): IscsiCredential['type'] | undefined =>
  (['chap', 'none', 'deny'] as const).find((one) => one === body['authentication_type']);

function refuseAddresses(body: JsonObject): void {
  const field = 'initiator_address';
  if (body[field] !== undefined)
    throw new RestError(400, 262196, `Field "${field}" cannot be set in this simulator`, field, [field]);
}

function create(call: Call): Reply {
  const { body, world } = call;
  refuseAddresses(body);
  const svm = svmOf(call, body);
  const name = textAt(body, 'initiator');
  const type = typeOf(body);
  if (name === undefined) throw missingField('initiator');
  if (type === undefined) throw missingField('authentication_type');
  if (!world.san.services.has(svm))
    throw new RestError(404, 5374078, 'The iSCSI service does not exist.', 'svm');
  const initiator = name === everybody ? name : checkIscsiName(name);
  const all = world.san.credentials(svm);
  if (all.some((one) => one.initiator === initiator))
    throw new RestError(
      409,
      5374142,
      `An iSCSI security credential already exists for the initiator "${initiator}".`,
      'initiator',
      [initiator],
    );
  const credential: IscsiCredential = { initiator, type, ...readChap(body, type) };
  all.push(credential);
  const location = `/api${path}/${svm.uuid}/${encodeURIComponent(initiator)}`;
  return made(call, location, credentialRecord(svm, credential));
}

function credentialInPath(call: Call): { svm: Svm; credential: IscsiCredential } {
  const { cluster, san } = call.world;
  const svm = cluster.svms.find((one) => one.uuid === param(call, 'svm.uuid'));
  if (!svm || (call.session.svm && svm !== call.session.svm))
    throw new RestError(404, 2621462, 'An SVM with the specified UUID does not exist.', 'svm.uuid');
  const credential = san.credentials(svm).find((one) => one.initiator === param(call, 'initiator'));
  if (!credential)
    throw new RestError(
      404,
      5374895,
      'The iSCSI security credential does not exist on the specified SVM.',
      'initiator',
    );
  return { svm, credential };
}

function modify(call: Call): Reply {
  const { credential } = credentialInPath(call);
  refuseAddresses(call.body);
  const type = typeOf(call.body) ?? credential.type;
  const { inbound, outbound } = readChap(call.body, type, credential);
  credential.type = type;
  credential.inbound = inbound;
  credential.outbound = outbound;
  return { status: 200, body: {} };
}

function remove(call: Call): Reply {
  const { svm, credential } = credentialInPath(call);
  if (credential.initiator === everybody)
    throw new RestError(400, 5374155, 'The default security credential cannot be deleted.', 'initiator');
  const all = call.world.san.credentials(svm);
  all.splice(all.indexOf(credential), 1);
  return { status: 200, body: {} };
}

export const iscsiCredentialRoutes: readonly Route[] = [
  ...listing({
    collectionPath: path,
    instancePath: `${path}/{svm.uuid}/{initiator}`,
    records: ({ world }) =>
      [...world.san.services.keys()].flatMap((svm) =>
        world.san.credentials(svm).map((one) => credentialRecord(svm, one)),
      ),
    always: ['svm.uuid', 'initiator', 'svm.name'],
    keys: { 'svm.uuid': 'svm.uuid', initiator: 'initiator' },
  }),
  { method: 'POST', path, handle: create },
  { method: 'PATCH', path: `${path}/{svm.uuid}/{initiator}`, handle: modify },
  { method: 'DELETE', path: `${path}/{svm.uuid}/{initiator}`, handle: remove },
];
