import type { DatastoreFile } from '../datastore/datastore-files.ts';
import type { DeltaWriter } from './delta-writer.ts';
import type { TruthView } from './truth-disk.ts';

export type LayerKind = 'flat' | 'cowd' | 'sesparse';

/** One file of a disk's chain: the flat base or a delta. */
export class Layer {
  readonly kind: LayerKind;
  /** Name of the descriptor in the VM's folder. */
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
    readonly descriptorName: string;
    readonly file: DatastoreFile;
    readonly delta: DeltaWriter | undefined;
    readonly parent: Layer | undefined;
    readonly cid: string;
    readonly contentPrefix: string;
  }) {
    this.kind = options.delta?.kind ?? 'flat';
    this.descriptorName = options.descriptorName;
    this.extentName = extentNameOf(options.descriptorName, this.kind);
    this.changeTrackName = options.descriptorName.replace(/\.vmdk$/, '-ctk.vmdk');
    this.#file = options.file;
    this.#delta = options.delta;
    this.parent = options.parent;
    this.cid = options.cid;
    this.contentPrefix = options.contentPrefix;
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

  close(): Promise<void> {
    return this.#file.close();
  }
}

const suffixes = { flat: 'flat', cowd: 'delta', sesparse: 'sesparse' } as const;

export function extentNameOf(descriptorName: string, kind: LayerKind): string {
  return descriptorName.replace(/\.vmdk$/, `-${suffixes[kind]}.vmdk`);
}
