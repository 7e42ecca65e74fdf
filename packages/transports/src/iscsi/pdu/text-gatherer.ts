import { PduError } from './pdu-error.ts';
import { maxTextBytes } from './text-keys.ts';

/** Joins the text of PDUs that are continued in the next one (C bit), within a bound. */
export class TextGatherer {
  #parts: Uint8Array[] = [];
  #bytes = 0;

  /** The whole text when `continued` is false, else `undefined`. Keeps `part`. Throws `PduError` above the bound. */
  add(part: Uint8Array, continued: boolean): Uint8Array | undefined {
    this.#bytes += part.length;
    if (this.#bytes > maxTextBytes || this.#parts.length > 1000)
      throw new PduError(`text above the bound of ${maxTextBytes} bytes`);
    this.#parts.push(part);
    if (continued) return undefined;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    return whole;
  }
}
