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

/** A call that fails with the error of its status, so that only results come back. */
export class CheckedCall<T> implements RpcCall<T> {
  readonly #call: NfsCall<T>;
  readonly #refusal: (status: number) => Error;

  constructor(call: NfsCall<T>, refusal: (status: number) => Error) {
    this.#call = call;
    this.#refusal = refusal;
  }

  get program(): number {
    return this.#call.program;
  }

  get version(): number {
    return this.#call.version;
  }

  get procedure(): number {
    return this.#call.procedure;
  }

  get name(): string {
    return this.#call.name;
  }

  get payload(): Uint8Array | undefined {
    return this.#call.payload;
  }

  get target(): Uint8Array | undefined {
    return this.#call.target;
  }

  encode(writer: XdrWriter): void {
    this.#call.encode?.(writer);
  }

  place(reader: XdrReader): Uint8Array | undefined {
    return this.#call.place?.(reader);
  }

  decode(reader: XdrReader): T {
    const answer = this.#call.decode(reader);
    if (answer.status === 0) return answer.value as T;
    throw this.#refusal(answer.status);
  }
}
