import { XdrError } from '../../xdr/xdr-error.ts';
import { XdrReader } from '../../xdr/xdr-reader.ts';
import { XdrWriter } from '../../xdr/xdr-writer.ts';
import { decodeSysCredential } from '../auth-sys.ts';
import { markBytes, singleFragmentMark } from '../record-mark.ts';
import {
  acceptStatus,
  authFlavor,
  authStatus,
  maxAuthBytes,
  messageCall,
  messageReply,
  rpcVersion,
} from '../rpc-message.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { RpcCaller, RpcProgram } from './rpc-program.ts';
import { Unanswered } from './unanswered.ts';

/** Mark and header of an accepted reply, in front of the results. */
export const replyHeadBytes = markBytes + 24;

/** A reply ready to be sent. */
export interface Reply {
  readonly bytes: Uint8Array;
  /** To be called when the bytes are sent or will never be. */
  release?(): void;
}

export interface Peer {
  readonly address: string;
  readonly port: number;
}

/**
 * Answers one record (RFC 5531): unknown programs, versions and procedures, broken credentials and arguments
 * included. Throws `XdrError` when the record is not a call at all; then nothing can be answered. Throws `Unanswered`
 * when a procedure does.
 */
export async function answer(
  record: Uint8Array,
  programs: readonly RpcProgram[],
  peer: Peer,
  buffers: BufferPool,
): Promise<Reply> {
  const reader = new XdrReader(record);
  const xid = reader.uint32();
  if (reader.uint32() !== messageCall) throw new XdrError('a message that is not a call');
  if (reader.uint32() !== rpcVersion)
    return failed(xid, (writer) => writer.uint32(1).uint32(0).uint32(rpcVersion).uint32(rpcVersion));
  const program = reader.uint32();
  const version = reader.uint32();
  const number = reader.uint32();
  const flavor = reader.uint32();
  const body = reader.opaque(maxAuthBytes);
  reader.uint32();
  reader.opaque(maxAuthBytes);
  const caller = callerOf(flavor, body, peer);
  if (typeof caller === 'number') return failed(xid, (writer) => writer.uint32(1).uint32(1).uint32(caller));

  const versions = programs.filter((candidate) => candidate.program === program);
  if (versions.length === 0) return notDone(xid, acceptStatus.programUnavailable);
  const found = versions.find((candidate) => candidate.version === version);
  if (!found) return mismatch(xid, versions);
  const procedure = found.procedures.get(number);
  if (!procedure) return notDone(xid, acceptStatus.procedureUnavailable);

  const writer = new XdrWriter(Buffer.allocUnsafe(512), replyHeadBytes);
  try {
    const own = await procedure({ caller, arguments: reader, writer, buffers });
    if (!own) return { bytes: withHead(writer.bytes(), xid) };
    const bytes = withHead(own.buffer.bytes.subarray(0, own.lengthBytes), xid);
    return { bytes, release: () => own.buffer.release() };
  } catch (error) {
    if (error instanceof Unanswered) throw error;
    return notDone(xid, error instanceof XdrError ? acceptStatus.garbageArguments : acceptStatus.systemError);
  }
}

/** The caller, or the `auth_stat` that says why not. */
function callerOf(flavor: number, body: Uint8Array, peer: Peer): RpcCaller | number {
  const { address, port } = peer;
  if (flavor === authFlavor.none)
    return { address, port, flavor: 'none', uid: nobody, gid: nobody, gids: [], machineName: '' };
  if (flavor !== authFlavor.sys) return authStatus.rejectedCredential;
  try {
    return { address, port, flavor: 'sys', ...decodeSysCredential(body) };
  } catch (error) {
    if (error instanceof XdrError) return authStatus.badCredential;
    throw error;
  }
}

const nobody = 65534;

function withHead(reply: Uint8Array, xid: number): Uint8Array {
  const writer = new XdrWriter(reply);
  writer.uint32(singleFragmentMark(reply.length - markBytes));
  writer.uint32(xid).uint32(messageReply).uint32(0).uint32(0).uint32(0).uint32(acceptStatus.success);
  return reply;
}

function notDone(xid: number, status: number): Reply {
  return failed(xid, (writer) => writer.uint32(0).uint32(0).uint32(0).uint32(status));
}

function mismatch(xid: number, programs: readonly RpcProgram[]): Reply {
  const versions = programs.map((program) => program.version);
  return failed(xid, (writer) =>
    writer
      .uint32(0)
      .uint32(0)
      .uint32(0)
      .uint32(acceptStatus.versionMismatch)
      .uint32(Math.min(...versions))
      .uint32(Math.max(...versions)),
  );
}

function failed(xid: number, write: (writer: XdrWriter) => void): Reply {
  const writer = new XdrWriter(Buffer.allocUnsafe(64), markBytes);
  writer.uint32(xid).uint32(messageReply);
  write(writer);
  writer.patch(0, singleFragmentMark(writer.position - markBytes));
  return { bytes: writer.bytes() };
}
