import { SeededRandomness } from '@leeward/platform';
import { fillPiece, pieceBytes } from '../../guests/content.ts';
import type { SimulatedDisk } from '../disk/simulated-disk.ts';
import { createSnapshot } from './create-snapshot.ts';
import type { SimulatedVm } from './simulated-vm.ts';
import type { OperationDeps } from './snapshot-operations.ts';

/** Takes the VMware snapshots that the configuration gives a VM, and writes what is said to be written after each. */
export async function takeInitialSnapshots(
  vm: SimulatedVm,
  deps: Pick<OperationDeps, 'ledger' | 'newSnapshotId'>,
): Promise<void> {
  for (const { name, description, quiesce, writesAfter } of vm.config.snapshots) {
    const request = { name, description, memory: false, quiesce };
    const quiet = { injected: async () => undefined, progress: () => undefined, durationMs: 0 };
    await createSnapshot(vm, request, { ...deps, ...quiet });
    if (writesAfter) await scatter(vm.disks, writesAfter);
  }
}

/** Pieces of several kinds, zeros among them, at places that depend on the seed only. */
async function scatter(
  disks: readonly SimulatedDisk[],
  { seed, bytes }: { readonly seed: number; readonly bytes: number },
): Promise<void> {
  const random = new SeededRandomness(seed);
  const kinds = ['text', 'binary', 'compressed', 'zeros'] as const;
  const buffer = Buffer.allocUnsafe(pieceBytes);
  for (let left = bytes; left > 0 && disks.length > 0; left -= pieceBytes) {
    const disk = disks[Math.floor(random.fraction() * disks.length)];
    const kind = kinds[Math.floor(random.fraction() * kinds.length)] ?? 'text';
    if (!disk?.isInSnapshots) continue;
    const { sizeBytes } = disk.options;
    const length = Math.min(pieceBytes, sizeBytes);
    const offset = Math.floor((random.fraction() * (sizeBytes - length)) / 512) * 512;
    fillPiece(seed, kind, Math.floor(offset / 512), buffer);
    await disk.fill(offset, buffer.subarray(0, length));
  }
}
