import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MemoryFolder } from '@leeward/formats/vmdk/testing/memory-folder';

/** Writes the files of a folder in memory to a real one, sparse. */
export async function store(folder: MemoryFolder, place: string): Promise<void> {
  for (const [name, file] of folder.files) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    const handle = await open(join(place, name), 'w');
    await handle.truncate(file.sizeBytes);
    for (const { offsetBytes, bytes } of file.parts())
      await handle.write(bytes, 0, bytes.length, offsetBytes);
    await handle.close();
  }
}
