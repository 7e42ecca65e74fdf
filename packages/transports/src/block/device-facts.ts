import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseDeviceNames } from '../scsi/client/device-identification.ts';
import { parseSerialNumber } from '../scsi/client/inquiry-data.ts';
import { ScsiDataError } from '../scsi/client/scsi-data-error.ts';
import type { FoundDevice } from './device-match.ts';

/** What the kernel knows of a block device. */
export interface DeviceFacts {
  readonly sizeBytes: number;
  /** What offsets and lengths of direct reads are multiples of. */
  readonly blockBytes: number;
  /** What each of its paths says of itself: all MUST be the same device. Empty when the kernel does not tell. */
  readonly identities: readonly Omit<FoundDevice, 'sizeBytes'>[];
}

const kernelSectorBytes = 512;
const defaultBlockBytes = 4096;

/** Facts of a device by its kernel name, such as `sdb` or `dm-3`. `classFolder` is `/sys/class/block`. */
export async function deviceFacts(device: string, classFolder: string): Promise<DeviceFacts> {
  const name = basename(device);
  const folder = join(classFolder, name);
  const paths = await namesIn(join(folder, 'slaves'));
  const identities = [];
  for (const path of paths.length > 0 ? paths : [name]) {
    const identity = await identityOf(join(classFolder, path));
    if (identity) identities.push(identity);
  }
  const sectors = await numberIn(join(folder, 'size'));
  const sizeBytes = sectors === undefined ? (await stat(device)).size : sectors * kernelSectorBytes;
  const blockBytes = (await numberIn(join(folder, 'queue', 'logical_block_size'))) ?? defaultBlockBytes;
  return { sizeBytes, blockBytes, identities };
}

/** The multipath map that has the device as one of its paths; the device itself when there is none. */
export async function multipathOf(device: string, classFolder: string): Promise<string> {
  for (const holder of await namesIn(join(classFolder, basename(device), 'holders'))) {
    const uuid = await textIn(join(classFolder, holder, 'dm', 'uuid'));
    if (uuid?.startsWith('mpath-')) return join(device, '..', holder);
  }
  return device;
}

/** The device that a link stands for; undefined when the link leads nowhere. */
export async function deviceOfLink(link: string): Promise<string | undefined> {
  return realpath(link).catch(ifAbsent);
}

/** Names in a folder, none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(ifAbsent)) ?? [];
}

async function identityOf(folder: string): Promise<Omit<FoundDevice, 'sizeBytes'> | undefined> {
  const serialPage = await readFile(join(folder, 'device', 'vpd_pg80')).catch(ifAbsent);
  const namesPage = await readFile(join(folder, 'device', 'vpd_pg83')).catch(ifAbsent);
  const eui = /^eui\.([0-9a-f]+)$/.exec((await textIn(join(folder, 'wwid'))) ?? '')?.[1];
  const serial = serialPage && readable(() => parseSerialNumber(serialPage));
  const names = (namesPage && readable(() => parseDeviceNames(namesPage))) ?? {};
  const identity = { ...names, ...(eui ? { eui } : {}), serial };
  return Object.values(identity).some((value) => value) ? identity : undefined;
}

/** A page that makes no sense tells nothing; something else has to. */
function readable<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ScsiDataError) return undefined;
    throw error;
  }
}

async function numberIn(path: string): Promise<number | undefined> {
  const text = await textIn(path);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

async function textIn(path: string): Promise<string | undefined> {
  return (await readFile(path, 'utf8').catch(ifAbsent))?.trim();
}

/** sysfs answers EINVAL or ENXIO for attributes that a device does not have. */
function ifAbsent(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EINVAL' || code === 'ENXIO') return undefined;
  throw error;
}
