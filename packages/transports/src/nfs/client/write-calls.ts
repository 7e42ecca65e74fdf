import type { XdrReader } from '../../xdr/xdr-reader.ts';
import type { XdrWriter } from '../../xdr/xdr-writer.ts';
import { type RemoteAttributes, readChange, readOptionalAttributes } from '../protocol/attributes.ts';
import { createMode, stableHow, verifierBytes } from '../protocol/nfs3.ts';
import { type NfsCall, nfsCall } from './nfs-call.ts';
import { readHandle } from './read-calls.ts';

/** CREATE and MKDIR may leave out even the handle. */
export interface CreatedObject {
  readonly handle: Uint8Array | undefined;
  readonly attributes: RemoteAttributes | undefined;
}

/** What is not named stays as it is. */
export interface SettableChanges {
  readonly mode?: number;
  readonly sizeBytes?: number;
  readonly timesNow?: boolean;
}

export interface WriteAnswer {
  readonly bytesWritten: number;
  /** True when no COMMIT is needed. */
  readonly durable: boolean;
  /** Changes when the server lost unstable data. */
  readonly verifier: bigint;
}

export function writeCall(
  handle: Uint8Array,
  offsetBytes: number,
  data: Uint8Array,
  stable: number,
): NfsCall<WriteAnswer> {
  const call = nfsCall(
    'WRITE',
    (writer) => writer.opaque(handle).uint64(offsetBytes).uint32(data.length).uint32(stable),
    (reader) => {
      readChange(reader);
      const bytesWritten = reader.uint32();
      const durable = reader.uint32() === stableHow.fileSync;
      return { bytesWritten, durable, verifier: reader.uint64() };
    },
  );
  return { ...call, payload: data };
}

/** The whole file. Answers the verifier. */
export function commitCall(handle: Uint8Array): NfsCall<bigint> {
  return nfsCall(
    'COMMIT',
    (writer) => writer.opaque(handle).uint64(0).uint32(0),
    (reader) => {
      readChange(reader);
      return reader.uint64();
    },
  );
}

export function createFileCall(
  directory: Uint8Array,
  name: string,
  options: { readonly mode: number; readonly exclusiveVerifier?: Uint8Array | undefined },
): NfsCall<CreatedObject> {
  return nfsCall(
    'CREATE',
    (writer) => {
      writer.opaque(directory).string(name);
      if (options.exclusiveVerifier)
        writer.uint32(createMode.exclusive).opaqueFixed(options.exclusiveVerifier.subarray(0, verifierBytes));
      else writeSettable(writer.uint32(createMode.unchecked), { mode: options.mode });
    },
    readCreated,
  );
}

export function makeDirectoryCall(directory: Uint8Array, name: string, mode: number): NfsCall<CreatedObject> {
  return nfsCall(
    'MKDIR',
    (writer) => writeSettable(writer.opaque(directory).string(name), { mode }),
    readCreated,
  );
}

export function setAttributesCall(handle: Uint8Array, changes: SettableChanges): NfsCall<void> {
  return nfsCall(
    'SETATTR',
    (writer) => writeSettable(writer.opaque(handle), changes).boolean(false),
    () => undefined,
  );
}

export function removeCall(kind: 'REMOVE' | 'RMDIR', directory: Uint8Array, name: string): NfsCall<void> {
  return nfsCall(
    kind,
    (writer) => writer.opaque(directory).string(name),
    () => undefined,
  );
}

export function renameCall(
  fromDirectory: Uint8Array,
  fromName: string,
  toDirectory: Uint8Array,
  toName: string,
): NfsCall<void> {
  return nfsCall(
    'RENAME',
    (writer) => writer.opaque(fromDirectory).string(fromName).opaque(toDirectory).string(toName),
    () => undefined,
  );
}

const dontChange = 0;
const serverTime = 1;

/** `sattr3`: the owner is left as it is. */
function writeSettable(writer: XdrWriter, changes: SettableChanges): XdrWriter {
  writer.optional(changes.mode, (mode) => writer.uint32(mode));
  writer.boolean(false).boolean(false);
  writer.optional(changes.sizeBytes, (sizeBytes) => writer.uint64(sizeBytes));
  const time = changes.timesNow ? serverTime : dontChange;
  return writer.uint32(time).uint32(time);
}

function readCreated(reader: XdrReader): CreatedObject {
  const handle = reader.optional(() => readHandle(reader));
  return { handle, attributes: readOptionalAttributes(reader) };
}
