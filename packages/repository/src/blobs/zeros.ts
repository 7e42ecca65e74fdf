import { sha256 } from '../crypto/sha256.ts';

const zeros = Buffer.alloc(1024 * 1024);

/** Whether all bytes are zero, at memory speed. */
export function isZero(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += zeros.length) {
    const part = bytes.subarray(at, at + zeros.length);
    if (Buffer.compare(zeros.subarray(0, part.length), part) !== 0) return false;
  }
  return true;
}

/** The id of a block of zeros, computed once for each length. */
export class ZeroIds {
  readonly #ids = new Map<number, Uint8Array>();

  idOf(bytes: number): Uint8Array {
    let id = this.#ids.get(bytes);
    if (!id) {
      id = sha256(new Uint8Array(bytes));
      this.#ids.set(bytes, id);
    }
    return id;
  }
}
