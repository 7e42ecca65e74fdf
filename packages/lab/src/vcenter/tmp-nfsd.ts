import { systemClock } from '@leeward/platform';
import { createNfsServer } from '@leeward/transports/nfs/server/nfs-server';
import { MemoryFileSystem } from '@leeward/transports/nfs/testing/memory-file-system';
const fileSystem = new MemoryFileSystem({ exportPath: '/vol1' });
const s = await createNfsServer({ fileSystem, address: '127.0.0.1', nfsPort: 0, mountPort: 0, clock: systemClock });
console.log(JSON.stringify({ n: s.nfsPort, m: s.mountPort }));
