import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a whole file atomically and durably: temporary name, fsync of the file, rename, fsync of the folder.
 * After a crash at any moment the path holds either the old or the new content. `tag` makes the temporary name
 * unique among concurrent writers. Fails with the file system's own error (ENOSPC, EACCES, …).
 */
export async function writeFileDurably(
  path: string,
  content: Uint8Array | string,
  options: { readonly mode?: number; readonly tag?: string } = {},
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${options.tag ?? process.pid}.tmp`);
  const file = await open(temporary, 'w', options.mode ?? 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await file.close();
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await file.close();
  try {
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes renames and deletions inside a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
