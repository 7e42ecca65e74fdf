import { LeewardError } from '@leeward/core';
import { descriptorPlace } from './address.ts';
import type { FileDescriptor } from './file-descriptor.ts';
import { FlatDirectory } from './flat-directory.ts';
import type { Geometry } from './geometry.ts';
import { HashedDirectory } from './hashed-directory.ts';
import { fileType } from './layout.ts';
import type { MappedFile } from './resource-file.ts';

/** An entry as a directory has it. */
export interface RawEntry {
  readonly name: string;
  readonly type: number;
  readonly address: number;
  readonly generation: number;
}

export interface DirectoryInput {
  readonly content: MappedFile;
  readonly descriptor: FileDescriptor;
  readonly geometry: Geometry;
  readonly path: string;
  readonly volumeName: string;
  readonly maxEntries: number;
  readonly signal?: AbortSignal | undefined;
}

const knownTypes = new Set<number>(Object.values(fileType));

/** All entries but "." and "..", by name. `L-FMT-413` when the directory is damaged: it is never read in part. */
export async function readEntries(input: DirectoryInput): Promise<ReadonlyMap<string, RawEntry>> {
  const { path, volumeName, maxEntries, descriptor } = input;
  const damaged = (reason: string) =>
    new LeewardError('L-FMT-413', { directory: path || '/', volume: volumeName, reason });
  const directory =
    input.geometry.version === 6 ? new HashedDirectory(input, damaged) : new FlatDirectory(input, damaged);
  const entries = new Map<string, RawEntry>();
  let dots = 0;
  for await (const entry of directory.entries()) {
    const { name, type, address } = entry;
    if (!knownTypes.has(type) || !descriptorPlace(address))
      throw damaged(`the entry "${name}" has the type ${type} and the address ${address.toString(16)}`);
    if (name === '.' || name === '..') {
      dots++;
      if (name === '.' && address !== descriptor.address) throw damaged('its entry "." names another one');
      continue;
    }
    if (name === '' || name.includes('/') || name.includes('\ufffd'))
      throw damaged(`it has an entry without a possible name`);
    if (entries.has(name)) throw damaged(`it has the name "${name}" more than once`);
    if (entries.size >= maxEntries)
      throw new LeewardError('L-FMT-417', {
        file: path || '/',
        what: 'directory entries',
        limit: maxEntries,
      });
    entries.set(name, entry);
  }
  if (dots !== 2) throw damaged('its entries "." and ".." are not there');
  return entries;
}

/** The text up to the first NUL; with U+FFFD in it where it is not UTF-8. */
export function entryName(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}
