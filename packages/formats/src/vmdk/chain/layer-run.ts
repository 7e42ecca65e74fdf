import type { DataFile } from './data-file.ts';

/**
 * What one layer says about a part of the disk: `data` lies in one of its files, `zero` is zeros, `unmapped` was
 * given back by the guest and is read as zeros, `parent` is for the layer below to say.
 */
export interface LayerRun {
  readonly offsetBytes: number;
  lengthBytes: number;
  readonly kind: 'data' | 'zero' | 'unmapped' | 'parent';
  /** With `data`. */
  readonly file?: DataFile;
  /** With `data`: where the run begins in the file. */
  readonly fileOffsetBytes?: number;
}

/**
 * A part of a layer. Offsets are those of the part. `runs` gives runs that follow each other from `from` without
 * a gap: at least one, a bounded number of them, and they may end before `to` (then ask again) or behind it
 * (what was known without another read), but never behind the part.
 */
export interface LayerPart {
  readonly lengthBytes: number;
  readonly files: readonly DataFile[];
  runs(from: number, to: number, signal?: AbortSignal): Promise<LayerRun[]>;
}

interface Run extends Omit<LayerRun, 'kind'> {
  readonly kind: string;
  readonly layer?: number;
}

/** Adds a run that follows the last one, as a part of it where both are the same. */
export function appendRun<R extends Run>(runs: R[], run: R): void {
  const last = runs[runs.length - 1];
  const isSame =
    last !== undefined &&
    last.kind === run.kind &&
    last.layer === run.layer &&
    last.file === run.file &&
    (run.kind !== 'data' || (last.fileOffsetBytes ?? 0) + last.lengthBytes === run.fileOffsetBytes);
  if (isSame) last.lengthBytes += run.lengthBytes;
  else runs.push({ ...run });
}
