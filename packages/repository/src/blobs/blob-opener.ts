import { LeewardError } from '@leeward/core';
import type { Codec } from '../codec/codec.ts';
import { freeLargeBuffer } from '../codec/free-buffer.ts';
import type { Sealer } from '../crypto/sealer.ts';
import { idToHex, sha256 } from '../crypto/sha256.ts';

/** Opens, decompresses and verifies blobs with reused memory; for one thread. */
export class BlobOpener {
  readonly #sealer: Sealer;
  readonly #codec: Codec;
  #last: Uint8Array | undefined;
  #opened = new Uint8Array(1024 * 1024);

  constructor(sealer: Sealer, codec: Codec) {
    this.#sealer = sealer;
    this.#codec = codec;
  }

  /**
   * The plain bytes, valid until the next call. Throws `L-REP-112` for anything that is not the blob `id`.
   */
  open(sealed: Uint8Array, plainBytes: number | undefined, id: Uint8Array, packId: string): Uint8Array {
    if (this.#opened.length < sealed.length) this.#opened = new Uint8Array(sealed.length);
    const fail = (reason: string, cause?: unknown) =>
      new LeewardError('L-REP-112', { blob: idToHex(id), pack: packId, reason }, cause);
    const opened = this.#sealer.openInto(sealed, this.#opened);
    if (!opened) throw fail('its MAC is wrong');
    let plain = opened;
    if (plainBytes !== undefined) {
      try {
        if (this.#last) freeLargeBuffer(this.#last);
        plain = this.#codec.decompress(opened, plainBytes);
        this.#last = plain;
      } catch (error) {
        throw fail('it cannot be decompressed', error);
      }
    }
    if (Buffer.compare(sha256(plain), id) !== 0) throw fail('its content does not match its id');
    return plain;
  }
}
