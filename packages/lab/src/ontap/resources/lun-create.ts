import { isObject, type JsonObject, objectAt, textAt } from '../../json.ts';
import { spaceLimit } from '../../storage/chunk-store.ts';
import { operate } from '../rest/operation.ts';
import type { Call, Reply } from '../rest/request.ts';
import { RestError } from '../rest/rest-error.ts';
import { lunContent, lunPath } from '../san/lun.ts';
import type { Inode } from '../storage/file-tree.ts';
import { type LunFacts, lunOsTypes } from '../storage/lun.ts';
import type { Svm } from '../storage/svm.ts';
import type { Volume } from '../storage/volume.ts';
import { lunRecord } from './lun-record.ts';
import { checkLunName, parseLunPath, placeOf } from './lun-reference.ts';
import { refuseOnAsaR2, svmOf } from './references.ts';

/** Not simulated: what a backup never asks for. */
const unsupported = [
  'copy',
  'convert',
  'movement',
  'provisioning_options',
  'qos_policy',
  'vvol',
  'encryption',
];
const blockBytes = 4096;

/** The size that a LUN really gets. */
export const wholeBlocks = (sizeBytes: number): number => Math.ceil(sizeBytes / blockBytes) * blockBytes;

export function createLun(call: Call): Promise<Reply> {
  refuseOnAsaR2(call, 5376452);
  const { body, world } = call;
  const { san } = world;
  for (const field of unsupported)
    if (body[field] !== undefined)
      throw new RestError(400, 262196, `Field "${field}" cannot be set in this simulator`, field, [field]);
  const svm = svmOf(call, body);
  const { volume, name } = placeOf(call, svm, body);
  checkLunName(name);
  const path = `/vol/${volume.name}/${name}`;
  checkHome(volume, svm);
  const clone = objectAt(objectAt(body, 'clone'), 'source');
  const isClone = clone['name'] !== undefined || clone['uuid'] !== undefined;
  const prepare = isClone ? prepareClone(call, svm, volume, clone) : preparePlain(call, volume);
  const enabled = body['enabled'] !== false;
  checkFree(call, svm, path, isClone);
  return operate(call, {
    svm,
    location: `/api/storage/luns/?name=${encodeURIComponent(path)}&svm.name=${encodeURIComponent(svm.name)}`,
    run: () => {
      checkHome(volume, svm);
      checkFree(call, svm, path, isClone);
      const { facts, ...rest } = prepare();
      const createMs = world.cluster.clock.now();
      const lun = san.luns.create(volume, { ...rest, facts: { ...facts, name, createMs } });
      lun.enabled = enabled;
      return lunRecord(world, lun);
    },
  });
}

function checkHome(volume: Volume, svm: Svm): void {
  if (volume === svm.root)
    throw new RestError(400, 5374237, 'LUNs cannot be created on an SVM root volume.', 'location.volume');
  if (volume.type !== 'rw')
    throw new RestError(
      400,
      5374129,
      `LUNs cannot be created on volume "${volume.name}": it is a data protection volume.`,
      'location.volume',
    );
  if (volume.state !== 'online')
    throw new RestError(400, 917775, `Volume "${volume.name}" is not online.`, 'location.volume');
}

function checkFree({ world }: Call, svm: Svm, path: string, isClone: boolean): void {
  if (world.san.luns.byPath(svm, path))
    throw new RestError(
      409,
      isClone ? 1260136 : 5374242,
      `A LUN or NVMe namespace already exists at the path "${path}" in SVM "${svm.name}".`,
      'name',
      [path, svm.name],
    );
}

type Prepared = () => {
  readonly facts: Omit<LunFacts, 'name' | 'createMs'>;
  readonly sizeBytes: number;
  readonly source?: Inode | undefined;
};

function preparePlain({ body }: Call, volume: Volume): Prepared {
  const osType = lunOsTypes.find((one) => one === body['os_type']);
  const size = Number(textAt(body, 'space.size') ?? Number.NaN);
  if (osType === undefined) throw required('os_type');
  if (Number.isNaN(size)) throw required('space.size');
  const isSpaceReserved = textAt(body, 'space.guarantee.requested') === 'true';
  return () => {
    const sizeBytes = wholeBlocks(size);
    if (isSpaceReserved && volume.account.usedBytes + sizeBytes > spaceLimit(volume.account))
      throw new RestError(
        400,
        524479,
        `No space left on volume "${volume.name}" for a LUN of ${size} bytes.`,
      );
    const comment = textAt(body, 'comment') ?? '';
    return { sizeBytes, facts: { osType, comment, isSpaceReserved, attributes: attributesOf(body) } };
  };
}

