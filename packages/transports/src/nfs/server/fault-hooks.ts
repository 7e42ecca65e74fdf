import type { NfsStatusName } from '../nfs-status.ts';
import type { NfsProcedureName } from '../protocol/nfs3.ts';
import type { NfsCaller, NfsHandle } from './file-system.ts';

/** What a client asks for, as far as its first arguments tell. */
export interface NfsCallInfo {
  /** `MNT` of the MOUNT program; all others are NFS procedures. */
  readonly procedure: NfsProcedureName | 'MNT';
  readonly caller: NfsCaller;
  /** The file, or the folder in which `name` is. */
  readonly handle?: NfsHandle | undefined;
  /** Of procedures that name something in a folder. */
  readonly name?: string | undefined;
  /** Of `MNT`. */
  readonly path?: string | undefined;
}

/** What goes wrong with a call instead of what should happen. */
export type NfsCallFault =
  /** The connection is cut before anything is done. */
  | { readonly kind: 'drop' }
  /** What was asked for is done, then the connection is cut instead of an answer. */
  | { readonly kind: 'lose' }
  /** The call is never answered. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'status'; readonly status: NfsStatusName };

/** Where a simulator makes the server fail. Asked at each call but NULL, and MOUNT's besides MNT. */
export interface NfsFaultHooks {
  onCall(call: NfsCallInfo): NfsCallFault | undefined;
}
