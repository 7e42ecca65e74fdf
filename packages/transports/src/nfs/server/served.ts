import type { ServerCall } from '../../rpc/server/rpc-program.ts';
import { NfsStatusError, nfsStatus } from '../nfs-status.ts';
import { writeOptionalAttributes } from '../protocol/attributes.ts';
import type { NfsAttributes, NfsCaller, NfsFileSystem, NfsHandle, NfsWriting } from './file-system.ts';

/** What all procedures share. */
export interface Served {
  readonly fileSystem: NfsFileSystem;
  readonly maxReadBytes: number;
  readonly maxWriteBytes: number;
  /** Of this server instance: a client that sees it change sends its unstable writes again. */
  readonly writeVerifier: bigint;
  readonly onBytesRead: ((caller: NfsCaller, bytes: number) => void) | undefined;
  readonly onBytesWritten: ((caller: NfsCaller, bytes: number) => void) | undefined;
}

/** The status to answer for something thrown by a file system. */
export function statusOf(error: unknown): number {
  return error instanceof NfsStatusError ? error.status : nfsStatus.SERVERFAULT;
}

export function writingOf(served: Served): NfsWriting {
  const { writing } = served.fileSystem;
  if (!writing) throw new NfsStatusError('ROFS');
  return writing;
}

/** Attributes for a reply that may leave them out. */
export async function attributesIfAny(
  served: Served,
  handle: NfsHandle,
  caller: NfsCaller,
): Promise<NfsAttributes | undefined> {
  try {
    return await served.fileSystem.attributes(handle, caller);
  } catch {
    return undefined;
  }
}

/**
 * Does `work`; writes OK and what `write` adds, or the status of what was thrown and what `fail` adds. Arguments
 * MUST have been read before, so that broken ones are not taken for a fault of the file system.
 */
export async function reply<T>(
  call: ServerCall,
  work: () => Promise<T>,
  write: (result: T) => void | Promise<void>,
  fail: () => void | Promise<void>,
): Promise<undefined> {
  const { writer } = call;
  let result: T;
  try {
    result = await work();
  } catch (error) {
    writer.uint32(statusOf(error));
    await fail();
    return undefined;
  }
  writer.uint32(nfsStatus.OK);
  await write(result);
  return undefined;
}

/** `post_op_attr` of `handle`. */
export async function writePostAttributes(
  call: ServerCall,
  served: Served,
  handle: NfsHandle,
): Promise<void> {
  writeOptionalAttributes(call.writer, await attributesIfAny(served, handle, call.caller));
}

/** `wcc_data` of `handle`, without what was before. */
export async function writeChange(call: ServerCall, served: Served, handle: NfsHandle): Promise<void> {
  call.writer.boolean(false);
  await writePostAttributes(call, served, handle);
}
