import { type JsonObject, objectAt, textAt } from '../../json.ts';
import { listing } from '../rest/collection.ts';
import { made } from '../rest/operation.ts';
import { type Call, param, type Reply, type Route } from '../rest/request.ts';
import { RestError } from '../rest/rest-error.ts';
import type { IscsiService } from '../san/iscsi-service.ts';
import type { Svm } from '../storage/svm.ts';
import { refuseOnAsaR2, svmOf } from './references.ts';
import { svmReference } from './svm-resources.ts';

const path = '/protocols/san/iscsi/services';

function serviceRecord(svm: Svm, { enabled, targetName, alias }: IscsiService): JsonObject {
  return { svm: svmReference(svm), enabled, target: { name: targetName, alias } };
}

function serviceInPath(call: Call): { svm: Svm; service: IscsiService } {
  const { cluster, san } = call.world;
  const svm = cluster.svms.find((one) => one.uuid === param(call, 'svm.uuid'));
  if (!svm || (call.session.svm && svm !== call.session.svm))
    throw new RestError(404, 2621462, 'An SVM with the specified UUID does not exist.', 'svm.uuid');
  const service = san.services.get(svm);
  if (!service) throw new RestError(404, 5374078, 'The SVM does not have an iSCSI service.', 'svm.uuid');
  return { svm, service };
}

function create(call: Call): Reply {
  refuseOnAsaR2(call, 5376452);
  const { body, world } = call;
  const svm = svmOf(call, body);
  if (world.san.services.has(svm))
    throw new RestError(409, 5374077, `An iSCSI service already exists for the SVM "${svm.name}".`, 'svm');
  if (!world.cluster.licenses.has('iscsi'))
    throw new RestError(400, 1115127, 'The cluster lacks a valid iSCSI license.');
  const alias = textAt(objectAt(body, 'target'), 'alias') ?? svm.name;
  const service = world.san.createService(svm, alias, body['enabled'] !== false);
  return made(call, `/api${path}/${svm.uuid}`, serviceRecord(svm, service));
}

function modify(call: Call): Reply {
  const { svm, service } = serviceInPath(call);
  const { body, world } = call;
  service.alias = textAt(objectAt(body, 'target'), 'alias') ?? service.alias;
  if (typeof body['enabled'] === 'boolean') service.enabled = body['enabled'];
  if (!service.enabled) world.block.drop(svm);
  return { status: 200, body: {} };
}

function remove(call: Call): Reply {
  refuseOnAsaR2(call, 5376452);
  const { svm, service } = serviceInPath(call);
  if (service.enabled)
    throw new RestError(
      409,
      5373960,
      'The iSCSI service is enabled. The iSCSI service must be disabled before it can be deleted.',
      'svm.uuid',
    );
  call.world.san.removeService(svm);
  return { status: 200, body: {} };
}

export const iscsiServiceRoutes: readonly Route[] = [
  ...listing({
    collectionPath: path,
    instancePath: `${path}/{svm.uuid}`,
    records: ({ world }) => [...world.san.services].map(([svm, service]) => serviceRecord(svm, service)),
    always: ['svm.uuid', 'svm.name'],
    keys: { 'svm.uuid': 'svm.uuid' },
  }),
  { method: 'POST', path, handle: create },
  { method: 'PATCH', path: `${path}/{svm.uuid}`, handle: modify },
  { method: 'DELETE', path: `${path}/{svm.uuid}`, handle: remove },
];
