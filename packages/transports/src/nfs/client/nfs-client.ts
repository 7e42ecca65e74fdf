import type { ExportEntry } from '../../mount/mount-calls.ts';
import { NfsMount } from './nfs-mount.ts';
import { type NfsOptions, withDefaults } from './nfs-options.ts';
import { NfsSession } from './nfs-session.ts';
import { ServerDoor } from './server-door.ts';

export type { ExportEntry } from '../../mount/mount-calls.ts';
export type { PrivilegedPort } from '../../rpc/client/dial.ts';
export type { RemoteAttributes } from '../protocol/attributes.ts';
export type { NfsEntry } from './list-directory.ts';
export type { NfsFile } from './nfs-file.ts';
export type { GrantedAccess, NfsMount } from './nfs-mount.ts';
export type { NfsOptions } from './nfs-options.ts';
export type { NfsCounters } from './nfs-session.ts';
export type { FileSystemSpace } from './read-calls.ts';

/**
 * Mounts an export for reading: port mapper, MOUNT, FSINFO, each address once. Throws `L-NET-101` to `L-NET-109`,
 * `L-NET-112` or `L-NET-114` when that is not possible. The caller closes the mount.
 */
export async function connectNfs(options: NfsOptions, signal?: AbortSignal): Promise<NfsMount> {
  return new NfsMount(await NfsSession.connect(options, signal));
}

/** What the server exports, as its MOUNT service tells this client. */
export function listNfsExports(
  options: Omit<NfsOptions, 'exportPath'>,
  signal?: AbortSignal,
): Promise<readonly ExportEntry[]> {
  return new ServerDoor(withDefaults({ ...options, exportPath: '' })).exports(signal);
}
