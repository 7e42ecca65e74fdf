/** Bounds that no input makes the reader exceed; beyond them it throws `L-FMT-417`. */
export interface VmfsLimits {
  /** Extents of one file, after merging. */
  readonly extents: number;
  /** Entries of one directory. */
  readonly directoryEntries: number;
  /** Directories whose entries are kept in memory, and entries in all of them together. */
  readonly cachedDirectories: number;
  readonly cachedEntries: number;
}

export const defaultLimits: VmfsLimits = {
  extents: 2_000_000,
  directoryEntries: 200_000,
  cachedDirectories: 64,
  cachedEntries: 50_000,
};

/** VMFS allows no longer file. */
export const maxFileBytes = 64 * 2 ** 40;
