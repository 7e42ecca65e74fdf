/** A grain that the file does not hold: its content is the parent's. */
export const inParent = -1;
/** A grain of zeros. */
export const zeroGrain = -2;
/** A grain that the guest unmapped. Read as zeros. */
export const unmappedGrain = -3;

/**
 * How one sparse data file finds its grains: a directory of tables of grains. The shape was checked when the
 * file was opened; entries are checked as they are read, and throw `L-FMT-217`.
 */
export interface GrainFormat {
  readonly capacityBytes: number;
  readonly grainBytes: number;
  readonly entriesPerTable: number;
  /** Of directory and table entries. */
  readonly entryBytes: 4 | 8;
  readonly directoryOffsetBytes: number;
  readonly directoryEntries: number;
  /** Where the table lies in the file, for a directory entry; undefined when there is none. `entryAt` is the entry's own place. */
  table(directory: DataView, at: number, entryAt: number): number | undefined;
  /** Where the grain lies in the file, or one of the three negative values above. */
  grain(table: DataView, at: number, entryAt: number): number;
}
