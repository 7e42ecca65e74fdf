import { createHash } from 'node:crypto';
import type { RepositoryBackend, StagedFile } from '../backend/backend.ts';
import type { Codec } from '../codec/codec.ts';
import { freeLargeBuffer } from '../codec/free-buffer.ts';
import { type Sealer, sealOverheadBytes } from '../crypto/sealer.ts';
import { idToHex } from '../crypto/sha256.ts';
import { type PackContent, packContentOf } from '../format/pack-content.ts';
import { type BlobType, encodePackHeader, type PackedBlob, packTrailerBytes } from '../format/pack-header.ts';

/** restic's own target; anything up to 128 MiB is allowed. */
export const defaultPackBytes = 16 * 1024 * 1024;
/** Nobody needs more blobs in one pack, and restic reads headers of many blobs slowly. */
const maxBlobs = 4096;
/** Written at once. Larger pieces take memory and gain nothing. */
const pieceBytes = 1024 * 1024;

export interface PackWriterOptions {
  readonly backend: RepositoryBackend;
  readonly sealer: Sealer;
  readonly codec: Codec;
  readonly type: BlobType;
  readonly targetBytes?: number;
  /** Called when a pack is durable in the backend; it is not in any index yet. */
  readonly onFinished: (pack: PackContent) => void;
}

/**
 * Builds packs: compress, seal, append. What is appended goes to the backend piece by piece, so that a pack takes two
 * pieces of memory and not its size; while one pack becomes durable the next one is begun. For one thread.
 */
export class PackWriter {
  readonly #options: PackWriterOptions;
  readonly #targetBytes: number;
  #buffer: Uint8Array;
  #spare: Uint8Array;
  #filled = 0;
  /** Bytes of the open pack in front of the buffer. */
  #writtenBytes = 0;
  #hash = createHash('sha256');
  #blobs: PackedBlob[] = [];
  #staged: Promise<StagedFile> | undefined;
  #appending: Promise<void> = Promise.resolve();
  #committing: Promise<void> = Promise.resolve();
  #discarded = false;

  constructor(options: PackWriterOptions) {
    this.#options = options;
    this.#targetBytes = options.targetBytes ?? defaultPackBytes;
    this.#buffer = new Uint8Array(64 * 1024);
    this.#spare = this.#buffer;
  }

  /** True when `makeRoom` MUST be called before the next `add`. */
  get isFull(): boolean {
    return this.#filled >= pieceBytes || this.#isPackFull;
  }

  get #isPackFull(): boolean {
    return this.#writtenBytes + this.#filled >= this.#targetBytes || this.#blobs.length >= maxBlobs;
  }

  /** Appends a blob whose SHA-256 is at `ids[at]`; `plain` is free again on return. Returns the bytes it takes. */
  add(ids: Uint8Array, at: number, plain: Uint8Array): number {
    const compressed = this.#options.codec.compress(plain);
    const pays = compressed.length < plain.length;
    const storedBytes = this.#seal(pays ? compressed : plain);
    freeLargeBuffer(compressed);
    this.#blobs.push({
      id: idToHex(ids, at),
      type: this.#options.type,
      offsetBytes: this.#writtenBytes + this.#filled - storedBytes,
      storedBytes,
      plainBytes: pays ? plain.length : undefined,
    });
    return storedBytes;
  }

  /** Hands out what was added. Resolves when more can be; rejects with the backend's error, now or on a later call. */
  makeRoom(): Promise<void> {
    return this.#isPackFull ? this.#closePack() : this.#writePiece();
  }

  /** Everything added so far is durable when this resolves. */
  async drain(): Promise<void> {
    await this.#closePack();
    await this.#committing;
  }

  /** Gives up the open pack, also in the middle of a call. Nothing may be added any more. */
  async discard(): Promise<void> {
    this.#discarded = true;
    await this.#appending.catch(() => undefined);
    const staged = await this.#staged?.catch(() => undefined);
    await staged?.discard();
    await this.#committing.catch(() => undefined);
  }

  async #writePiece(): Promise<void> {
    await this.#appending;
    if (this.#discarded) throw new Error('the pack was given up');
    this.#staged ??= this.#options.backend.stage('data');
    const staged = await this.#staged;
    const piece = this.#buffer.subarray(0, this.#filled);
    this.#hash.update(piece);
    [this.#buffer, this.#spare] = [this.#emptySpare(), this.#buffer];
    this.#writtenBytes += this.#filled;
    this.#filled = 0;
    this.#appending = staged.append(piece);
    this.#appending.catch(() => undefined);
  }

  async #closePack(): Promise<void> {
    if (this.#blobs.length === 0) return;
    const blobs = this.#blobs;
    const headerBytes = this.#seal(encodePackHeader(blobs));
    this.#reserve(packTrailerBytes);
    new DataView(this.#buffer.buffer).setUint32(this.#filled, headerBytes, true);
    this.#filled += packTrailerBytes;
    await this.#writePiece();
    const [staged, appended] = [await this.#staged, this.#appending];
    const pack = packContentOf(this.#hash.digest('hex'), this.#writtenBytes, this.#options.type, blobs);
    await this.#committing;
    [this.#blobs, this.#writtenBytes, this.#hash] = [[], 0, createHash('sha256')];
    this.#staged = undefined;
    if (staged) this.#committing = this.#commit(staged, appended, pack);
    this.#committing.catch(() => undefined);
  }

  async #commit(staged: StagedFile, appended: Promise<void>, pack: PackContent): Promise<void> {
    try {
      await appended;
      await staged.commit(pack.packId);
    } catch (error) {
      await staged.discard();
      throw error;
    }
    this.#options.onFinished(pack);
  }

  /** Seals behind what is there and returns the sealed length. */
  #seal(content: Uint8Array): number {
    this.#reserve(content.length + sealOverheadBytes);
    const begin = this.#filled;
    this.#filled = this.#options.sealer.sealInto(content, this.#buffer, begin);
    return this.#filled - begin;
  }

  #reserve(bytes: number): void {
    const needed = this.#filled + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#filled));
    this.#buffer = larger;
  }

  /** Two buffers once there was more than one piece. */
  #emptySpare(): Uint8Array {
    return this.#spare === this.#buffer ? new Uint8Array(this.#buffer.length) : this.#spare;
  }
}