const required = (field: string): RestError =>
  new RestError(
    400,
    5374884,
    'A property that is required when creating a new LUN that is not a LUN clone or LUN copy was not supplied.',
    field,
    [field],
  );

export function attributesOf(body: JsonObject): LunFacts['attributes'] {
  const given = body['attributes'];
  const attributes = (Array.isArray(given) ? given : []).filter(isObject).map((one) => {
    const { name, value } = one;
    if (name === undefined || value === undefined)
      throw new RestError(
        400,
        5374928,
        'An incomplete attribute name/value pair was supplied.',
        'attributes',
      );
    return { name: String(name), value: String(value) };
  });
  const names = new Set(attributes.map(({ name }) => name));
  if (names.size < attributes.length)
    throw new RestError(400, 5374932, 'A name for an attribute was duplicated.', 'attributes');
  return attributes;
}

function prepareClone(call: Call, svm: Svm, volume: Volume, source: JsonObject): Prepared {
  const { body, world } = call;
  const given = [
    ['os_type', body['os_type']],
    ['space.size', textAt(body, 'space.size')],
    ['attributes', body['attributes']],
  ] as const;
  for (const [field, value] of given)
    if (value !== undefined)
      throw new RestError(
        400,
        5374883,
        'The property cannot be specified when creating a LUN clone.',
        field,
        [field],
      );
  const find = () => cloneSource(call, svm, source);
  if (find().volume !== volume)
    throw new RestError(400, 1260121, 'A LUN cannot be cloned across volumes.', 'clone.source');
  const reserved = textAt(body, 'space.guarantee.requested');
  return () => {
    if (!world.cluster.licenses.has('flexclone'))
      throw new RestError(400, 13565952, 'The LUN clone request failed: FlexClone is not licensed.');
    const { inode, facts } = find();
    const isSpaceReserved = reserved === undefined ? facts.isSpaceReserved : reserved === 'true';
    const comment = textAt(body, 'comment') ?? '';
    return { sizeBytes: inode.facts.sizeBytes, source: inode, facts: { ...facts, isSpaceReserved, comment } };
  };
}

/** A LUN, or one in a storage snapshot, which goes by name only. */
function cloneSource({ world }: Call, svm: Svm, source: JsonObject) {
  const { san, cluster } = world;
  const name = textAt(source, 'name');
  const uuid = textAt(source, 'uuid');
  const missing = (code: number) =>
    new RestError(404, code, 'The specified "clone.source" was not found.', 'clone.source', [
      name ?? uuid ?? '',
    ]);
  const path = name === undefined ? undefined : parseLunPath(name);
  if (path?.snapshot !== undefined) {
    if (uuid !== undefined)
      throw new RestError(
        400,
        5374899,
        'The "clone.source.uuid" property is not supported when specifying a source LUN from a Snapshot copy.',
        'clone.source.uuid',
      );
    const volume = cluster.volume(svm, path.volume);
    const tree = volume?.snapshots.find((one) => one.name === path.snapshot)?.tree;
    const inode = [...(tree?.luns() ?? [])]
      .map((id) => tree?.get(id))
      .find((one) => one?.facts.lun?.name === path.name);
    if (!volume || !inode?.facts.lun) throw missing(5374876);
    return { volume, inode, facts: inode.facts.lun };
  }
  const byName = name === undefined ? undefined : san.luns.byPath(svm, name);
  const byUuid = uuid === undefined ? undefined : san.luns.byUuid(uuid);
  if (name !== undefined && uuid !== undefined && byUuid && byName !== byUuid)
    throw new RestError(
      400,
      5374874,
      'The specified "clone.source.uuid" and "clone.source.name" do not refer to the same LUN.',
      'clone.source',
    );
  const lun = byUuid ?? byName;
  const content = lun && lunContent(lun);
  if (!lun || !content || lun.volume.svm !== svm) throw missing(uuid === undefined ? 5374876 : 5374875);
  return { volume: lun.volume, inode: content.inode, facts: content.facts, path: lunPath(lun) };
}
