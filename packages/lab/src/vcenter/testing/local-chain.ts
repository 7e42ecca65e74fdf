import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DiskChain, type FolderReader, openDiskChain } from '@leeward/formats';

/** The content of a disk in a folder of this machine, read by the product's own reader; for small ones. */
export async function wholeChain(folder: string, descriptor: string): Promise<Buffer> {
  const chain = await openDiskChain(folderOf(folder), descriptor);
  return contentOf(chain);
}

export async function contentOf(chain: DiskChain): Promise<Buffer> {
  const whole = Buffer.alloc(chain.capacityBytes);
  await chain.read(0, whole);
  return whole;
}

function folderOf(folder: string): FolderReader {
  return {
    name: folder,
    async open(path) {
      const bytes = await readFile(join(folder, path)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (!bytes) return undefined;
      return {
        sizeBytes: bytes.length,
        read: async (offsetBytes, target) => {
          target.set(bytes.subarray(offsetBytes, offsetBytes + target.length));
        },
      };
    },
  };
}
