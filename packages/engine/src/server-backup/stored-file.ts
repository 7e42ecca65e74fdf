import { createHash } from 'node:crypto';
import { type BlobWriter, fileNode } from '@leeward/repository';

const pieceBytes = 1024 * 1024;

/** A file that is written into a repository from its beginning to its end. */
export class StoredFile {
  readonly #name: string;
  readonly #blobs: BlobWriter;
  readonly #hash = createHash('sha256');
  readonly #ids: Uint8Array[] = [];
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #sizeBytes = 0;

  constructor(name: string, blobs: BlobWriter) {
    this.#name = name;
    this.#blobs = blobs;
  }

  async append(content: Uint8Array): Promise<void> {
    this.#hash.update(content);
    this.#sizeBytes += content.length;
    this.#pending.push(content);
    this.#pendingBytes += content.length;
    if (this.#pendingBytes < pieceBytes) return;
    const whole = Buffer.concat(this.#pending);
    let at = 0;
    for (; whole.length - at >= pieceBytes; at += pieceBytes)
      await this.#store(whole.subarray(at, at + pieceBytes));
    const rest = whole.subarray(at);
    [this.#pending, this.#pendingBytes] = [rest.length > 0 ? [rest] : [], rest.length];
  }

  /** The node of its folder, and what the manifest tells of it. */
  async end() {
    if (this.#pendingBytes > 0) await this.#store(Buffer.concat(this.#pending));
    const node = fileNode(this.#name, this.#sizeBytes, Buffer.concat(this.#ids));
    return { node, sizeBytes: this.#sizeBytes, sha256: this.#hash.digest('hex') };
  }

  async #store(piece: Uint8Array): Promise<void> {
    this.#ids.push((await this.#blobs.add('data', piece)).id);
  }
}
