import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';
import { opcode } from './opcodes.ts';
import { type Digests, encodePdu, newHeader, noDigests } from './pdu-encoder.ts';
import { PduReceiver } from './pdu-receiver.ts';

const lengthBytes = 200_000;
const content = Buffer.alloc(lengthBytes, 'what is read');
const digests = fc.record({ header: fc.boolean(), data: fc.boolean() });

function stream(used: Digests): Buffer {
  return Buffer.concat(
    [1, 2].flatMap((mark) => {
      const header = newHeader(opcode.dataIn);
      header.writeUInt32BE(mark, 16);
      return encodePdu(header, content, used, crc32c);
    }),
  );
}

function receiverInto(targets: readonly Buffer[], used: Digests) {
  const marks: number[] = [];
  const receiver = new PduReceiver(
    {
      place: () => targets[marks.length] ?? 'discard',
      received: (header) => marks.push(header.readUInt32BE(16)),
    },
    lengthBytes,
  );
  receiver.digests = used;
  return { receiver, marks };
}

describe('receiving straight into the target', () => {
  it('gives the same data in any steps, with and without digests', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 200, max: 150_000 }), { minLength: 1, maxLength: 6 }),
        digests,
        (steps, used) => {
          const bytes = stream(used);
          const targets = [Buffer.alloc(lengthBytes), Buffer.alloc(lengthBytes)];
          const { receiver, marks } = receiverInto(targets, used);
          let directBytes = 0;
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const into = receiver.directTarget();
            const step = Math.min(steps[turn % steps.length] ?? 200, into?.length ?? 8192);
            const piece = bytes.subarray(at, at + step);
            at += piece.length;
            if (into) directBytes += piece.length;
            into?.set(piece);
            receiver.accept(into ? into.subarray(0, piece.length) : piece);
          }
          expect(marks).toEqual([1, 2]);
          expect(targets.every((target) => target.equals(content))).toBe(true);
          expect(directBytes).toBeGreaterThan(lengthBytes);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('says when the target can no longer be taken back', () => {
    const { receiver } = receiverInto([Buffer.alloc(lengthBytes)], noDigests);
    const bytes = stream(noDigests);
    receiver.accept(bytes.subarray(0, 1000));
    expect(receiver.isAfterLarge).toBe(true);
    expect(receiver.directTarget()).toHaveLength(lengthBytes - 1000 + 48);
    expect(receiver.discardRest()).toBe(false);
    receiver.accept(bytes.subarray(1000, 2000));
    expect(receiver.discardRest()).toBe(true);
    expect(receiver.directTarget()).toBeUndefined();
  });
});
