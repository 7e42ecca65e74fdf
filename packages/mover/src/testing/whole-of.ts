import type { ChainSource } from '../disk/disk-source.ts';
import { openDisk } from '../disk/open-disk.ts';

/** All that a disk holds, read at once. */
export async function wholeOf(source: ChainSource, tools: Parameters<typeof openDisk>[1]): Promise<Buffer> {
  const disk = await openDisk(source, tools);
  try {
    const whole = Buffer.alloc(source.sizeBytes, 0xee);
    await disk.read(0, whole);
    return whole;
  } finally {
    await disk.close();
  }
}
