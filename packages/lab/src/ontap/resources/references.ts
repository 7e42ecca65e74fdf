import { type JsonObject, objectAt, textAt } from '../../json.ts';
import type { Call } from '../rest/request.ts';
import { RestError } from '../rest/rest-error.ts';
import type { Svm } from '../storage/svm.ts';
import type { Volume } from '../storage/volume.ts';

/** The SVM that a body or the caller's scope names. */
export function svmOf(call: Call, body: JsonObject): Svm {
  const { cluster } = call.world;
  const name = textAt(body, 'svm.name');
  const uuid = textAt(body, 'svm.uuid');
  const scope = call.session.svm;
  if (name === undefined && uuid === undefined) {
    if (scope) return scope;
    throw new RestError(400, 2621707, 'No SVM was specified. Specify "svm.name" or "svm.uuid".', 'svm');
  }
  const byName = name === undefined ? undefined : cluster.svm(name);
  const byUuid = uuid === undefined ? undefined : cluster.svms.find((svm) => svm.uuid === uuid);
  if (name !== undefined && uuid !== undefined && byName && byUuid && byName !== byUuid)
    throw new RestError(
      400,
      2621706,
      'The specified "svm.uuid" and "svm.name" refer to different SVMs.',
      'svm',
    );
  const svm = byUuid ?? byName;
  if (!svm || (uuid !== undefined && !byUuid) || (scope && svm !== scope))
    throw new RestError(404, 2621462, `SVM "${name ?? uuid}" does not exist.`, 'svm');
  return svm;
}

/** The volume with the uuid of the path, within the caller's scope. */
export function volumeByUuid(call: Call, uuid: string, missing: () => RestError): Volume {
  const volume = call.world.cluster.volumes.get(uuid);
  const hidden = !volume || volume.inRecoveryQueue || (call.session.svm && volume.svm !== call.session.svm);
  if (hidden) throw missing();
  return volume;
}

export interface Reference {
  readonly name: string | undefined;
  readonly uuid: string | undefined;
}

export function reference(body: JsonObject, field: string): Reference | undefined {
  const found = objectAt(body, field);
  const { name, uuid } = found;
  if (name === undefined && uuid === undefined) return undefined;
  return {
    name: name === undefined ? undefined : String(name),
    uuid: uuid === undefined ? undefined : String(uuid),
  };
}

/** Volume writes are refused on systems without volumes. */
export function refuseOnAsaR2(call: Call, code: number): void {
  if (call.world.cluster.config.cluster.variant === 'asa-r2')
    throw new RestError(400, code, 'The operation is not supported on this platform.');
}
