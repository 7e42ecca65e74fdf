import { LeewardError } from '@leeward/core';
import type { LunReader } from '../lun-reader.ts';
import { type OpenVmfsOptions, openVmfs } from '../open-vmfs.ts';
import type { VmfsVolume } from '../vmfs-volume.ts';

/** What a reader says of one path: or the code of the error that it names. */
export interface Finding {
  readonly error?: string;
  readonly type?: string;
  readonly sizeBytes?: number;
  readonly names?: string;
  /** Where there is data, by byte ranges of the file: what is not in it reads as zeros. */
  readonly data?: string;
  /** The same with the places on the LUNs. */
  readonly places?: string;
}

export type Survey = ReadonlyMap<string, Finding>;

/** Everything that a reader finds at these paths. Errors that are not of the catalogue are thrown on. */
export async function survey(
  luns: readonly LunReader[],
  paths: readonly string[],
  options: OpenVmfsOptions = {},
): Promise<Survey> {
  const found = new Map<string, Finding>();
  const opened = await orError(() => openVmfs(luns, options));
  for (const path of paths)
    found.set(path, typeof opened === 'string' ? { error: opened } : await findingOf(opened, path));
  return found;
}

async function findingOf(volume: VmfsVolume, path: string): Promise<Finding> {
  const result = await orError(async (): Promise<Finding> => {
    const { type, sizeBytes } = await volume.stat(path);
    if (type === 'directory' || path === '.sdd.sf') {
      const names = (await volume.readDirectory(path)).map((each) => `${each.type} ${each.name}`).join('\n');
      return { type, names };
    }
    if (type === 'rdm') return { type, sizeBytes, names: (await volume.readRawDevice(path)).id };
    const extents = await volume.extents(path);
    const data: [number, number][] = [];
    for (const { kind, fileOffsetBytes, lengthBytes } of extents) {
      if (kind !== 'data') continue;
      const last = data.at(-1);
      if (last && last[1] === fileOffsetBytes) last[1] += lengthBytes;
      else data.push([fileOffsetBytes, fileOffsetBytes + lengthBytes]);
    }
    return { type, sizeBytes, data: JSON.stringify(data), places: JSON.stringify(extents) };
  });
  return typeof result === 'string' ? { error: result } : result;
}

async function orError<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LeewardError) return error.code;
    throw error;
  }
}
