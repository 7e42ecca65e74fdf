import type { Extent } from '@leeward/core';

/**
 * A read-only block device, whatever lies behind it. Contract:
 * - `read` fills `target[0..lengthBytes)` completely or throws; offsets and lengths are any byte values within
 *   the size. Many reads may be in flight. Content does not change while the disk is open.
 * - `allocated` lists, in order and merged, what may hold other than zeros; `undefined` when not known.
 * - Who opened it closes it; reads in flight at `close` reject.
 */
export interface Disk {
  readonly sizeBytes: number;
  read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void>;
  allocated(): Promise<readonly Extent[] | undefined>;
  close(): Promise<void>;
}
