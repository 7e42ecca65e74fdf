import { field, opcode, reservedTag } from '../pdu/opcodes.ts';
import { newHeader } from '../pdu/pdu-encoder.ts';
import { PduError } from '../pdu/pdu-error.ts';
import { TextGatherer } from '../pdu/text-gatherer.ts';
import { type KeyPair, parseTextKeys } from '../pdu/text-keys.ts';

const moreTag = 1;

/** Text requests of one session: gathers the question, hands out the answer piece by piece. */
export class TextAnswers {
  readonly #answer: (keys: readonly KeyPair[]) => Buffer;
  readonly #gatherer = new TextGatherer();
  #rest: Buffer = Buffer.alloc(0);

  constructor(answer: (keys: readonly KeyPair[]) => Buffer) {
    this.#answer = answer;
  }

  /** The next PDU to send; `maxBytes` is what the initiator takes in one. */
  take(header: Buffer, data: Uint8Array, maxBytes: number): { header: Buffer; data: Buffer } {
    const tag = header.readUInt32BE(field.initiatorTag);
    const goesOn = header.readUInt32BE(field.targetTag) !== reservedTag;
    if (goesOn && this.#rest.length === 0 && data.length === 0)
      throw new PduError('a request for the rest of a text that has none');
    if (this.#rest.length === 0) {
      const question = this.#gatherer.add(data, ((header[1] ?? 0) & 0x40) !== 0);
      if (!question) return { header: textResponse(tag, 0, moreTag), data: Buffer.alloc(0) };
      this.#rest = this.#answer(parseTextKeys(question));
    }
    const piece = this.#rest.subarray(0, maxBytes);
    this.#rest = this.#rest.subarray(piece.length);
    const isLast = this.#rest.length === 0;
    return { header: textResponse(tag, isLast ? 0x80 : 0x40, isLast ? reservedTag : moreTag), data: piece };
  }
}

function textResponse(tag: number, flags: number, targetTag: number): Buffer {
  const header = newHeader(opcode.textResponse, flags);
  header.writeUInt32BE(tag, field.initiatorTag);
  header.writeUInt32BE(targetTag, field.targetTag);
  return header;
}
