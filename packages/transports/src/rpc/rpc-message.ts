import { XdrError } from '../xdr/xdr-error.ts';
import type { XdrReader } from '../xdr/xdr-reader.ts';
import type { XdrWriter } from '../xdr/xdr-writer.ts';

/** ONC RPC version 2 messages (RFC 5531). */

export const rpcVersion = 2;
export const messageCall = 0;
export const messageReply = 1;
export const maxAuthBytes = 400;

export const authFlavor = { none: 0, sys: 1 } as const;

export const acceptStatus = {
  success: 0,
  programUnavailable: 1,
  versionMismatch: 2,
  procedureUnavailable: 3,
  garbageArguments: 4,
  systemError: 5,
} as const;

export const authStatus = { badCredential: 1, rejectedCredential: 2, tooWeak: 5 } as const;

/** Flavor and body of a credential, as on the wire. */
export interface OpaqueAuth {
  readonly flavor: number;
  readonly body: Uint8Array;
}

export interface CallHeader {
  readonly xid: number;
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  readonly credential: OpaqueAuth;
}

export function writeCallHeader(writer: XdrWriter, header: CallHeader): void {
  writer.uint32(header.xid).uint32(messageCall).uint32(rpcVersion);
  writer.uint32(header.program).uint32(header.version).uint32(header.procedure);
  writer.uint32(header.credential.flavor).opaque(header.credential.body);
  writer.uint32(authFlavor.none).uint32(0);
}

/** How the server answered, before the results of the procedure. */
export type ReplyOutcome =
  | { readonly kind: 'success' }
  | { readonly kind: 'program-unavailable' }
  | { readonly kind: 'version-mismatch'; readonly low: number; readonly high: number }
  | { readonly kind: 'procedure-unavailable' }
  | { readonly kind: 'garbage-arguments' }
  | { readonly kind: 'system-error' }
  | { readonly kind: 'rpc-mismatch'; readonly low: number; readonly high: number }
  | { readonly kind: 'auth-error'; readonly status: number };

const success: ReplyOutcome = { kind: 'success' };

/** Reads xid and outcome; after `success` the reader stands at the results. */
export function readReplyHeader(reader: XdrReader): { readonly xid: number; readonly outcome: ReplyOutcome } {
  return { xid: reader.uint32(), outcome: readReplyOutcome(reader) };
}

/** As `readReplyHeader`, behind the xid. */
export function readReplyOutcome(reader: XdrReader): ReplyOutcome {
  const type = reader.uint32();
  if (type !== messageReply) throw new XdrError(`a message of type ${type} instead of a reply`);
  const replyStatus = reader.uint32();
  if (replyStatus === 0) return readAccepted(reader);
  if (replyStatus === 1) return readDenied(reader);
  throw new XdrError(`reply status ${replyStatus}`);
}

function readAccepted(reader: XdrReader): ReplyOutcome {
  reader.uint32();
  reader.opaque(maxAuthBytes);
  const status = reader.uint32();
  switch (status) {
    case acceptStatus.success:
      return success;
    case acceptStatus.programUnavailable:
      return { kind: 'program-unavailable' };
    case acceptStatus.versionMismatch:
      return { kind: 'version-mismatch', low: reader.uint32(), high: reader.uint32() };
    case acceptStatus.procedureUnavailable:
      return { kind: 'procedure-unavailable' };
    case acceptStatus.garbageArguments:
      return { kind: 'garbage-arguments' };
    case acceptStatus.systemError:
      return { kind: 'system-error' };
    default:
      throw new XdrError(`accept status ${status}`);
  }
}

function readDenied(reader: XdrReader): ReplyOutcome {
  const status = reader.uint32();
  if (status === 0) return { kind: 'rpc-mismatch', low: reader.uint32(), high: reader.uint32() };
  if (status === 1) return { kind: 'auth-error', status: reader.uint32() };
  throw new XdrError(`reject status ${status}`);
}
