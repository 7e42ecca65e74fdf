import { LeewardError, reportOf } from '@leeward/core';
import type { NfsMount } from '@leeward/transports';
import type { PortFinding } from './probe-tools.ts';

const maxEntries = 64;
const maxFolders = 4;
const readBytes = 4096;

/**
 * Reads from a mounted export: bytes of a file where that is a replica; elsewhere production would be read, so there
 * the folder, attributes, and what the server says may be read have to do.
 */
export async function tryExport(
  mount: NfsMount,
  exportPath: string,
  replica: boolean,
  signal: AbortSignal,
): Promise<PortFinding> {
  try {
    const file = await findFile(mount, signal);
    if (!file) return { ...mounted, text: `${exportPath} is mounted and listed; it holds no file to read` };
    if (replica) {
      const opened = await mount.open(file, signal);
      const target = new Uint8Array(Math.min(readBytes, opened.sizeBytes));
      await opened.read(0, target, signal);
      const text = `${exportPath} is mounted, ${target.length} bytes of a file were read`;
      return { reached: true, proved: 'read', text };
    }
    if ((await mount.access(file, signal)).read)
      return {
        reached: true,
        proved: 'read',
        text: `${exportPath} is mounted, a folder was read and files may be read`,
      };
    const text = `${exportPath} is mounted and listed, but its files may not be read by this proxy now`;
    return { ...mounted, refused: 'L-NET-202', text };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof LeewardError)) throw error;
    return {
      ...mounted,
      refused: error.code,
      text: `${exportPath} is mounted, but: ${reportOf(error).what}`,
    };
  }
}

const mounted = { reached: true, proved: 'mount' } as const;

/** A file that is not empty, in the root or one of its folders: as datastores have them. */
async function findFile(mount: NfsMount, signal: AbortSignal): Promise<string | undefined> {
  const root = await look(mount, '', signal);
  if (root.file !== undefined) return root.file;
  for (const folder of root.folders) {
    const { file } = await look(mount, folder, signal);
    if (file !== undefined) return file;
  }
  return undefined;
}

async function look(
  mount: NfsMount,
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly file?: string; readonly folders: readonly string[] }> {
  const folders: string[] = [];
  let seen = 0;
  for await (const { name, attributes } of mount.readDirectory(folder, signal)) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (attributes.type === 'file' && attributes.sizeBytes > 0) return { file: path, folders };
    if (attributes.type === 'directory' && !name.startsWith('.') && folders.length < maxFolders)
      folders.push(path);
    if (++seen >= maxEntries) break;
  }
  return { folders };
}
