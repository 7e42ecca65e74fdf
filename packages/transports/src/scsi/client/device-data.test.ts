import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeLun, encodeLun } from '../lun.ts';
import { encodeSense, parseSense, senseText } from '../sense.ts';
import { statusText } from '../status.ts';
import { parseCapacity10, parseCapacity16 } from './capacity.ts';
import { parseDeviceNames } from './device-identification.ts';
import { parseBlockLimits, parseStandardInquiry, parseSupportedPages } from './inquiry-data.ts';
import { parseLbaStatus } from './lba-status.ts';
import { parseLunList } from './lun-list.ts';
import * as cdbs from './read-only-cdb.ts';
import { ScsiDataError } from './scsi-data-error.ts';

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');

describe('commands', () => {
  it('are laid out as SBC-3 and SPC-4 say', () => {
    const bytes = (cdb: cdbs.ReadOnlyCdb) => Buffer.from(cdb.bytes).toString('hex');
    expect(bytes(cdbs.read(0x1_2345_6789, 512, true))).toBe('88000000000123456789000002000000');
    expect(bytes(cdbs.read(0x12345678, 512, false))).toBe('28001234567800020000000000000000');
    expect(bytes(cdbs.inquiry(0x83, 4096))).toBe('12018310000000000000000000000000');
    expect(bytes(cdbs.inquiry(undefined, 36))).toBe('12000000240000000000000000000000');
    expect(bytes(cdbs.readCapacity16(32))).toBe('9e100000000000000000000000200000');
    expect(bytes(cdbs.getLbaStatus(5, 24))).toBe('9e120000000000000005000000180000');
    expect(bytes(cdbs.reportLuns(16))).toBe('a0000000000000000010000000000000');
  });

  it('are all there are: nothing that changes a device, and nobody else can make one', () => {
    // What each exported function makes, by operation code.
    const made = [
      cdbs.testUnitReady(),
      cdbs.inquiry(0, 4),
      cdbs.readCapacity10(),
      cdbs.readCapacity16(32),
      cdbs.getLbaStatus(0, 24),
      cdbs.reportLuns(16),
      cdbs.read(0, 1, true),
      cdbs.read(0, 1, false),
    ];
    expect(new Set(made.map(({ bytes }) => bytes[0]))).toEqual(
      new Set([0x00, 0x12, 0x25, 0x28, 0x88, 0x9e, 0xa0]),
    );
    expect(Object.keys(cdbs).filter((name) => name !== 'ReadOnlyCdb')).toHaveLength(7);
    const Constructor = cdbs.ReadOnlyCdb as unknown as new (...args: unknown[]) => unknown;
    expect(() => new Constructor(Symbol('make'), 'WRITE(10)', new Uint8Array(16))).toThrow(TypeError);
  });
});

it('no other place of the product makes commands of an initiator or sends its data', () => {
  const folder = join(import.meta.dirname, '..', '..');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !/(^|\/)(testing|target)\//.test(name),
  );
  expect(sources.length).toBeGreaterThan(80);
  const having = (word: string) =>
    sources.filter((name) => readFileSync(join(folder, name), 'utf8').includes(word));
  expect(having('opcode.scsiCommand')).toEqual(['iscsi/initiator/task-requests.ts']);
  expect(having('opcode.dataOut')).toEqual([]);
});

it('the initiator has no way to send data, and no command of another place', () => {
  const folder = join(import.meta.dirname, '..', '..', 'iscsi', 'initiator');
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  expect(sources.length).toBeGreaterThan(15);
  for (const name of sources) {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(text, name).not.toMatch(/dataOut|scsi\/target|iscsi\/target|\.\.\/target/);
    if (name !== 'task-requests.ts') expect(text, name).not.toContain('opcode.scsiCommand');
  }
});

