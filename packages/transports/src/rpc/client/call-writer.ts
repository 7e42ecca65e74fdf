import type { Socket } from 'node:net';
import { padding } from '../../xdr/xdr-reader.ts';
import { XdrWriter } from '../../xdr/xdr-writer.ts';
import { markBytes, singleFragmentMark } from '../record-mark.ts';
import { type OpaqueAuth, writeCallHeader } from '../rpc-message.ts';
import type { RpcCall } from './rpc-call.ts';

const firstBytes = 1024;
const zeros = new Uint8Array(4);

/** Writes calls to a socket: those made in one turn leave in one buffer, by one system call. */
export class CallWriter {
  readonly #socket: Socket;
  readonly #credential: OpaqueAuth;
  #gathered: XdrWriter | undefined;

  constructor(socket: Socket, credential: OpaqueAuth) {
    this.#socket = socket;
    this.#credential = credential;
  }

  write<T>(xid: number, call: RpcCall<T>): void {
    const writer = this.#gathering();
    const start = writer.position;
    try {
      this.#encode(writer, start, xid, call);
    } catch (error) {
      writer.rewind(start);
      throw error;
    }
    if (call.payload) this.#writePayload(call.payload);
  }

  #encode<T>(writer: XdrWriter, start: number, xid: number, call: RpcCall<T>): void {
    const { program, version, procedure, payload } = call;
    writer.skip(markBytes);
    writeCallHeader(writer, { xid, program, version, procedure, credential: this.#credential });
    call.encode?.(writer);
    const payloadBytes = payload ? payload.length + padding(payload.length) : 0;
    if (payload) writer.uint32(payload.length);
    writer.patch(start, singleFragmentMark(writer.position - start - markBytes + payloadBytes));
  }

  /** Behind what was gathered, without a copy. */
  #writePayload(payload: Uint8Array): void {
    this.#socket.cork();
    this.#flush();
    this.#socket.write(payload);
    const fill = padding(payload.length);
    if (fill > 0) this.#socket.write(zeros.subarray(0, fill));
    process.nextTick(() => this.#socket.uncork());
  }

  #gathering(): XdrWriter {
    if (this.#gathered) return this.#gathered;
    process.nextTick(() => this.#flush());
    this.#gathered = new XdrWriter(Buffer.allocUnsafe(firstBytes));
    return this.#gathered;
  }

  #flush(): void {
    const gathered = this.#gathered;
    this.#gathered = undefined;
    if (gathered && gathered.position > 0 && !this.#socket.destroyed) this.#socket.write(gathered.bytes());
  }
}
