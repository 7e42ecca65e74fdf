import { crc32c } from '@leeward/transports/iscsi/pdu/crc32c';
import { type Digests, encodePdu } from '@leeward/transports/iscsi/pdu/pdu-encoder';
import { PduError } from '@leeward/transports/iscsi/pdu/pdu-error';
import { PduReceiver } from '@leeward/transports/iscsi/pdu/pdu-receiver';
import type { WirePdu } from '@leeward/transports/iscsi/testing/mangling-proxy';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { fuzz } from './support/fuzz.ts';
import { anyBytes, chunksOf, must, numbers, only } from './support/inputs.ts';

describe('the receiver of iSCSI PDUs', () => {
  it('throws PduError or nothing, never writes beyond a target, and takes what was sent', async () => {
    const around = Buffer.alloc(600, 0xee);
    const untouched = Buffer.from(around);
    const most = 1_000;
    const sent = fc.record({
      fill: fc.nat(255),
      moreWords: fc.oneof(fc.constant(0), fc.nat(5), fc.nat(255)),
      dataBytes: fc.oneof(fc.nat(9), fc.nat(500), fc.nat(1_100)),
    });
    const wire = fc.record({
      pdus: fc.array(sent, { maxLength: 4 }),
      damage: fc.option(fc.record({ at: fc.nat(3_000), bits: fc.integer({ min: 1, max: 255 }) })),
      chunkBytes: fc.integer({ min: 1, max: 700 }),
    });
    const input = fc.oneof(fc.array(anyBytes, { maxLength: 6 }), wire);
    await fuzz(
      'iSCSI PDUs',
      fc.property(input, fc.boolean(), fc.boolean(), (stream, header, data) => {
        const digests = { header, data };
        const pdus = Array.isArray(stream) ? [] : stream.pdus.map(pduOf);
        const damage = Array.isArray(stream) ? undefined : stream.damage;
        const chunks = Array.isArray(stream)
          ? stream
          : chunksOf(damaged(pdus, digests, damage ?? undefined), stream.chunkBytes);
        const taken: WirePdu[] = [];
        around.fill(0xee);
        let placed = 0;
        const receiver = new PduReceiver(
          {
            place: (head, length) => {
              must(length <= most, 'a segment within the bound');
              placed = length <= 400 && ((head[0] ?? 0) & 1) === 0 ? length : 0;
              return placed > 0 ? around.subarray(100, 100 + placed) : 'collect';
            },
            received: (head, collected) => {
              const came = placed > 0 ? around.subarray(100, 100 + placed) : collected;
              must(head.readUIntBE(5, 3) === came.length, 'data as long as told');
              taken.push({ header: Buffer.from(head), data: Buffer.from(came) });
              around.fill(0xee, 100, 100 + placed);
              placed = 0;
            },
          },
          most,
        );
        receiver.digests = digests;
        let refused = false;
        only(PduError, () => {
          refused = true;
          for (const chunk of chunks) receiver.accept(chunk);
          refused = false;
        });
        around.fill(0xee, 100, 100 + placed);
        must(around.equals(untouched), 'nothing around the target');
        if (Array.isArray(stream)) return;
        const isSafe = header && data;
        if (damage && !isSafe) return;
        for (const [index, pdu] of taken.entries()) must(isSame(pdu, pdus[index]), 'PDUs as sent');
        if (damage && taken.length < pdus.length) return;
        const tooLong = pdus.findIndex((pdu) => pdu.data.length > most);
        must(taken.length === (tooLong < 0 ? pdus.length : tooLong), 'all PDUs but those too long');
        must(refused === tooLong >= 0, 'an error where one is too long');
      }),
      3_000,
    );
  });
});

function pduOf(sent: { fill: number; moreWords: number; dataBytes: number }): WirePdu {
  const header = Buffer.alloc(48 + sent.moreWords * 4, sent.fill);
  header[4] = sent.moreWords;
  header.writeUIntBE(sent.dataBytes, 5, 3);
  return { header, data: Buffer.from(numbers.subarray(0, sent.dataBytes)) };
}

const isSame = (taken: WirePdu, sent: WirePdu | undefined) =>
  sent !== undefined && taken.header.equals(sent.header.subarray(0, 48)) && taken.data.equals(sent.data);

/** The bytes of PDUs, with one of them changed. */
function damaged(
  pdus: readonly WirePdu[],
  digests: Digests,
  damage: { readonly at: number; readonly bits: number } | undefined,
): Buffer {
  const stream = Buffer.concat(pdus.flatMap(({ header, data }) => encodePdu(header, data, digests, crc32c)));
  const at = (damage?.at ?? 0) % Math.max(1, stream.length);
  if (damage && stream.length > 0) stream.writeUInt8(stream.readUInt8(at) ^ damage.bits, at);
  return stream;
}
