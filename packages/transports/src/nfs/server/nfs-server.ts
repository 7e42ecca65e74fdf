import type { Clock } from '@leeward/core';
import { mount3Program } from '../../mount/mount-program.ts';
import { RpcServer } from '../../rpc/server/rpc-server.ts';
import { disturbed } from './disturbed-programs.ts';
import type { NfsFaultHooks } from './fault-hooks.ts';
import type { NfsCaller, NfsFileSystem } from './file-system.ts';
import { nfs3Program } from './nfs-program.ts';
import type { Served } from './served.ts';

export interface NfsServerOptions {
  readonly fileSystem: NfsFileSystem;
  readonly address: string;
  /** 0 takes any free port. Both programs are served on each port. */
  readonly nfsPort: number;
  /** 0 or the NFS port: one listener for both. */
  readonly mountPort: number;
  /** What FSINFO offers and the server sticks to. Default 1 MiB each. */
  readonly maxReadBytes?: number;
  readonly maxWriteBytes?: number;
  /** Per port. Default 64. */
  readonly maxConnections?: number;
  readonly clock: Clock;
  /** Called for each READ and WRITE that succeeded. */
  readonly onBytesRead?: (caller: NfsCaller, bytes: number) => void;
  readonly onBytesWritten?: (caller: NfsCaller, bytes: number) => void;
  readonly faults?: NfsFaultHooks | undefined;
}

export type { NfsCallFault, NfsCallInfo, NfsFaultHooks } from './fault-hooks.ts';

export interface NfsServer {
  readonly nfsPort: number;
  readonly mountPort: number;
  readonly connectionCount: number;
  /** Cuts all connections, as a network fault would; new ones are accepted. */
  dropConnections(): void;
  /** Stops listening, cuts all connections and waits for the requests being carried out. */
  close(): Promise<void>;
}

const mebibyte = 1024 * 1024;
/** RPC header with full credentials and the longest arguments besides data. */
const callMarginBytes = 64 * 1024;

/** Serves a file system over NFS 3 and MOUNT 3. Throws `L-NET-301` when it cannot listen. The caller closes it. */
export async function createNfsServer(options: NfsServerOptions): Promise<NfsServer> {
  const { fileSystem, address, clock, faults, maxConnections = 64 } = options;
  const maxReadBytes = options.maxReadBytes ?? mebibyte;
  const maxWriteBytes = options.maxWriteBytes ?? mebibyte;
  const served: Served = {
    fileSystem,
    maxReadBytes,
    maxWriteBytes,
    writeVerifier: BigInt(Math.floor(clock.now() * 1000)) & 0xffff_ffff_ffff_ffffn,
    onBytesRead: options.onBytesRead,
    onBytesWritten: options.onBytesWritten,
  };
  const closing = new AbortController();
  const programs = [nfs3Program(served), mount3Program(fileSystem)];
  const common = {
    address,
    programs: faults ? disturbed(programs, { faults, clock, closing: closing.signal }) : programs,
    maxRecordBytes: maxWriteBytes + callMarginBytes,
    maxReplyBytes: maxReadBytes + callMarginBytes,
    maxConnections,
  };
  const nfs = await RpcServer.listen({ ...common, port: options.nfsPort });
  const shared = options.mountPort === 0 || options.mountPort === nfs.port;
  const mount = shared ? nfs : await listenOrClose(nfs, { ...common, port: options.mountPort });
  const servers = shared ? [nfs] : [nfs, mount];
  return {
    nfsPort: nfs.port,
    mountPort: mount.port,
    get connectionCount() {
      return servers.reduce((sum, server) => sum + server.connectionCount, 0);
    },
    dropConnections: () => {
      for (const server of servers) server.dropConnections();
    },
    close: async () => {
      closing.abort(new Error('the server closes'));
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

async function listenOrClose(
  first: RpcServer,
  options: Parameters<typeof RpcServer.listen>[0],
): Promise<RpcServer> {
  try {
    return await RpcServer.listen(options);
  } catch (error) {
    await first.close();
    throw error;
  }
}