describe('answers of devices', () => {
  it('standard inquiry data, pages and limits', () => {
    const standard = Buffer.alloc(36);
    standard.write('NETWORK ', 8);
    standard.write('LUN C-Mode      ', 16);
    standard.write('9800', 32);
    expect(parseStandardInquiry(standard)).toEqual({
      qualifier: 0,
      deviceType: 0,
      vendor: 'NETWORK',
      product: 'LUN C-Mode',
      revision: '9800',
    });
    expect(parseSupportedPages(hex('00 00 00 03 00 80 83'))).toEqual(new Set([0, 0x80, 0x83]));
    const limits = Buffer.alloc(64);
    limits.set([0, 0xb0, 0, 0x3c]);
    limits.writeUInt32BE(8192, 8);
    limits.writeUInt32BE(128, 12);
    expect(parseBlockLimits(limits)).toEqual({ maxTransferBlocks: 8192, optimalTransferBlocks: 128 });
    expect(parseBlockLimits(hex('00 b0 00 02 00 00'))).toEqual({
      maxTransferBlocks: 0,
      optimalTransferBlocks: 0,
    });
    expect(() => parseSupportedPages(hex('00 80 00 00'))).toThrow(ScsiDataError);
  });

  it('names of a unit: the longest NAA, nothing of the port, nothing cut off', () => {
    const page = hex(
      `00 83 00 4a
       01 03 00 08 5006016012345678
       01 03 00 10 600a098038303053453f463045727a41
       61 93 00 08 5006016000000001
       02 01 00 08 4c45455741524421
       01 02 00 08 0011223344556677
       01 03 00 ff`,
    );
    expect(parseDeviceNames(page)).toEqual({
      naa: '600a098038303053453f463045727a41',
      eui: '0011223344556677',
      t10: 'LEEWARD!',
    });
  });

  it('capacities, also of more than 2 TiB, and those that make no sense', () => {
    const sixteen = Buffer.alloc(32);
    sixteen.writeBigUInt64BE(2n ** 33n - 1n, 0);
    sixteen.writeUInt32BE(512, 8);
    sixteen[14] = 0xc0;
    expect(parseCapacity16(sixteen)).toEqual({
      blocks: 2 ** 33,
      blockBytes: 512,
      isThin: true,
      unmappedReadsZeros: true,
      protectionType: 0,
    });
    expect(parseCapacity10(hex('0000 ffff 0000 1000'))).toMatchObject({ blocks: 65_536, blockBytes: 4096 });
    expect(() => parseCapacity10(hex('ffff ffff 0000 0200'))).toThrow(ScsiDataError);
    for (const blockBytes of [0, 520, 256, 2 ** 31]) {
      sixteen.writeUInt32BE(blockBytes, 8);
      expect(() => parseCapacity16(sixteen)).toThrow(ScsiDataError);
    }
    sixteen.fill(0xff, 0, 8);
    sixteen.writeUInt32BE(512, 8);
    expect(() => parseCapacity16(sixteen)).toThrow(ScsiDataError);
  });

  it('block status: in order, without gaps, beginning where it was asked', () => {
    const answer = Buffer.alloc(40);
    answer.writeUInt32BE(36);
    answer.writeBigUInt64BE(90n, 8);
    answer.writeUInt32BE(20, 16);
    answer.writeBigUInt64BE(110n, 24);
    answer.writeUInt32BE(5, 32);
    answer[36] = 1;
    expect(parseLbaStatus(answer, 100)).toEqual([
      { startBlock: 100, blocks: 10, provisioning: 'mapped' },
      { startBlock: 110, blocks: 5, provisioning: 'deallocated' },
    ]);
    expect(() => parseLbaStatus(answer, 80)).toThrow(ScsiDataError);
    expect(() => parseLbaStatus(answer, 110)).toThrow(ScsiDataError);
    expect(() => parseLbaStatus(answer.subarray(0, 8), 0)).toThrow(ScsiDataError);
  });

  it('LUN lists with well-known and large LUNs', () => {
    const list = Buffer.alloc(8 + 4 * 8);
    list.writeUInt32BE(4 * 8);
    list.set(encodeLun(300), 8);
    list.set(encodeLun(7), 16);
    list.set([0xc1, 0x01], 24);
    list.set([0x01, 0x02], 32);
    expect(parseLunList(list)).toEqual({ luns: [7, 300], neededBytes: 40 });
  });
});

describe('addresses, sense and status', () => {
  it('LUN numbers come back as they were', () => {
    for (const lun of [0, 1, 255, 256, 16_383]) expect(decodeLun(encodeLun(lun))).toBe(lun);
    expect(() => encodeLun(16_384)).toThrow(RangeError);
    expect(decodeLun(hex('0000 0000 0000 0001'))).toBeUndefined();
  });

  it('sense in both formats, in words', () => {
    const sense = { key: 6, asc: 0x3f, ascq: 0x0e };
    expect(parseSense(encodeSense(sense))).toEqual(sense);
    expect(parseSense(hex('72 06 3f 0e'))).toEqual(sense);
    expect(parseSense(hex('00 06 3f 0e'))).toBeUndefined();
    expect(senseText(sense)).toBe('unit attention, reported LUNs data changed (sense 06/3f/0e)');
    expect(senseText({ key: 9, asc: 1, ascq: 2 })).toBe('(sense 09/01/02)');
    expect(statusText(0x28)).toBe('status task set full (0x28)');
  });
});
