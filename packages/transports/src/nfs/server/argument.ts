import { XdrError } from '../../xdr/xdr-error.ts';
import type { XdrReader } from '../../xdr/xdr-reader.ts';
import { NfsStatusError } from '../nfs-status.ts';
import { maxHandleBytes, maxNameBytes } from '../protocol/nfs3.ts';
import type { NfsHandle } from './file-system.ts';

/** Names above the bound of names are readable up to here, to be answered with NAMETOOLONG. */
const maxReadableNameBytes = 8192;

export function readHandleArgument(reader: XdrReader): NfsHandle {
  const handle = reader.opaque(maxHandleBytes);
  if (handle.length === 0) throw new XdrError('an empty file handle');
  return handle;
}

/** A name as sent; `checkName` says whether it may be used. */
export function readNameArgument(reader: XdrReader): string {
  return reader.string(maxReadableNameBytes);
}

/** For names that are looked up. */
export function checkName(name: string): string {
  if (Buffer.byteLength(name) > maxNameBytes) throw new NfsStatusError('NAMETOOLONG');
  if (name === '' || name.includes('\0')) throw new NfsStatusError('INVAL');
  if (name.includes('/')) throw new NfsStatusError('ACCES');
  return name;
}

/** For names that are made or removed: `.` and `..` are no names. */
export function checkNewName(name: string): string {
  if (name === '.' || name === '..') throw new NfsStatusError('INVAL');
  return checkName(name);
}

/** `sattr3`: what of it can be set. */
export interface SettableAttributes {
  readonly mode: number | undefined;
  readonly sizeBytes: number | undefined;
}

const serverTime = 1;
const clientTime = 2;

/** Owner and times are read over: the served file systems keep their own. */
export function readSettable(reader: XdrReader): SettableAttributes {
  const mode = reader.optional(() => reader.uint32() & 0o7777);
  reader.optional(() => reader.uint32());
  reader.optional(() => reader.uint32());
  const sizeBytes = reader.optional(() => reader.size());
  skipTime(reader);
  skipTime(reader);
  return { mode, sizeBytes };
}

function skipTime(reader: XdrReader): void {
  const how = reader.uint32();
  if (how > clientTime) throw new XdrError(`a time of kind ${how}`);
  if (how > serverTime) reader.skip(8);
}

/** As the changes a file system takes. */
export function changesOf(settable: SettableAttributes): { sizeBytes?: number; mode?: number } {
  return {
    ...(settable.sizeBytes === undefined ? {} : { sizeBytes: settable.sizeBytes }),
    ...(settable.mode === undefined ? {} : { mode: settable.mode }),
  };
}
