import { isDeepStrictEqual } from 'node:util';
import { PduError } from '@leeward/transports/iscsi/pdu/pdu-error';
import { parsePortalAddress, portalText } from '@leeward/transports/iscsi/pdu/portal-address';
import { encodeTextKeys, parseTextKeys, parseUniqueKeys } from '@leeward/transports/iscsi/pdu/text-keys';
import { type Capacity, parseCapacity10, parseCapacity16 } from '@leeward/transports/scsi/client/capacity';
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
import { describe, it } from 'vitest';
import { fuzz } from './support/fuzz.ts';
import { anyBytes, must, only } from './support/inputs.ts';

const pageCode = fc.constantFrom(0, 0x80, 0x83, 0xb0);

/** Device data with a head that parsers look behind: the code of a page, a length that fits or nearly does. */
const deviceData = fc.oneof(
  anyBytes,
  fc
    .tuple(anyBytes, pageCode, fc.integer({ min: -5, max: 2 }))
    .map(([body, page, more]) =>
      Buffer.from([0, page, 0, Math.min(255, Math.max(0, body.length + more)), ...body]),
    ),
  // A capacity: the last block, and blocks of a power of two.
  fc
    .tuple(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(20), fc.constantFrom(8, 12, 16, 32))
    .map(([last, power, length]) => {
      const data = Buffer.alloc(32);
      data.writeBigUInt64BE(last);
      data.writeUInt32BE(2 ** power, length === 8 ? 4 : 8);
      return data.subarray(0, length);
    }),
  // Ranges of blocks, most of them one behind the other.
  fc
    .tuple(
      fc.array(fc.tuple(fc.nat(3), fc.nat(20)), { maxLength: 4 }),
      fc.nat(16),
      fc.integer({ min: -1, max: 17 }),
    )
    .map(([ranges, cut, more]) => {
      const data = Buffer.alloc(8 + ranges.length * 16);
      let block = 3;
      for (const [index, [away, odd]] of ranges.entries()) {
        const count = odd < 4 ? odd : 8;
        data.writeBigUInt64BE(BigInt(odd === 4 ? block + away : block), 8 + index * 16);
        data.writeUInt32BE(count, 16 + index * 16);
        block += count;
      }
      data.writeUInt32BE(Math.max(0, data.length - 4 + more));
      return data.subarray(0, cut < 8 ? data.length : data.length - cut);
    }),
);

describe('parsers of iSCSI and SCSI', () => {
  it('of device data throw ScsiDataError, or tell what can be', async () => {
    const parsers = [
      parseStandardInquiry,
      parseSupportedPages,
      parseSerialNumber,
      parseBlockLimits,
      parseSense,
      (input: Uint8Array) => {
        const { naa = '', eui = '', t10 = '' } = parseDeviceNames(input);
        // Two digits, or one letter, for a byte that is there.
        const most = Math.max(0, input.length - 8);
        must(Math.max(naa.length / 2, eui.length / 2, t10.length) <= most, 'names of bytes that are there');
        const told = input.subarray(0, 4 + (((input[2] ?? 0) << 8) | (input[3] ?? 0)));
        for (const name of [naa, eui]) must(isWholeName(told, name), 'whole names');
      },
      (input: Uint8Array) => checkCapacity(parseCapacity10(input)),
      (input: Uint8Array) => checkCapacity(parseCapacity16(input)),
      (input: Uint8Array) => {
        const { luns } = parseLunList(input);
        must(luns.length <= (input.length - 8) / 8, 'LUNs of bytes that are there');
        must(
          luns.every((lun, index) => lun > (luns[index - 1] ?? -1) && lun < 16_384),
          'LUNs in order',
        );
      },
      (input: Uint8Array) => {
        const ranges = parseLbaStatus(input, 3);
        must(ranges.length <= (input.length - 8) / 16, 'ranges of bytes that are there');
        let next = 3;
        for (const [index, { startBlock, blocks }] of ranges.entries()) {
          must(startBlock === next && blocks > 0, 'ranges one behind the other');
          const told = Number(Buffer.from(input).readBigUInt64BE(8 + index * 16));
          must(told === next || (index === 0 && told < next), 'ranges as told');
          next += blocks;
        }
        must(next > 3, 'some range');
      },
    ];
    await fuzz(
      'iSCSI device data',
      fc.property(deviceData, (input) => {
        for (const parse of parsers) only(ScsiDataError, () => parse(input));
      }),
      3_000,
    );
  });

  it('of text and addresses throw PduError, or tell what can be said again', async () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      ':',
      ',',
      '%',
      '.',
      ' ',
      '0',
      '1',
      '3260',
      '65536',
      'fe80::1',
      'a',
      'é',
    );
    const address = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
    );
    const pair = fc
      .tuple(fc.nat(70), fc.oneof(fc.nat(9), fc.nat(9_000)), fc.constantFrom('=', '=', '=', ''))
      .map(([key, value, between]) => `${'k'.repeat(key)}${between}${'v'.repeat(value)}\0`);
    const text = fc.oneof(
      anyBytes,
      fc.array(pair, { maxLength: 3 }).map((pairs) => Buffer.from(pairs.join(''))),
    );
    await fuzz(
      'iSCSI texts and addresses',
      fc.property(text, address, (input, told) => {
        only(PduError, () => {
          const pairs = parseTextKeys(input);
          for (const [key, value] of pairs) {
            must(key.length > 0 && key.length < 64 && !key.includes('='), 'a key');
            must(value.length <= 8_192, 'a value that is not too long');
          }
          must(isDeepStrictEqual(parseTextKeys(encodeTextKeys(pairs)), pairs), 'the same keys again');
          must(parseUniqueKeys(input).size === pairs.length, 'each key once');
        });
        const portal = parsePortalAddress(told);
        if (!portal) return;
        must(portal.port > 0 && portal.port < 65_536 && portal.host !== '', 'a host and a port');
        const again = parsePortalAddress(portalText(portal));
        must(again?.host === portal.host && again.port === portal.port, 'the same portal again');
      }),
      2_000,
    );
  });
});

function checkCapacity({ blocks, blockBytes }: Capacity): void {
  must(blockBytes >= 512 && blockBytes <= 65_536 && Number.isInteger(Math.log2(blockBytes)), 'a block size');
  must(blocks > 0 && Number.isSafeInteger(blocks * blockBytes), 'a size that is exact');
}

/** Whether there are bytes of that name, with their number in the byte before. */
function isWholeName(told: Uint8Array, name: string): boolean {
  const whole = Buffer.from([name.length / 2, ...Buffer.from(name, 'hex')]);
  return name === '' || Buffer.from(told).includes(whole);
}
