import type { VolumeId } from '@leeward/core';
import type { ArrayDriver } from './array-driver.ts';
import type { TransferProgress, TransferRef } from './transfer.ts';

export interface TransferEnds {
  readonly secondary: ArrayDriver;
  /** Needed only where it has `outgoingTransfer`. */
  readonly primary?: ArrayDriver | undefined;
  readonly primaryVolume: VolumeId;
}

/**
 * One look at a transfer from both ends. `done` comes from the secondary alone; the primary, where it knows more,
 * adds bytes, reasons for waiting, and the failure that the secondary never hears of.
 */
export async function lookAtTransfer(
  { secondary, primary, primaryVolume }: TransferEnds,
  ref: TransferRef,
  signal?: AbortSignal,
): Promise<TransferProgress> {
  const arrived = await secondary.transferProgress(ref, signal);
  if (arrived.state === 'done' || !primary?.outgoingTransfer) return arrived;
  const sent = await primary.outgoingTransfer(primaryVolume, ref.storageSnapshotName, signal);
  // It may have arrived and lost its original while the primary was asked.
  if (sent.state === 'failed') {
    const again = await secondary.transferProgress(ref, signal);
    if (again.state === 'done') return { ...again, bytesTransferred: sent.bytesTransferred };
  }
  return sent;
}
