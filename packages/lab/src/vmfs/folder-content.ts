/** What a folder says of a file in it. */
export interface FolderEntry {
  readonly name: string;
  readonly type: number;
  readonly address: number;
  readonly generation: number;
}

/** A piece of a folder's content that has to be written. */
export interface ChangedPart {
  readonly offset: number;
  readonly data: Buffer;
}

/** The content of one folder, kept in memory as it is on disk. Names MUST be checked by the caller. */
export interface FolderContent {
  readonly sizeBytes: number;
  get(name: string): FolderEntry | undefined;
  entries(): readonly FolderEntry[];
  /** The name MUST be new. */
  insert(entry: FolderEntry): void;
  remove(name: string): void;
  /** What changed since the last call, in whole pieces of `unitBytes` as far as the content goes. */
  takeChanges(unitBytes?: number): ChangedPart[];
}

/** Cuts what changed out of a folder's content. `changed` counts in pieces of `ownUnit`, and is empty afterwards. */
export function changedParts(
  content: Buffer,
  { ownUnit, unit = ownUnit }: { readonly ownUnit: number; readonly unit?: number | undefined },
  changed: Set<number>,
  sizeBytes: number,
): ChangedPart[] {
  const wanted = new Set<number>();
  for (const index of changed) {
    const last = Math.floor(((index + 1) * ownUnit - 1) / unit);
    for (let each = Math.floor((index * ownUnit) / unit); each <= last; each++) wanted.add(each);
  }
  const parts = [...wanted]
    .sort((a, b) => a - b)
    .map((index) => ({
      offset: index * unit,
      data: Buffer.from(content.subarray(index * unit, Math.min((index + 1) * unit, sizeBytes))),
    }))
    .filter(({ data }) => data.length > 0);
  changed.clear();
  return parts;
}
