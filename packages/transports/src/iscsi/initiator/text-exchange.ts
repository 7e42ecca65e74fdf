import { field, reservedTag } from '../pdu/opcodes.ts';
import { PduError } from '../pdu/pdu-error.ts';
import { TextGatherer } from '../pdu/text-gatherer.ts';

const finalFlag = 0x80;
const continueFlag = 0x40;

/** One text request at a time, with an answer that may come in several PDUs, each asked for. */
export class TextExchange {
  readonly #send: (text: Uint8Array, targetTag: number) => void;
  #gatherer = new TextGatherer();
  #waiting: { resolve(text: Uint8Array): void; reject(reason: unknown): void } | undefined;

  constructor(send: (text: Uint8Array, targetTag: number) => void) {
    this.#send = send;
  }

  ask(text: Uint8Array): Promise<Uint8Array> {
    if (this.#waiting) throw new PduError('two text requests at a time');
    this.#gatherer = new TextGatherer();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#send(text, reservedTag);
    });
  }

  received(header: Buffer, data: Uint8Array): void {
    const flags = header[1] ?? 0;
    const waiting = this.#waiting;
    if (!waiting) throw new PduError('an answer to a text request that was not made');
    const isWhole = (flags & finalFlag) !== 0 && (flags & continueFlag) === 0;
    const whole = this.#gatherer.add(data, !isWhole);
    if (whole) {
      this.#waiting = undefined;
      waiting.resolve(whole);
      return;
    }
    const targetTag = header.readUInt32BE(field.targetTag);
    if (targetTag === reservedTag) throw new PduError('text that is to be continued, without a tag');
    this.#send(new Uint8Array(0), targetTag);
  }

  fail(reason: unknown): void {
    this.#waiting?.reject(reason);
    this.#waiting = undefined;
  }
}
