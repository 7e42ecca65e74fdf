import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';
import { opcode } from './opcodes.ts';
import { type Digests, encodePdu, newHeader } from './pdu-encoder.ts';
import { PduError } from './pdu-error.ts';
import { PduReceiver } from './pdu-receiver.ts';

interface Received {
  readonly header: string;
  readonly data: string;
}

interface Made {
  readonly mark: number;
  readonly data: Uint8Array;
  readonly where: 'collect' | 'discard' | 'placed';
}

const made = fc.record({
  mark: fc.nat(0xffff_ffff),
  data: fc.uint8Array({ maxLength: 300, size: 'max' }),
  where: fc.constantFrom('collect', 'discard', 'placed'),
}) as fc.Arbitrary<Made>;
const digests = fc.record({ header: fc.boolean(), data: fc.boolean() });

function wire(pdus: readonly Made[], used: Digests): Buffer {
  return Buffer.concat(
    pdus.flatMap(({ mark, data }) => {
      const header = newHeader(opcode.dataIn);
      header.writeUInt32BE(mark, 16);
      return encodePdu(header, data, used, crc32c);
    }),
  );
}

/** Feeds `bytes` in pieces and gives what came out, placed data included. */
function feed(bytes: Buffer, cuts: readonly number[], used: Digests, pdus: readonly Made[]): Received[] {
  const received: Received[] = [];
  let index = 0;
  let placed: Buffer | undefined;
  const receiver = new PduReceiver(
    {
      place: (_, lengthBytes) => {
        const where = pdus[index]?.where ?? 'collect';
        if (where !== 'placed') return where;
        placed = Buffer.alloc(lengthBytes);
        return placed;
      },
      received: (header, data) => {
        const whole = placed ?? data;
        received.push({ header: header.toString('hex'), data: Buffer.from(whole).toString('hex') });
        placed = undefined;
        index++;
      },
    },
    300,
  );
  receiver.digests = used;
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    const next = Math.min(bytes.length, at + cut + 1);
    receiver.accept(bytes.subarray(at, next));
    at = next;
  }
  receiver.accept(bytes.subarray(at));
  return received;
}

const cuts = fc.array(fc.nat(120), { maxLength: 40, size: 'max' });

describe('PduReceiver', () => {
  it('gives every PDU back, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(made, { maxLength: 6 }), cuts, digests, (pdus, pieces, used) => {
        const received = feed(wire(pdus, used), pieces, used, pdus);
        expect(received.map(({ data }) => data)).toEqual(
          pdus.map(({ data, where }) => (where === 'discard' ? '' : Buffer.from(data).toString('hex'))),
        );
        expect(received.map(({ header }) => Number.parseInt(header.slice(32, 40), 16))).toEqual(
          pdus.map(({ mark }) => mark),
        );
      }),
    );
  });

  it('finds any bit that was turned on the way', () => {
    const all = { header: true, data: true };
    fc.assert(
      fc.property(made, fc.nat(), cuts, (pdu, where, pieces) => {
        const bytes = wire([pdu], all);
        const bit = where % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        // A length that was turned may also make the receiver wait for more: never may a wrong PDU come out.
        let received: Received[] = [];
        try {
          received = feed(bytes, pieces, all, [pdu]);
        } catch (error) {
          expect(error).toBeInstanceOf(PduError);
        }
        expect(received).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses data above the bound before it takes any', () => {
    const pdu: Made = { mark: 1, data: new Uint8Array(301), where: 'collect' };
    for (const used of [
      { header: false, data: false },
      { header: true, data: true },
    ])
      expect(() => feed(wire([pdu], used), [], used, [pdu])).toThrow(PduError);
  });

  it('passes over additional header segments', () => {
    const header = newHeader(opcode.nopIn);
    header[4] = 2;
    const bytes = Buffer.concat([header, Buffer.alloc(8, 0xab), ...wireOf('next')]);
    const seen: number[] = [];
    const receiver = new PduReceiver(
      { place: () => 'collect', received: (got, data) => seen.push(got[0] ?? 0, data.length) },
      100,
    );
    receiver.accept(bytes);
    expect(seen).toEqual([opcode.nopIn, 0, opcode.textResponse, 4]);
  });
});

function wireOf(text: string): Uint8Array[] {
  return encodePdu(newHeader(opcode.textResponse), Buffer.from(text), { header: false, data: false }, crc32c);
}
