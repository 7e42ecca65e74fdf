import { idBytes, idToHex, isId } from '../crypto/sha256.ts';
import type { PackContent } from './pack-content.ts';
import type { BlobType } from './pack-header.ts';

/** Blobs in one index file: about 160 bytes of JSON each keeps it below 8 MiB. */
export const maxIndexBlobs = 45_000;

/** Why the bytes are not an index. Mapped to a catalogue error by the caller. */
export class IndexInvalid extends Error {
  override readonly name = 'IndexInvalid';
}

/** The JSON of an index file. `supersedes`: ids of index files whose packs it takes over, and that are to go. */
export function encodeIndex(packs: readonly PackContent[], supersedes: readonly string[] = []): Uint8Array {
  const head = supersedes.length > 0 ? `"supersedes":${JSON.stringify(supersedes)},` : '';
  return Buffer.from(`{${head}"packs":[${packs.map(encodePack).join(',')}]}`);
}

function encodePack(pack: PackContent): string {
  const blobs: string[] = [];
  for (let blob = 0; blob < pack.count; blob++) {
    const [offset, stored, plain = 0] = pack.places.subarray(blob * 3, blob * 3 + 3);
    const id = idToHex(pack.ids, blob * idBytes);
    const plainField = plain === 0 ? '' : `,"uncompressed_length":${plain}`;
    blobs.push(`{"id":"${id}","type":"${pack.type}","offset":${offset},"length":${stored}${plainField}}`);
  }
  return `{"id":"${pack.packId}","blobs":[${blobs.join(',')}]}`;
}

/**
 * Reads an index file of any writer. A pack that mixes data and trees (old versions of restic wrote such) is given
 * as two. Throws `IndexInvalid`.
 */
export function* parseIndex(json: Uint8Array): Iterable<PackContent> {
  const packs = field(parseJson(json), 'packs') ?? [];
  if (!Array.isArray(packs)) throw new IndexInvalid('no list of packs');
  for (const pack of packs) yield* parsePack(pack);
}

/** Ids of the index files that an index file says it replaces. Throws `IndexInvalid`. */
export function supersededBy(json: Uint8Array): readonly string[] {
  const ids = field(parseJson(json), 'supersedes') ?? [];
  if (!Array.isArray(ids) || !ids.every(isId)) throw new IndexInvalid('supersedes what is no id');
  return ids;
}

function parseJson(json: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString());
  } catch (error) {
    throw new IndexInvalid('not JSON', { cause: error });
  }
}

function* parsePack(pack: unknown): Iterable<PackContent> {
  const packId = field(pack, 'id');
  const blobs = field(pack, 'blobs') ?? [];
  if (!isId(packId) || !Array.isArray(blobs)) throw new IndexInvalid('a pack without id or blobs');
  for (const type of ['data', 'tree'] as const) {
    const ofType = blobs.filter((blob: unknown) => field(blob, 'type') === type);
    if (ofType.length > 0) yield packContent(packId, type, ofType);
  }
}

function packContent(packId: string, type: BlobType, blobs: readonly unknown[]): PackContent {
  const ids = Buffer.from(new ArrayBuffer(blobs.length * idBytes));
  const places = new Uint32Array(blobs.length * 3);
  let sizeBytes = 0;
  blobs.forEach((blob, index) => {
    const id = field(blob, 'id');
    if (!isId(id)) throw new IndexInvalid('a blob without id');
    ids.write(id, index * idBytes, 'hex');
    const offset = length(blob, 'offset');
    const stored = length(blob, 'length');
    places.set([offset, stored, length(blob, 'uncompressed_length')], index * 3);
    sizeBytes = Math.max(sizeBytes, offset + stored);
  });
  return { packId, sizeBytes, type, count: blobs.length, ids, places };
}

const maxLength = 0x7fffffff;

function length(blob: unknown, name: string): number {
  const value = field(blob, name) ?? 0;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > maxLength) {
    throw new IndexInvalid(`a blob with an invalid ${name}`);
  }
  return value;
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
