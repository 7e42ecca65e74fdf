import type { Socket } from 'node:net';
import { GatherTurn } from '../../gather-turn.ts';
import { padding } from '../../xdr/xdr-reader.ts';
import { XdrWriter } from '../../xdr/xdr-writer.ts';
import { markBytes, singleFragmentMark } from '../record-mark.ts';
import { type OpaqueAuth, writeCallHeader } from '../rpc-message.ts';
import type { RpcCall } from './rpc-call.ts';

/** Calls that leave together at most: a group of READs of 64 KiB (`CommandDepth`). */
const gatheredAtMost = 12;
const firstBytes = 2048;
const zeros = new Uint8Array(4);

/** The encoded head of the calls of one procedure. */
interface CallHead extends Pick<RpcCall<unknown>, 'program' | 'version' | 'procedure'> {
  readonly bytes: Uint8Array;
}

/** Writes calls to one socket, gathered (`GatherTurn`). */
export class CallWriter {
  readonly #socket: Socket;
  readonly #credential: OpaqueAuth;
  readonly #turn = new GatherTurn(gatheredAtMost, () => this.#writeGathered());
  #gathered = newWriter();
  #lastHead: CallHead | undefined;

  constructor(socket: Socket, credential: OpaqueAuth) {
    this.#socket = socket;
    this.#credential = credential;
  }

  write<T>(xid: number, call: RpcCall<T>): void {
    const writer = this.#gathered;
    const start = writer.position;
    try {
      this.#encode(writer, start, xid, call);
    } catch (error) {
      writer.rewind(start);
      throw error;
    }
    this.#turn.added();
    if (call.payload) this.#writePayload(call.payload);
  }

  #encode<T>(writer: XdrWriter, start: number, xid: number, call: RpcCall<T>): void {
    const { payload } = call;
    writer
      .skip(markBytes)
      .opaqueFixed(this.#headOf(call))
      .patch(start + markBytes, xid);
    call.encode?.(writer);
    const payloadBytes = payload ? payload.length + padding(payload.length) : 0;
    if (payload) writer.uint32(payload.length);
    writer.patch(start, singleFragmentMark(writer.position - start - markBytes + payloadBytes));
  }

  /** Encoded once for all calls of a procedure that come after each other; with any xid, its first word. */
  #headOf({ program, version, procedure }: RpcCall<unknown>): Uint8Array {
    const last = this.#lastHead;
    if (last?.program === program && last.version === version && last.procedure === procedure)
      return last.bytes;
    const writer = new XdrWriter();
    writeCallHeader(writer, { xid: 0, program, version, procedure, credential: this.#credential });
    const bytes = writer.bytes();
    this.#lastHead = { program, version, procedure, bytes };
    return bytes;
  }

  /** Behind what was gathered, without a copy. */
  #writePayload(payload: Uint8Array): void {
    this.#socket.cork();
    this.#turn.flush();
    this.#socket.write(payload);
    const fill = padding(payload.length);
    if (fill > 0) this.#socket.write(zeros.subarray(0, fill));
    process.nextTick(() => this.#socket.uncork());
  }

  #writeGathered(): void {
    const gathered = this.#gathered;
    this.#gathered = newWriter();
    if (!this.#socket.destroyed) this.#socket.write(gathered.bytes());
  }
}

function newWriter(): XdrWriter {
  return new XdrWriter(Buffer.allocUnsafe(firstBytes));
}
