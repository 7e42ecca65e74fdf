import { XdrError } from '../../xdr/xdr-error.ts';
import type { XdrReader } from '../../xdr/xdr-reader.ts';
import { type RemoteAttributes, readOptionalAttributes } from '../protocol/attributes.ts';
import { verifierBytes } from '../protocol/nfs3.ts';
import { type NfsCall, nfsCall } from './nfs-call.ts';
import { readHandle } from './read-calls.ts';

/** One name of a directory; servers may leave attributes and handle out. */
export interface ListedName {
  readonly name: string;
  readonly fileId: bigint;
  readonly cookie: bigint;
  readonly attributes: RemoteAttributes | undefined;
  readonly handle: Uint8Array | undefined;
}

export interface ListedPage {
  readonly verifier: Uint8Array;
  readonly names: readonly ListedName[];
  readonly end: boolean;
}

/** Where a listing goes on; zeros at its start. */
export interface ListPosition {
  readonly cookie: bigint;
  readonly verifier: Uint8Array;
}

export const listStart: ListPosition = { cookie: 0n, verifier: new Uint8Array(verifierBytes) };

/** Longer than any file system allows, but no limit of ours that hides a file. */
const maxListedNameBytes = 4096;

export function readDirectoryPlusCall(
  directory: Uint8Array,
  position: ListPosition,
  maxBytes: number,
): NfsCall<ListedPage> {
  return nfsCall(
    'READDIRPLUS',
    (writer) => {
      writer.opaque(directory).uint64(position.cookie).opaqueFixed(position.verifier);
      writer.uint32(maxBytes).uint32(maxBytes);
    },
    (reader) =>
      readPage(reader, () => ({
        attributes: readOptionalAttributes(reader),
        handle: reader.optional(() => readHandle(reader)),
      })),
  );
}

export function readDirectoryCall(
  directory: Uint8Array,
  position: ListPosition,
  maxBytes: number,
): NfsCall<ListedPage> {
  return nfsCall(
    'READDIR',
    (writer) =>
      writer.opaque(directory).uint64(position.cookie).opaqueFixed(position.verifier).uint32(maxBytes),
    (reader) => readPage(reader, () => ({ attributes: undefined, handle: undefined })),
  );
}

function readPage(reader: XdrReader, readRest: () => Pick<ListedName, 'attributes' | 'handle'>): ListedPage {
  readOptionalAttributes(reader);
  const verifier = Uint8Array.from(reader.opaqueFixed(verifierBytes));
  const names: ListedName[] = [];
  while (reader.boolean()) {
    const fileId = reader.uint64();
    const name = reader.string(maxListedNameBytes);
    const cookie = reader.uint64();
    names.push({ fileId, name, cookie, ...readRest() });
  }
  const end = reader.boolean();
  if (names.length === 0 && !end) throw new XdrError('a directory page without names that is not the last');
  return { verifier, names, end };
}
