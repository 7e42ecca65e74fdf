import { createConnection } from 'node:net';
import { LeewardError } from '@leeward/core';
import { openIscsiLun } from '@leeward/transports/iscsi/initiator/open-iscsi-lun';
import { crc32c } from '@leeward/transports/iscsi/pdu/crc32c';
import { encodePdu, noDigests } from '@leeward/transports/iscsi/pdu/pdu-encoder';
import { PduError } from '@leeward/transports/iscsi/pdu/pdu-error';
import { PduReceiver } from '@leeward/transports/iscsi/pdu/pdu-receiver';
import { parsePortalAddress } from '@leeward/transports/iscsi/pdu/portal-address';
import { encodeTextKeys, parseTextKeys } from '@leeward/transports/iscsi/pdu/text-keys';
import { startManglingProxy } from '@leeward/transports/iscsi/testing/mangling-proxy';
import { RawInitiator } from '@leeward/transports/iscsi/testing/raw-initiator';
import { initiatorName, startTestTarget } from '@leeward/transports/iscsi/testing/test-target';
import { parseCapacity10, parseCapacity16 } from '@leeward/transports/scsi/client/capacity';
import { parseDeviceNames } from '@leeward/transports/scsi/client/device-identification';
import {
  parseBlockLimits,
  parseSerialNumber,
  parseStandardInquiry,
  parseSupportedPages,
} from '@leeward/transports/scsi/client/inquiry-data';
import { parseLbaStatus } from '@leeward/transports/scsi/client/lba-status';
import { parseLunList } from '@leeward/transports/scsi/client/lun-list';
import { ScsiDataError } from '@leeward/transports/scsi/client/scsi-data-error';
import { parseSense } from '@leeward/transports/scsi/sense';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzz } from './support/fuzz.ts';

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .array(fc.oneof(fc.nat(3), fc.constant(0x83), fc.nat(255)), { maxLength: 200 })
    .map((list) => Uint8Array.from(list)),
);

function only(errors: readonly (new (...args: never[]) => Error)[], work: () => unknown): void {
  try {
    work();
  } catch (error) {
    expect(errors.some((kind) => error instanceof kind)).toBe(true);
  }
}

describe('parsers', () => {
  it('of device data throw ScsiDataError or nothing', async () => {
    const parsers = [
      parseStandardInquiry,
      parseSupportedPages,
      parseSerialNumber,
      parseBlockLimits,
      parseDeviceNames,
      parseCapacity10,
      parseCapacity16,
      parseLunList,
      parseSense,
      (input: Uint8Array) => parseLbaStatus(input, 3),
    ];
    await fuzz(
      'iSCSI device data',
      fc.property(bytes, (input) => {
        for (const parse of parsers) only([ScsiDataError], () => parse(input));
      }),
      3_000,
    );
  });

  it('of text and addresses throw PduError or nothing', async () => {
    await fuzz(
      'iSCSI texts and addresses',
      fc.property(bytes, fc.string(), (input, text) => {
        only([PduError], () => parseTextKeys(input));
        parsePortalAddress(text);
      }),
      2_000,
    );
  });

  it('of PDUs throw PduError or nothing, and never write beyond a target', async () => {
    const around = Buffer.alloc(600, 0xee);
    await fuzz(
      'iSCSI PDUs',
      fc.property(fc.array(bytes, { maxLength: 6 }), fc.boolean(), fc.boolean(), (chunks, header, data) => {
        const receiver = new PduReceiver(
          {
            place: (_, length) => (length <= 400 ? around.subarray(100, 100 + length) : 'collect'),
            received: () => undefined,
          },
          100_000,
        );
        receiver.digests = { header, data };
        only([PduError], () => {
          for (const chunk of chunks) receiver.accept(chunk);
        });
        expect(around.subarray(0, 100).every((byte) => byte === 0xee)).toBe(true);
        expect(around.subarray(500).every((byte) => byte === 0xee)).toBe(true);
      }),
      3_000,
    );
  });
});

describe('the initiator', () => {
  it('reads what is right or fails with an error of the catalogue, whatever becomes of headers', async () => {
    const change = fc.record({ pdu: fc.nat(40), byte: fc.nat(47), value: fc.nat(255) });
    await fuzz(
      'iSCSI initiator',
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const target = await startTestTarget({ sizeBytes: 65_536 });
        const proxy = await startManglingProxy(target.server.ports[0] ?? 0);
        let count = 0;
        proxy.mangle = (pdu) => {
          // The length would only cut the stream in other places: that is the receiver's own test.
          for (const { byte, value } of changes.filter((one) => one.pdu === count))
            if (byte < 4 || byte > 7) pdu.header[byte] = value;
          count++;
          return [pdu];
        };
        try {
          const lun = await openIscsiLun({
            ...target.options,
            portals: [{ host: '127.0.0.1', port: proxy.port }],
            readBytes: 4096,
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

describe('the target', () => {
  it('survives any bytes before a login, and any PDUs after it', async () => {
    const defects: unknown[] = [];
    const target = await startTestTarget({
      sizeBytes: 65_536,
      target: { loginTimeoutMs: 2_000, onDefect: (error) => defects.push(error) },
    });
    const port = target.server.ports[0] ?? 0;
    const login = encodeTextKeys([
      ['InitiatorName', initiatorName],
      ['TargetName', 'iqn.2024-01.org.leeward:target'],
    ]);
    const noise = fc.oneof(bytes, fc.constant(new Uint8Array(login)));
    await fuzz(
      'iSCSI target before a login',
      fc.asyncProperty(noise, fc.nat(255), fc.nat(255), async (data, flags, at) => {
        const header = Buffer.alloc(48, at);
        header.set([0x43, flags, 0, 0, 0]);
        await talk(port, Buffer.concat(encodePdu(header, data, noDigests, crc32c)));
        await talk(port, data);
      }),
      80,
    );
    const code = fc.constantFrom(0, 1, 2, 4, 5, 6, 0x10, 0x40, 0x41, 0x42, 0x44, 0x3f);
    const pdu = fc.record({
      code,
      flags: fc.nat(255),
      rest: fc.uint8Array({ minLength: 40, maxLength: 40 }),
      data: bytes,
      likely: fc.boolean(),
    });
    await fuzz(
      'iSCSI target after a login',
      fc.asyncProperty(fc.array(pdu, { minLength: 1, maxLength: 6 }), async (pdus) => {
        const raw = await RawInitiator.login(port, initiatorName);
        for (const [index, one] of pdus.entries()) {
          const header = Buffer.alloc(48);
          header.set([one.code, one.flags]);
          header.set(one.rest, 8);
          // Fields that must be right for anything to happen at all, in half of the cases.
          if (one.likely) {
            header.set([0, 5, 0, 0, 0, 0, 0, 0], 8);
            header.writeUInt32BE(100 + index, 16);
            header.writeUInt32BE(1 + index, 24);
          }
          raw.send(header, one.data);
        }
        await new Promise((resolve) => setTimeout(resolve, 3));
        raw.close();
      }),
      150,
    );
    const lun = await openIscsiLun(target.options);
    await lun.read(0, Buffer.alloc(65_536));
    await lun.close();
    await target.close();
    expect(defects).toEqual([]);
  });
});

/** Sends bytes, takes whatever comes for a moment, and hangs up. */
function talk(port: number, message: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => {
      socket.write(message);
      setTimeout(() => socket.destroy(), 3);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
  });
}
