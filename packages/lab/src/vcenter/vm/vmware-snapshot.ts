import type { FrozenLayer } from '../disk/frozen-layer.ts';
import type { Layer } from '../disk/layer.ts';
import type { Ref } from '../soap/value.ts';

/** One disk in a VMware snapshot. `layer` is replaced when the frozen file is merged into its parent. */
export interface FrozenDisk extends FrozenLayer {
  readonly key: number;
  layer: Layer;
}

/** A VMware snapshot of one VM. */
export interface VmwareSnapshot {
  readonly ref: Ref;
  /** Number inside the VM, from 1. */
  readonly number: number;
  name: string;
  description: string;
  readonly createdMs: number;
  readonly isQuiesced: boolean;
  /** Name of the file with what the guest's VSS said, in the VM's folder. */
  readonly manifestName: string | undefined;
  readonly hasMemory: boolean;
  parent: VmwareSnapshot | undefined;
  readonly disks: readonly FrozenDisk[];
  /** What the VM's configuration said at that moment. */
  readonly changeTrackingEnabled: boolean;
  readonly changeVersion: string;
  readonly powerState: 'poweredOn' | 'poweredOff' | 'suspended';
}
