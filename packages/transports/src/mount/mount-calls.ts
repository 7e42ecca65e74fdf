import { maxHandleBytes } from '../nfs/protocol/nfs3.ts';
import type { RpcCall } from '../rpc/client/rpc-call.ts';
import { XdrError } from '../xdr/xdr-error.ts';
import type { XdrReader } from '../xdr/xdr-reader.ts';
import {
  maxMountNameBytes,
  maxMountPathBytes,
  mountProcedure,
  mountProgram,
  mountVersion,
} from './mount3.ts';

export type MountAnswer =
  | { readonly status: 0; readonly handle: Uint8Array; readonly flavors: readonly number[] }
  | { readonly status: number; readonly handle?: undefined };

/** One line of what a server exports; no clients means everyone. */
export interface ExportEntry {
  readonly path: string;
  readonly clients: readonly string[];
}

const maxFlavors = 64;
const maxListEntries = 100_000;

const mountd = { program: mountProgram, version: mountVersion } as const;

export function mntCall(path: string): RpcCall<MountAnswer> {
  return {
    ...mountd,
    procedure: mountProcedure.MNT,
    name: 'MNT',
    encode: (writer) => writer.string(path),
    decode: readMountAnswer,
  };
}

export function umntCall(path: string): RpcCall<void> {
  return {
    ...mountd,
    procedure: mountProcedure.UMNT,
    name: 'UMNT',
    encode: (writer) => writer.string(path),
    decode: () => undefined,
  };
}

export function exportCall(): RpcCall<readonly ExportEntry[]> {
  return { ...mountd, procedure: mountProcedure.EXPORT, name: 'EXPORT', decode: readExports };
}

function readMountAnswer(reader: XdrReader): MountAnswer {
  const status = reader.uint32();
  if (status !== 0) return { status };
  const handle = Uint8Array.from(reader.opaque(maxHandleBytes));
  if (handle.length === 0) throw new XdrError('an empty root handle');
  return { status, handle, flavors: readWords(reader, maxFlavors) };
}

function readExports(reader: XdrReader): ExportEntry[] {
  return readList(reader, () => {
    const path = reader.string(maxMountPathBytes);
    const clients = readList(reader, () => reader.string(maxMountNameBytes));
    return { path, clients };
  });
}

function readWords(reader: XdrReader, maxCount: number): number[] {
  return Array.from({ length: reader.length(maxCount) }, () => reader.uint32());
}

function readList<T>(reader: XdrReader, read: () => T): T[] {
  const list: T[] = [];
  while (reader.boolean()) {
    if (list.length >= maxListEntries) throw new XdrError('an endless list');
    list.push(read());
  }
  return list;
}
