import { systemClock } from '@leeward/platform';
import { createNfsServer, type NfsServer } from '@leeward/transports';
import { MemoryFileSystem } from '@leeward/transports/nfs/testing/memory-file-system';
import type { NfsFolderAccess } from '../disk/folder-access.ts';

export interface ServedNfs {
  readonly server: NfsServer;
  readonly fileSystem: MemoryFileSystem;
  /** The datastore is in a folder of the export, as in a storage snapshot. */
  readonly access: NfsFolderAccess;
  bytesServed(): number;
}

/** A datastore on an NFS server on loopback. The caller closes the server. */
export async function serveNfs(files: ReadonlyMap<string, Uint8Array>): Promise<ServedNfs> {
  const fileSystem = new MemoryFileSystem({ readOnly: true });
  for (const [path, content] of files) fileSystem.addFile(`.snapshot/s 1/${path}`, content);
  let bytesServed = 0;
  const server = await createNfsServer({
    fileSystem,
    address: '127.0.0.1',
    nfsPort: 0,
    mountPort: 0,
    clock: systemClock,
    onBytesRead: (_, bytes) => {
      bytesServed += bytes;
    },
  });
  const access: NfsFolderAccess = {
    protocol: 'nfs',
    addresses: ['127.0.0.1'],
    nfsPort: server.nfsPort,
    mountPort: server.mountPort,
    exportPath: '/export',
    rootPath: '.snapshot/s 1',
  };
  return { server, fileSystem, access, bytesServed: () => bytesServed };
}
