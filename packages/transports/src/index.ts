export { connectNfs, listNfsExports, type NfsOptions } from './nfs/client/nfs-client.ts';
export type { NfsFile } from './nfs/client/nfs-file.ts';
export type { NfsMount } from './nfs/client/nfs-mount.ts';
export { createNfsServer, type NfsServer, type NfsServerOptions } from './nfs/server/nfs-server.ts';
export { createPortMapper } from './portmap/port-mapper.ts';
