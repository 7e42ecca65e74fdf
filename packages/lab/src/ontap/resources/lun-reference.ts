import { type JsonObject, objectAt, textAt } from '../../json.ts';
import type { Call } from '../rest/request.ts';
import { notFound, RestError } from '../rest/rest-error.ts';
import type { Lun } from '../san/lun.ts';
import type { Svm } from '../storage/svm.ts';
import type { Volume } from '../storage/volume.ts';
import { reference } from './references.ts';

/** Where a LUN lies: `/vol/<volume>[/.snapshot/<storage snapshot>]/<lun>`. */
export interface LunPath {
  readonly volume: string;
  readonly snapshot: string | undefined;
  readonly name: string;
}

const badName = (name: string): RestError =>
  new RestError(400, 5374352, `The LUN name "${name}" is invalid.`, 'name', [name]);

export function parseLunPath(path: string): LunPath {
  const parts = path.split('/');
  const [empty, vol, volume, ...rest] = parts;
  const name = rest.at(-1);
  if (empty !== '' || vol !== 'vol' || !volume || !name) throw badName(path);
  if (rest[0] === '.snapshot' && rest.length === 3) return { volume, snapshot: rest[1], name };
  if (rest.length === 2)
    throw new RestError(404, 5242927, `The specified qtree "${rest[0]}" was not found.`, 'name', [path]);
  if (rest.length !== 1) throw badName(path);
  return { volume, snapshot: undefined, name };
}

export function checkLunName(name: string): void {
  if (!/^[A-Za-z0-9._{}-]+$/.test(name))
    throw new RestError(
      400,
      5374121,
      'A LUN name can only contain characters A-Z, a-z, 0-9, "-", ".", "_", "{" and "}".',
      'name',
      [name],
    );
}

/** The LUN with the uuid of the path, within the caller's scope. */
export function lunByUuid(call: Call, uuid: string): Lun {
  const lun = call.world.san.luns.byUuid(uuid);
  if (!lun || (call.session.svm && lun.volume.svm !== call.session.svm)) throw notFound('uuid');
  return lun;
}

/** Volume and base name that a body gives by `name`, by `location`, or by both. */
export function placeOf(call: Call, svm: Svm, body: JsonObject): { volume: Volume; name: string } {
  const full = textAt(body, 'name');
  const path = full === undefined ? undefined : parseLunPath(full);
  if (path?.snapshot !== undefined)
    throw new RestError(400, 5374238, 'LUNs cannot be created in Snapshot copies.', 'name');
  const base = textAt(body, 'location.logical_unit');
  if (path && base !== undefined && base !== path.name)
    throw new RestError(
      400,
      5374861,
      'The LUN base name specified by "name" is not the same as that specified by "location.logical_unit".',
      'name',
    );
  const name = path?.name ?? base;
  const volume = volumeIn(call, svm, body, path?.volume);
  if (name === undefined)
    throw new RestError(400, 5374862, 'No LUN path base name was provided for the LUN.', 'name');
  return { volume, name };
}

function volumeIn(call: Call, svm: Svm, body: JsonObject, named: string | undefined): Volume {
  const { cluster } = call.world;
  const given = reference(objectAt(body, 'location'), 'volume');
  const byUuid = given?.uuid === undefined ? undefined : cluster.volumes.get(given.uuid);
  if (byUuid && given?.name !== undefined && byUuid.name !== given.name)
    throw new RestError(
      400,
      918236,
      'The specified "location.volume.uuid" and "location.volume.name" do not refer to the same volume.',
      'location.volume',
    );
  const locationName = byUuid?.name ?? given?.name;
  if (named !== undefined && locationName !== undefined && named !== locationName)
    throw new RestError(
      400,
      5374858,
      'The volume specified by "name" is not the same as that specified by "location.volume".',
      'name',
    );
  const wanted = named ?? locationName ?? given?.uuid;
  if (wanted === undefined)
    throw new RestError(400, 5374859, 'No volume was specified for the LUN.', 'location.volume');
  const found = byUuid ?? cluster.volume(svm, wanted);
  if (!found || found.svm !== svm || found.inRecoveryQueue)
    throw new RestError(404, 917927, `The specified volume "${wanted}" was not found.`, 'location.volume');
  return found;
}
