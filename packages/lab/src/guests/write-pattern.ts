/** A disk that a guest can write to. Offsets and lengths are multiples of 4 KiB. */
export interface GuestDisk {
  readonly sizeBytes: number;
  write(offsetBytes: number, data: Uint8Array): Promise<void>;
}

export interface GuestWrite {
  /** Index of the disk. */
  readonly disk: number;
  readonly offsetBytes: number;
  readonly data: Uint8Array;
}

/** What a guest writes, one after the other. */
export interface WritePattern {
  /** The write that is to be done next; the same one until `done` is called. */
  next(): GuestWrite;
  /** The write has reached the disk. */
  done(): void;
}
