import { type DiskInfo, describeDisks } from '../model/disk.ts';
import { readObject } from '../session/collector.ts';
import type { CallOptions, SessionHandle } from '../session/session-call.ts';
import { isGone, refuseUnread } from './missing-object.ts';

/**
 * A disk as a VMware snapshot froze it: `fileName` is the file to read, `changeId` (absent when CBT is not at
 * work on this disk) the id to store with the point.
 */
export type FrozenDisk = DiskInfo;

/** The disks in the configuration of the VMware snapshot itself. Throws `L-VC-409` when it is gone. */
export async function frozenDisks(
  handle: SessionHandle,
  snapshotMoId: string,
  options: CallOptions,
): Promise<FrozenDisk[]> {
  const path = 'config.hardware.device';
  const snapshot = await readObject(handle, 'VirtualMachineSnapshot', snapshotMoId, [path], options).catch(
    (error) => {
      if (isGone(error, snapshotMoId)) throw handle.problem('L-VC-409', { snapshot: snapshotMoId }, error);
      throw error;
    },
  );
  refuseUnread(handle, snapshot);
  const devices = snapshot.values[path];
  if (devices) return describeDisks(devices);
  const vm = `with VMware snapshot ${snapshotMoId}`;
  throw handle.problem('L-VC-203', { vm, reason: 'the VMware snapshot has no configuration' });
}
