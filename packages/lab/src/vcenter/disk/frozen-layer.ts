import type { Bitmap } from './bitmap.ts';
import type { Layer } from './layer.ts';

export interface DiskWrite {
  readonly offsetBytes: number;
  readonly data: Uint8Array;
}

/** What was frozen of a disk: `layer.view` is the disk's content then. Bitmaps are of tracking blocks. */
export interface FrozenLayer {
  readonly layer: Layer;
  readonly changeId: string | undefined;
  /** What was ever written: what `*` asks a host for. */
  readonly written: Bitmap;
  /** What VSS writers wrote to `layer`, and how much of it change tracking knows. */
  readonly quiesced: { readonly written: Bitmap; readonly tracked: Bitmap } | undefined;
}
