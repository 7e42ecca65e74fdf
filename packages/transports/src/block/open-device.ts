import { constants, type FileHandle, open } from 'node:fs/promises';
import { AlignedSlots } from './aligned-slots.ts';

/** An open device; with `slots` it is read past the page cache, which may know an older device of the same name. */
export interface OpenDevice {
  readonly file: FileHandle;
  readonly slots: AlignedSlots | undefined;
}

const slotCount = 8;
const slotBytes = 512 * 1024;

/** Read-only. Direct where the kernel can do that (it proves it by one read), else by way of the page cache. */
export async function openDevice(device: string): Promise<OpenDevice> {
  return (await openDirect(device)) ?? { file: await open(device, constants.O_RDONLY), slots: undefined };
}

async function openDirect(device: string): Promise<OpenDevice | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(device, constants.O_RDONLY | constants.O_DIRECT);
    const slots = new AlignedSlots(slotCount, slotBytes);
    const { bytesRead } = await slots.use((slot) => readAt(file, slot.subarray(0, 4096), 0));
    if (bytesRead > 0) return { file, slots };
  } catch (error) {
    if (!isUnsupported(error)) {
      await file?.close();
      throw error;
    }
  }
  await file?.close();
  return undefined;
}

function readAt(
  file: FileHandle | undefined,
  target: Uint8Array,
  at: number,
): Promise<{ bytesRead: number }> {
  if (!file) throw new Error('the device is not open');
  return file.read(target, 0, target.length, at);
}

/** EINVAL: a file system or device without direct reads. RangeError: no address space for the buffers. */
function isUnsupported(error: unknown): boolean {
  return (
    error instanceof RangeError || (error instanceof Error && 'code' in error && error.code === 'EINVAL')
  );
}
