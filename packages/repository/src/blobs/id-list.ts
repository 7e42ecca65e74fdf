import { idBytes, idToHex } from '../crypto/sha256.ts';

const firstCapacity = 256;

/** A growing list of 32-byte ids in one typed array. */
export class IdList {
  #bytes = new Uint8Array(firstCapacity * idBytes);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Returns the number of the id in the list. */
  push(ids: Uint8Array, at = 0): number {
    if (this.#count * idBytes === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(ids.subarray(at, at + idBytes), this.#count * idBytes);
    return this.#count++;
  }

  hexOf(number: number): string {
    if (number >= this.#count) throw new RangeError(`no id ${number} in the list`);
    return idToHex(this.#bytes, number * idBytes);
  }

  /** All ids, flat; a view that the next `push` may leave behind. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#count * idBytes);
  }
}
