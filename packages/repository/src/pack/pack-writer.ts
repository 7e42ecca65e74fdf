import type { RepositoryBackend } from '../backend/backend.ts';
import type { Codec } from '../codec/codec.ts';
import { freeLargeBuffer } from '../codec/free-buffer.ts';
import { type Sealer, sealOverheadBytes } from '../crypto/sealer.ts';
import { idBytes, idToHex, sha256Hex } from '../crypto/sha256.ts';
import type { PackContent } from '../format/pack-content.ts';
import { type BlobType, encodePackHeader, type PackedBlob, packHeaderBytes } from '../format/pack-header.ts';

/** restic's own target; anything up to 128 MiB is allowed. */
export const defaultPackBytes = 16 * 1024 * 1024;
/** Nobody needs more blobs in one pack, and restic reads headers of many blobs slowly. */
const maxBlobs = 4096;

export interface PackWriterOptions {
  readonly backend: RepositoryBackend;
  readonly sealer: Sealer;
  readonly codec: Codec;
  readonly type: BlobType;
  readonly targetBytes?: number;
  /** Memory taken at the beginning; it grows when that is too little. */
  readonly initialBytes?: number;
  /** Called when a pack is durable in the backend; it is not in any index yet. */
  readonly onFinished: (pack: PackContent) => void;
}

/**
 * Builds packs: compress, seal, append; one pack is filled while the one before is being stored. For one thread,
 * with two reused buffers.
 */
export class PackWriter {
  readonly #options: PackWriterOptions;
  readonly #targetBytes: number;
  #buffer: Uint8Array;
  #spare: Uint8Array | undefined;
  #used = 0;
  #blobs: PackedBlob[] = [];
  #saving: Promise<void> = Promise.resolve();

  constructor(options: PackWriterOptions) {
    this.#options = options;
    this.#targetBytes = options.targetBytes ?? defaultPackBytes;
    this.#buffer = new Uint8Array(options.initialBytes ?? 256 * 1024);
  }

  get isFull(): boolean {
    return this.#used >= this.#targetBytes || this.#blobs.length >= maxBlobs;
  }

  /** Appends a blob whose SHA-256 is at `ids[at]`; `plain` is free again on return. Returns the bytes it takes. */
  add(ids: Uint8Array, at: number, plain: Uint8Array): number {
    const compressed = this.#options.codec.compress(plain);
    const pays = compressed.length < plain.length;
    const content = pays ? compressed : plain;
    this.#reserve(content.length + sealOverheadBytes);
    const offsetBytes = this.#used;
    this.#used = this.#options.sealer.sealInto(content, this.#buffer, offsetBytes);
    freeLargeBuffer(compressed);
    this.#blobs.push({
      id: idToHex(ids, at),
      type: this.#options.type,
      offsetBytes,
      storedBytes: this.#used - offsetBytes,
      plainBytes: pays ? plain.length : undefined,
    });
    return this.#used - offsetBytes;
  }

  /**
   * Closes the open pack, if it holds anything, and begins to store it. Resolves when the next one can be filled,
   * that is when the pack before is durable. Rejects with the backend's error, now or on a later call.
   */
  async closePack(): Promise<void> {
    if (this.#blobs.length === 0) return;
    const pack = this.#finishContent();
    const stored = this.#buffer.subarray(0, this.#used);
    const buffer = this.#buffer;
    await this.#saving;
    this.#buffer = this.#spare ?? new Uint8Array(buffer.length);
    this.#spare = undefined;
    this.#used = 0;
    this.#blobs = [];
    this.#saving = this.#options.backend.save('data', pack.packId, stored).then(() => {
      this.#spare = buffer;
      this.#options.onFinished(pack);
    });
    this.#saving.catch(() => undefined);
  }

  /** Everything added so far is durable when this resolves. */
  async drain(): Promise<void> {
    await this.closePack();
    await this.#saving;
  }

  #finishContent(): PackContent {
    const header = encodePackHeader(this.#blobs);
    this.#reserve(header.length + sealOverheadBytes + 4);
    const headerAt = this.#used;
    const headerEnd = this.#options.sealer.sealInto(header, this.#buffer, headerAt);
    new DataView(this.#buffer.buffer, this.#buffer.byteOffset).setUint32(
      headerEnd,
      headerEnd - headerAt,
      true,
    );
    this.#used = headerEnd + 4;
    const count = this.#blobs.length;
    const ids = Buffer.from(new ArrayBuffer(count * idBytes));
    const places = new Uint32Array(count * 3);
    this.#blobs.forEach((blob, index) => {
      ids.write(blob.id, index * idBytes, 'hex');
      places.set([blob.offsetBytes, blob.storedBytes, blob.plainBytes ?? 0], index * 3);
    });
    const packId = sha256Hex(this.#buffer.subarray(0, this.#used));
    return { packId, sizeBytes: this.#used, type: this.#options.type, count, ids, places };
  }

  #reserve(bytes: number): void {
    const needed = this.#used + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#used));
    this.#buffer = larger;
  }
}

/** Buffer bytes that never need to grow for blobs of `blobBytes`. */
export function packBufferBytes(targetBytes: number, blobBytes: number): number {
  const blobs = Math.min(maxBlobs, Math.ceil(targetBytes / 64));
  return targetBytes + blobBytes + sealOverheadBytes + packHeaderBytes(0, blobs);
}
