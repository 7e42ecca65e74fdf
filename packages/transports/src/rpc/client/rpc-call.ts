import type { XdrReader } from '../../xdr/xdr-reader.ts';
import type { XdrWriter } from '../../xdr/xdr-writer.ts';

/** One remote procedure with its arguments; may be sent several times. */
export interface RpcCall<T> {
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  /** For error texts: `READ`, `MNT`, … */
  readonly name: string;
  encode?(writer: XdrWriter): void;
  /** Opaque data as the last argument, sent without a copy; MUST NOT change until the call settles. */
  readonly payload?: Uint8Array | undefined;
  /**
   * For results that end with opaque data: reads the results up to the data and returns where the data goes
   * (exactly its length), or `undefined` when there is none. MUST NOT have side effects.
   */
  place?(reader: XdrReader): Uint8Array | undefined;
  /** The whole place of the data: until the call settles anything may be written to it. */
  readonly target?: Uint8Array | undefined;
  /**
   * Reads the results; of calls with `place` that placed data, only what is before the data, and then views of
   * the reader MUST NOT be kept.
   */
  decode(reader: XdrReader): T;
}
