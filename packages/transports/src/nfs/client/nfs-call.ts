import type { RpcCall } from '../../rpc/client/rpc-call.ts';
import type { XdrReader } from '../../xdr/xdr-reader.ts';
import type { XdrWriter } from '../../xdr/xdr-writer.ts';
import { type NfsProcedureName, nfsProcedure, nfsProgram, nfsVersion } from '../protocol/nfs3.ts';

/** What a procedure of NFS answers: a status and, when that is 0, its results. */
export type NfsAnswer<T> =
  | { readonly status: 0; readonly value: T }
  | { readonly status: number; readonly value?: undefined };

export type NfsCall<T> = RpcCall<NfsAnswer<T>>;

export function nfsCall<T>(
  name: NfsProcedureName,
  encode: (writer: XdrWriter) => void,
  decode: (reader: XdrReader) => T,
): NfsCall<T> {
  return {
    program: nfsProgram,
    version: nfsVersion,
    procedure: nfsProcedure[name],
    name,
    encode,
    decode: (reader) => {
      const status = reader.uint32();
      return status === 0 ? { status, value: decode(reader) } : { status };
    },
  };
}
