import {
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
} from 'node:crypto';
import sodium from 'sodium-native';
import { freeBuffer } from '../codec/free-buffer.ts';
import type { MasterKeys } from './master-keys.ts';

const ivBytes = 16;
const macBytes = 16;
/** What sealing adds to the plain text: IV in front, MAC behind. */
export const sealOverheadBytes = ivBytes + macBytes;

/** Larger pieces make every `update` allocate fresh pages (datapath.md 2c). */
const sliceBytes = 64 * 1024;
const ivPoolBytes = 4096;

/**
 * Seals and opens what a repository stores: `IV(16) ‖ AES-256-CTR ‖ Poly1305-AES(16)`. Not shared between
 * threads: each builds its own from the master keys.
 */
export class Sealer {
  readonly #key: KeyObject;
  readonly #macBlock: Cipheriv;
  readonly #oneTimeKey = new Uint8Array(32);
  readonly #randomBytes: (length: number) => Uint8Array;
  #ivPool = new Uint8Array(0);
  #ivUsed = 0;

  /** `randomBytes` MUST be cryptographically strong: an IV that repeats gives away plain text. */
  constructor(keys: MasterKeys, randomBytes: (length: number) => Uint8Array) {
    this.#key = createSecretKey(keys.encrypt);
    this.#macBlock = createCipheriv('aes-128-ecb', keys.macK, null).setAutoPadding(false);
    this.#oneTimeKey.set(keys.macR, 0);
    this.#randomBytes = randomBytes;
  }

  /** Seals `plain` into `target` from `at`, which needs `plain.length + sealOverheadBytes`. Returns the end. */
  sealInto(plain: Uint8Array, target: Uint8Array, at: number): number {
    const iv = target.subarray(at, at + ivBytes);
    iv.set(this.#nextIv());
    const bodyAt = at + ivBytes;
    const cipher = createCipheriv('aes-256-ctr', this.#key, iv);
    for (let done = 0; done < plain.length; done += sliceBytes) {
      const slice = cipher.update(plain.subarray(done, done + sliceBytes));
      target.set(slice, bodyAt + done);
      freeBuffer(slice);
    }
    const macAt = bodyAt + plain.length;
    const mac = target.subarray(macAt, macAt + macBytes);
    sodium.crypto_onetimeauth(mac, target.subarray(bodyAt, macAt), this.#macKey(iv));
    return macAt + macBytes;
  }

  seal(plain: Uint8Array): Uint8Array {
    const sealed = new Uint8Array(plain.length + sealOverheadBytes);
    this.sealInto(plain, sealed, 0);
    return sealed;
  }

  /**
   * Verifies `sealed` and decrypts it into the beginning of `target`. Returns the plain bytes (a view of
   * `target`), or `undefined` when the bytes are not what was sealed: nothing of it is usable then.
   */
  openInto(sealed: Uint8Array, target: Uint8Array): Uint8Array | undefined {
    if (sealed.length < sealOverheadBytes) return undefined;
    const iv = sealed.subarray(0, ivBytes);
    const body = sealed.subarray(ivBytes, sealed.length - macBytes);
    const mac = sealed.subarray(sealed.length - macBytes);
    if (!sodium.crypto_onetimeauth_verify(mac, body, this.#macKey(iv))) return undefined;
    const decipher = createDecipheriv('aes-256-ctr', this.#key, iv);
    for (let done = 0; done < body.length; done += sliceBytes) {
      const slice = decipher.update(body.subarray(done, done + sliceBytes));
      target.set(slice, done);
      freeBuffer(slice);
    }
    return target.subarray(0, body.length);
  }

  open(sealed: Uint8Array): Uint8Array | undefined {
    return this.openInto(sealed, new Uint8Array(Math.max(0, sealed.length - sealOverheadBytes)));
  }

  #macKey(iv: Uint8Array): Uint8Array {
    this.#oneTimeKey.set(this.#macBlock.update(iv), 16);
    return this.#oneTimeKey;
  }

  #nextIv(): Uint8Array {
    if (this.#ivUsed >= this.#ivPool.length) {
      this.#ivPool = new Uint8Array(this.#randomBytes(ivPoolBytes));
      this.#ivUsed = 0;
    }
    this.#ivUsed += ivBytes;
    return this.#ivPool.subarray(this.#ivUsed - ivBytes, this.#ivUsed);
  }
}
