import type { XdrReader } from '../../xdr/xdr-reader.ts';
import type { XdrWriter } from '../../xdr/xdr-writer.ts';
import type { BufferPool, PooledBuffer } from './buffer-pool.ts';

/** Who calls: from the connection and the credential. */
export interface RpcCaller {
  readonly address: string;
  readonly port: number;
  readonly flavor: 'none' | 'sys';
  readonly uid: number;
  readonly gid: number;
  readonly gids: readonly number[];
  /** As told by AUTH_SYS; empty otherwise. */
  readonly machineName: string;
}

export interface ServerCall {
  readonly caller: RpcCaller;
  readonly arguments: XdrReader;
  /** Stands behind mark and reply header: results are written here, unless `results` are answered. */
  readonly writer: XdrWriter;
  readonly buffers: BufferPool;
}

/** Results in a buffer of their own, which starts with `replyHeadBytes` free bytes; given back once sent. */
export interface OwnResults {
  readonly buffer: PooledBuffer;
  /** Free head included. */
  readonly lengthBytes: number;
}

/**
 * Carries out one procedure. `XdrError` from reading the arguments is answered with GARBAGE_ARGS, `Unanswered` not at
 * all, anything else thrown with SYSTEM_ERR.
 */
export type RpcProcedure = (call: ServerCall) => Promise<OwnResults | undefined>;

/** One program in one version. */
export interface RpcProgram {
  readonly program: number;
  readonly version: number;
  readonly procedures: ReadonlyMap<number, RpcProcedure>;
}
