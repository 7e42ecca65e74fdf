import { LeewardError } from '@leeward/core';
import { openIscsiLun } from '@leeward/transports/iscsi/initiator/open-iscsi-lun';
import { startManglingProxy } from '@leeward/transports/iscsi/testing/mangling-proxy';
import { startTestTarget } from '@leeward/transports/iscsi/testing/test-target';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzz } from './support/fuzz.ts';

describe('the iSCSI initiator', () => {
  it('reads what is right or fails with an error of the catalogue, whatever becomes of headers', async () => {
    const change = fc.record({
      pdu: fc.nat(48),
      // Flags, response, status and offset tell most.
      byte: fc.oneof(fc.nat(47), fc.constantFrom(1, 2, 3, 40, 41, 42, 43)),
      value: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 8, 0x80, 0x81)),
    });
    await fuzz(
      'iSCSI initiator',
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        // Two pieces of data for each read, so that they can be told in another order.
        const target = await startTestTarget({ sizeBytes: 65_536, target: { maxBurstBytes: 2_048 } });
        const proxy = await startManglingProxy(target.server.ports[0] ?? 0);
        let count = 0;
        proxy.mangle = (pdu) => {
          // The length would only cut the stream in other places: that is the receiver's own test. The end of a tag
          // could make it the tag of another read: without digests nobody can tell, and it would be wrong data.
          for (const { byte, value } of changes.filter((one) => one.pdu === count))
            if (byte !== 19 && (byte < 4 || byte > 7)) pdu.header[byte] = value;
          count++;
          return [pdu];
        };
        try {
          const lun = await openIscsiLun({
            ...target.options,
            portals: [{ host: '127.0.0.1', port: proxy.port }],
            readBytes: 4096,
            // One after the other: which PDU is changed must be the same each time.
            sessions: 1,
            giveUpAfterMs: 150,
            timeouts: { loginMs: 200, commandMs: 60, pingAfterMs: 30, pingTimeoutMs: 30 },
          });
          try {
            const whole = Buffer.alloc(lun.sizeBytes);
            await lun.read(0, whole);
            expect(whole.equals(target.backend.bytes)).toBe(true);
          } finally {
            await lun.close();
          }
        } catch (error) {
          if (!(error instanceof LeewardError)) throw error;
        } finally {
          await proxy.close();
          await target.close();
        }
      }),
      60,
    );
  });
});
