/** Bytes of a sector, the unit of all sizes inside a descriptor. */
export const sectorBytes = 512;

/** The `parentCID` of a disk that has no parent. */
export const noParentCid = 'ffffffff';

export type ExtentAccess = 'RW' | 'RDONLY' | 'NOACCESS';

/** One extent line: a run of sectors of the disk and the file that holds them. */
export interface ExtentLine {
  readonly access: ExtentAccess;
  readonly sectors: number;
  /** In upper case: `VMFS`, `FLAT`, `VMFSSPARSE`, `SESPARSE`, `VMFSRDM`, `SPARSE`, `ZERO`, … */
  readonly type: string;
  /** As written, relative to the descriptor's folder; absent for `ZERO`. */
  readonly fileName?: string;
  /** First sector inside the file; absent where the line has none. */
  readonly offsetSectors?: number;
}

/** A line `key = "value"`, both kept as they were written (without the quotes). */
export interface DescriptorEntry {
  readonly key: string;
  readonly value: string;
}

/** What a VMDK descriptor says. Nothing in it is verified against the data files. */
export interface VmdkDescriptor {
  readonly version: number;
  /** 8 lower-case hex digits. Equal ids do NOT prove equal content. */
  readonly cid: string;
  /** 8 lower-case hex digits; `noParentCid` for a base disk. */
  readonly parentCid: string;
  readonly createType: string;
  readonly nativeSnapshot: boolean;
  readonly parentFileNameHint?: string;
  /** The change tracking file. MUST NOT be kept where that file is not restored. */
  readonly changeTrackPath?: string;
  /** In the order of the disk's sectors. */
  readonly extents: readonly ExtentLine[];
  /** The disk data base (`ddb.…`), in order; unknown keys included. */
  readonly ddb: readonly DescriptorEntry[];
  /** Header keys that are not among the fields above, in order. */
  readonly others: readonly DescriptorEntry[];
}

/** The value of `ddb.<name>`, whatever its case; undefined when the descriptor lacks it. */
export function ddbValue(descriptor: VmdkDescriptor, name: string): string | undefined {
  const wanted = `ddb.${name}`.toLowerCase();
  return descriptor.ddb.find((entry) => entry.key.toLowerCase() === wanted)?.value;
}
