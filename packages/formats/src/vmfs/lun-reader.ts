import { LeewardError } from '@leeward/core';

/**
 * One LUN (an extent of a VMFS volume), read-only. `read` fills the whole target or throws; any byte offset and
 * length within the size; many reads may be under way. Content MUST NOT change while a volume is open on it.
 */
export interface LunReader {
  readonly sizeBytes: number;
  read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void>;
}

/** Reads bytes of a LUN into a new buffer. `L-FMT-407` when they are not within it: nothing is then asked of the LUN. */
export async function readLun(
  lun: LunReader,
  name: string,
  offsetBytes: number,
  lengthBytes: number,
  signal?: AbortSignal,
): Promise<Buffer> {
  const neededBytes = offsetBytes + lengthBytes;
  if (!(offsetBytes >= 0) || !(neededBytes <= lun.sizeBytes))
    throw new LeewardError('L-FMT-407', { lun: name, sizeBytes: lun.sizeBytes, neededBytes });
  const target = Buffer.alloc(lengthBytes);
  await lun.read(offsetBytes, target, signal);
  return target;
}
