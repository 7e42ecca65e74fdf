import type { DatastoreFile } from '../datastore/datastore-files.ts';
import type { VmFolder } from '../datastore/vm-folder.ts';
import type { DeltaWriter } from './delta-writer.ts';
import type { TruthView } from './truth-disk.ts';

export type LayerKind = 'flat' | 'cowd' | 'sesparse';

/** One file of a disk's chain: the flat base or a delta. */
export class Layer {
  readonly kind: LayerKind;
  /** Where its files are; that of the base of a linked clone is not the clone's. */
  readonly folder: VmFolder;
  /** Name of the descriptor in the folder. */
  readonly descriptorName: string;
  readonly extentName: string;
  readonly changeTrackName: string;
  readonly #file: DatastoreFile;
  readonly #delta: DeltaWriter | undefined;
  parent: Layer | undefined;
  cid: string;
  /** First 24 digits of the content id; the CID follows. */
  contentPrefix: string;
  /** True when written to since the CID was made. */
  isDirty = false;
  /** The disk's content when this layer was frozen; undefined while it is the current one. */
  view: TruthView | undefined;

  constructor(options: {
    readonly folder: VmFolder;
    readonly descriptorName: string;
    readonly file: DatastoreFile;
    readonly delta: DeltaWriter | undefined;
    readonly parent: Layer | undefined;
    readonly cid: string;
    readonly contentPrefix: string;
  }) {
    this.kind = options.delta?.kind ?? 'flat';
    this.folder = options.folder;
    this.descriptorName = options.descriptorName;
    this.extentName = extentNameOf(options.descriptorName, this.kind);
    this.changeTrackName = options.descriptorName.replace(/\.vmdk$/, '-ctk.vmdk');
    this.#file = options.file;
    this.#delta = options.delta;
    this.parent = options.parent;
    this.cid = options.cid;
    this.contentPrefix = options.contentPrefix;
  }

  /** `[datastore] folder/name` of the descriptor. */
  get datastorePath(): string {
    return this.folder.datastorePath(this.descriptorName);
  }

  /** How files in `folder` name it: absolute when it is elsewhere. */
  nameFrom(folder: VmFolder): string {
    return this.folder === folder ? this.descriptorName : this.folder.volumePath(this.descriptorName);
  }

  get contentId(): string {
    return `${this.contentPrefix}${this.cid}`;
  }

  /** Writes begin and end on multiples of this, or end with the disk. */
  get grainBytes(): number {
    return this.#delta?.grainBytes ?? 512;
  }

  write(offsetBytes: number, data: Uint8Array): Promise<void> {
    this.isDirty = true;
    return (this.#delta ?? this.#file).write(offsetBytes, data);
  }

  /** Ranges that a delta holds; see `DeltaWriter.runs`. */
  runs(maxBytes: number): Generator<{ readonly offsetBytes: number; readonly lengthBytes: number }> {
    if (!this.#delta) throw new Error('a base disk has no runs');
    return this.#delta.runs(maxBytes);
  }

  /** Resolves when the file can be read by others: complete, and marked as clean. */
  async commit(): Promise<void> {
    await this.#delta?.seal();
    await this.#file.commit();
  }

  /** Hosts lock a frozen file for reading, the current one for themselves alone. */
  async setFrozen(isFrozen: boolean): Promise<void> {
    await this.#file.setFrozen?.(isFrozen);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

const suffixes = { flat: 'flat', cowd: 'delta', sesparse: 'sesparse' } as const;

export function extentNameOf(descriptorName: string, kind: LayerKind): string {
  return descriptorName.replace(/\.vmdk$/, `-${suffixes[kind]}.vmdk`);
}
