import type { RpcCall } from '../../rpc/client/rpc-call.ts';
import { XdrError } from '../../xdr/xdr-error.ts';
import type { XdrReader } from '../../xdr/xdr-reader.ts';
import type { XdrWriter } from '../../xdr/xdr-writer.ts';
import {
  attributesBytes,
  type RemoteAttributes,
  readAttributes,
  readOptionalAttributes,
} from '../protocol/attributes.ts';
import { maxHandleBytes, maxPathBytes, nfsProcedure, nfsProgram, nfsVersion } from '../protocol/nfs3.ts';
import { type NfsAnswer, type NfsCall, nfsCall } from './nfs-call.ts';

/** An object as LOOKUP and friends answer it; servers may leave the attributes out. */
export interface FoundObject {
  readonly handle: Uint8Array;
  readonly attributes: RemoteAttributes | undefined;
}

export interface FileSystemInfo {
  readonly maxReadBytes: number;
  readonly maxWriteBytes: number;
  readonly preferredListBytes: number;
}

export interface FileSystemSpace {
  readonly totalBytes: number;
  readonly freeBytes: number;
}

export function readHandle(reader: XdrReader): Uint8Array {
  const handle = Uint8Array.from(reader.opaque(maxHandleBytes));
  if (handle.length === 0) throw new XdrError('an empty file handle');
  return handle;
}

export function getAttributesCall(handle: Uint8Array): NfsCall<RemoteAttributes> {
  return nfsCall('GETATTR', (writer) => writer.opaque(handle), readAttributes);
}

export function lookupCall(directory: Uint8Array, name: string): NfsCall<FoundObject> {
  return nfsCall(
    'LOOKUP',
    (writer) => writer.opaque(directory).string(name),
    (reader) => ({ handle: readHandle(reader), attributes: readOptionalAttributes(reader) }),
  );
}

export function accessCall(handle: Uint8Array, wanted: number): NfsCall<number> {
  return nfsCall(
    'ACCESS',
    (writer) => writer.opaque(handle).uint32(wanted),
    (reader) => {
      readOptionalAttributes(reader);
      return reader.uint32();
    },
  );
}

export function readLinkCall(handle: Uint8Array): NfsCall<string> {
  return nfsCall(
    'READLINK',
    (writer) => writer.opaque(handle),
    (reader) => {
      readOptionalAttributes(reader);
      return reader.string(maxPathBytes * 4);
    },
  );
}

export interface ReadResult {
  readonly bytesRead: number;
  readonly end: boolean;
}

/** READ into the start of `target`; the data goes there without a further copy. */
export function readCall(handle: Uint8Array, offsetBytes: number, target: Uint8Array): NfsCall<ReadResult> {
  return new ReadCall(handle, offsetBytes, target);
}

/** A class, unlike the others: it is made for each READ. */
class ReadCall implements RpcCall<NfsAnswer<ReadResult>> {
  readonly program = nfsProgram;
  readonly version = nfsVersion;
  readonly procedure = nfsProcedure.READ;
  readonly name = 'READ';
  readonly #handle: Uint8Array;
  readonly #offsetBytes: number;
  readonly target: Uint8Array;

  constructor(handle: Uint8Array, offsetBytes: number, target: Uint8Array) {
    this.#handle = handle;
    this.#offsetBytes = offsetBytes;
    this.target = target;
  }

  encode(writer: XdrWriter): void {
    writer.opaque(this.#handle).uint64(this.#offsetBytes).uint32(this.target.length);
  }

  place(reader: XdrReader): Uint8Array | undefined {
    if (reader.uint32() !== 0) return undefined;
    const { bytesRead } = this.#result(reader);
    return bytesRead === this.target.length ? this.target : this.target.subarray(0, bytesRead);
  }

  decode(reader: XdrReader): NfsAnswer<ReadResult> {
    const status = reader.uint32();
    return status === 0 ? { status, value: this.#result(reader) } : { status };
  }

  #result(reader: XdrReader): ReadResult {
    if (reader.boolean()) reader.skip(attributesBytes);
    const bytesRead = reader.uint32();
    const end = reader.boolean();
    if (reader.length(this.target.length) !== bytesRead) throw new XdrError('a READ with two lengths');
    return { bytesRead, end };
  }
}

export function fileSystemInfoCall(root: Uint8Array): NfsCall<FileSystemInfo> {
  return nfsCall(
    'FSINFO',
    (writer) => writer.opaque(root),
    (reader) => {
      readOptionalAttributes(reader);
      const maxReadBytes = reader.uint32();
      reader.skip(8);
      const maxWriteBytes = reader.uint32();
      reader.skip(8);
      return { maxReadBytes, maxWriteBytes, preferredListBytes: reader.uint32() };
    },
  );
}

export function fileSystemSpaceCall(root: Uint8Array): NfsCall<FileSystemSpace> {
  return nfsCall(
    'FSSTAT',
    (writer) => writer.opaque(root),
    (reader) => {
      readOptionalAttributes(reader);
      return { totalBytes: Number(reader.uint64()), freeBytes: Number(reader.uint64()) };
    },
  );
}
