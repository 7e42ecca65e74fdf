import { LeewardError } from '@leeward/core';

export type ExtentKind = 'data' | 'hole' | 'zero';

/** A run of a file in the logical volume; `logicalOffset` has no meaning for holes. */
export interface LogicalExtent {
  readonly kind: ExtentKind;
  readonly fileOffset: number;
  readonly lengthBytes: number;
  readonly logicalOffset: number;
}

/** Collects the runs of one file in order, merges neighbours, makes holes of gaps and cuts at the file's end. */
export class ExtentList {
  readonly #file: string;
  readonly #lengthBytes: number;
  readonly #limit: number;
  readonly #extents: LogicalExtent[] = [];
  #kind: ExtentKind | undefined;
  #start = 0;
  #end = 0;
  #logical = 0;

  constructor(file: string, lengthBytes: number, limit: number) {
    this.#file = file;
    this.#lengthBytes = lengthBytes;
    this.#limit = limit;
  }

  /** Offsets MUST NOT go back. What lies behind the end of the file is dropped. */
  push(kind: ExtentKind, fileOffset: number, lengthBytes: number, logicalOffset: number): void {
    const length = Math.min(lengthBytes, this.#lengthBytes - fileOffset);
    if (length <= 0) return;
    if (fileOffset > this.#end) this.#append('hole', this.#end, fileOffset - this.#end, 0);
    this.#append(kind, fileOffset, length, logicalOffset);
  }

  finish(): LogicalExtent[] {
    if (this.#end < this.#lengthBytes) this.#append('hole', this.#end, this.#lengthBytes - this.#end, 0);
    this.#flush();
    return this.#extents;
  }

  #append(kind: ExtentKind, fileOffset: number, lengthBytes: number, logicalOffset: number): void {
    const follows =
      kind === this.#kind &&
      (kind === 'hole' || logicalOffset === this.#logical + (fileOffset - this.#start));
    if (!follows) {
      this.#flush();
      this.#kind = kind;
      this.#start = fileOffset;
      this.#logical = logicalOffset;
    }
    this.#end = fileOffset + lengthBytes;
  }

  #flush(): void {
    if (this.#kind === undefined) return;
    if (this.#extents.length >= this.#limit)
      throw new LeewardError('L-FMT-417', { file: this.#file, what: 'extents', limit: this.#limit });
    this.#extents.push({
      kind: this.#kind,
      fileOffset: this.#start,
      lengthBytes: this.#end - this.#start,
      logicalOffset: this.#logical,
    });
  }
}
