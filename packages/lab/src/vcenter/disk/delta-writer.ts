/** Writes one delta file. Calls must not overlap. Keeps what it needs to know in memory and never reads the file. */
export interface DeltaWriter {
  readonly kind: 'cowd' | 'sesparse';
  readonly grainBytes: number;
  /** Offset and length are multiples of `grainBytes`; the last grain may end with the disk. */
  write(offsetBytes: number, data: Uint8Array): Promise<void>;
  /** Runs of grains that the delta holds, in rising order, each at most `maxBytes` long. */
  runs(maxBytes: number): Generator<{ readonly offsetBytes: number; readonly lengthBytes: number }>;
  /** Leaves the file as a host leaves one that it closes or freezes. */
  seal(): Promise<void>;
}
