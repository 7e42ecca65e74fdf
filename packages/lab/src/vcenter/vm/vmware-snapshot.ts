import type { Bitmap } from '../disk/bitmap.ts';
import type { Layer } from '../disk/layer.ts';
import type { Ref } from '../soap/value.ts';

/** One disk in a VMware snapshot. `layer` is replaced when the frozen file is merged into its parent. */
export interface FrozenDisk {
  readonly key: number;
  layer: Layer;
  readonly changeId: string | undefined;
  /** What was written to the disk until then: what `*` asks a host for. */
  readonly written: Bitmap;
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
  readonly hasMemory: boolean;
  parent: VmwareSnapshot | undefined;
  readonly disks: readonly FrozenDisk[];
  /** What the VM's configuration said at that moment. */
  readonly changeTrackingEnabled: boolean;
  readonly changeVersion: string;
  readonly powerState: 'poweredOn' | 'poweredOff' | 'suspended';
}
