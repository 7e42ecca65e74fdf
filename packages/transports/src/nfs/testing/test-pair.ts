import { systemClock, systemRandomness } from '@leeward/platform';
import type { NfsOptions } from '../client/nfs-options.ts';
import { createNfsServer, type NfsServer, type NfsServerOptions } from '../server/nfs-server.ts';
import { MemoryFileSystem } from './memory-file-system.ts';

/** A server on a free port and options for a client of it, with short waits; for tests. */
export interface TestPair {
  readonly fileSystem: MemoryFileSystem;
  readonly server: NfsServer;
  readonly options: NfsOptions;
}

const address = '127.0.0.1';

export async function startPair(
  fileSystem = new MemoryFileSystem(),
  serverOptions: Partial<NfsServerOptions> = {},
): Promise<TestPair> {
  const server = await createNfsServer({
    fileSystem,
    address,
    nfsPort: 0,
    mountPort: 0,
    clock: systemClock,
    ...serverOptions,
  });
  const options: NfsOptions = {
    addresses: [address],
    nfsPort: server.nfsPort,
    mountPort: server.mountPort,
    exportPath: '/export',
    privilegedPort: 'never',
    callTimeoutMs: 5_000,
    giveUpAfterMs: 10_000,
    clock: systemClock,
    randomness: systemRandomness,
  };
  return { fileSystem, server, options };
}
