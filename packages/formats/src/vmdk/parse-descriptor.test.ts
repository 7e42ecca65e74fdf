import { isError, LeewardError } from '@leeward/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ddbValue } from './descriptor.ts';
import { parseDescriptor } from './parse-descriptor.ts';

const parse = (text: string | Uint8Array) =>
  parseDescriptor(typeof text === 'string' ? Buffer.from(text) : text, { file: 'vm.vmdk' });

const esx = `# Disk DescriptorFile
version=1
encoding="UTF-8"
CID=dab8f8df
parentCID=ffffffff
isNativeSnapshot="no"
createType="vmfs"

# Extent description
RW 409600 VMFS "thin-flat.vmdk"

# Change Tracking File
changeTrackPath="thin-ctk.vmdk"

# The Disk Data Base
#DDB

ddb.adapterType = "lsilogic"
ddb.uuid = "60 00 C2 9c 3b 65 e1 9b-6f 4d 0a 1c 22 33 44 55"
ddb.someVendor.newKey = "kept = as it is"
`;

function codeOf(text: string | Uint8Array): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof LeewardError) return error.code;
    throw error;
  }
  return 'none';
}

describe('parseDescriptor', () => {
  it('reads what ESXi writes', () => {
    const descriptor = parse(esx);
    expect(descriptor).toMatchObject({
      version: 1,
      cid: 'dab8f8df',
      parentCid: 'ffffffff',
      createType: 'vmfs',
      nativeSnapshot: false,
      changeTrackPath: 'thin-ctk.vmdk',
      extents: [{ access: 'RW', sectors: 409600, type: 'VMFS', fileName: 'thin-flat.vmdk' }],
    });
    expect(ddbValue(descriptor, 'ADAPTERTYPE')).toBe('lsilogic');
    expect(ddbValue(descriptor, 'someVendor.newKey')).toBe('kept = as it is');
    expect(ddbValue(descriptor, 'toolsVersion')).toBeUndefined();
  });

  it('does not care about case of keys, blanks, line ends, quotes, padding and byte order mark', () => {
    const odd = `\ufeff${esx
      .replace('CID=dab8f8df', '  cid = "DAB8F8DF"')
      .replace('createType="vmfs"', 'CREATETYPE =vmfs')
      .replace('RW 409600 VMFS "thin-flat.vmdk"', '\trw   409600  vmfs\tthin-flat.vmdk  ')
      .replaceAll('\n', '\r\n')}`;
    const padded = Buffer.concat([Buffer.from(odd), Buffer.alloc(512)]);
    expect(parse(padded)).toEqual(parse(esx));
  });

  it('decodes names by the encoding that the descriptor names', () => {
    const text = esx.replace('UTF-8', 'windows-1252').replace('thin-flat', 'Prüfung-flat');
    expect(parse(Buffer.from(text, 'latin1')).extents[0]?.fileName).toBe('Prüfung-flat.vmdk');
    const gbk = Buffer.from(esx.replace('UTF-8', 'GBK').replace('thin', '??'), 'latin1');
    gbk.set([0xd6, 0xd0], gbk.indexOf('??'));
    expect(parse(gbk).extents[0]?.fileName).toBe('中-flat.vmdk');
    expect(parse(esx.replace('thin-flat', 'größe')).extents[0]?.fileName).toBe('größe.vmdk');
  });

  it.each([
    ['an unknown encoding', esx.replace('UTF-8', 'klingon'), 'L-FMT-104'],
    ['an encoding that is no superset of ASCII', esx.replace('UTF-8', 'utf-16le'), 'L-FMT-104'],
    [
      'bytes that its encoding does not have',
      Buffer.from(esx.replace('thin', 'gr\xfc'), 'latin1'),
      'L-FMT-104',
    ],
    ['an empty file', '', 'L-FMT-101'],
    ['a text without createType', esx.replace(/createType.*\n/, ''), 'L-FMT-101'],
    ['a text without CID', esx.replace(/^CID.*\n/m, ''), 'L-FMT-101'],
    ['sparse disk data', Buffer.from('KDMV\u0001\0\0\0'), 'L-FMT-101'],
    ['COWD data', Buffer.from('COWD\u0001\0\0\0'), 'L-FMT-101'],
    ['SEsparse data', Buffer.from('bebafeca00000000', 'hex'), 'L-FMT-101'],
    ['zero bytes inside', esx.replace('lsilogic', 'lsi\0logic'), 'L-FMT-101'],
    ['more than 64 KiB', esx + '#'.repeat(65_536), 'L-FMT-102'],
    ['a content id that is none', esx.replace('dab8f8df', 'dab8f8dg'), 'L-FMT-103'],
    ['a version that is none', esx.replace('version=1', 'version=one'), 'L-FMT-103'],
    ['two content ids', `${esx}CID=00000001\n`, 'L-FMT-103'],
    ['an extent line cut off', esx.replace('"thin-flat.vmdk"', '"thin-fl'), 'L-FMT-103'],
    ['an extent line without a size', esx.replace('409600', 'many'), 'L-FMT-103'],
    ['an extent line with a negative size', esx.replace('409600', '-5'), 'L-FMT-103'],
    ['an extent too large for exact numbers', esx.replace('409600', '9007199254740991'), 'L-FMT-103'],
    ['an extent line with two files', esx.replace('flat.vmdk"', 'flat.vmdk" 0 "b.vmdk"'), 'L-FMT-103'],
    ['a line that is nothing', `${esx}hello\n`, 'L-FMT-103'],
    ['an extent with an access that is none', esx.replace('RW 409600', 'WO 409600'), 'L-FMT-103'],
  ])('refuses %s', (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('tells the line and the file', () => {
    expect(() => parse(`${esx}hello\n`)).toThrowError(/vm\.vmdk is damaged at line 21/);
  });

  it('reads any bytes to a descriptor or to a catalogue error, and to nothing else', () => {
    const piece = fc.oneof(
      fc.constantFrom(...esx.split('\n').map((line) => `${line}\n`)),
      fc.constantFrom('RW 1 FLAT "a" 0\n', 'RW ', '"', '=', '\r', '\0', '#', 'ddb.', 'NOACCESS 1 ZERO\n'),
      fc.string({ unit: 'binary' }),
    );
    const hostile = fc.oneof(
      fc.array(piece, { maxLength: 40, size: 'max' }).map((pieces) => Buffer.from(pieces.join(''))),
      fc.uint8Array({ maxLength: 400, size: 'max' }).map((bytes) => Buffer.concat([Buffer.from(esx), bytes])),
      fc.tuple(fc.nat(esx.length - 1), fc.integer({ min: 0, max: 255 })).map(([at, byte]) => {
        const changed = Buffer.from(esx);
        changed[at] = byte;
        return changed;
      }),
    );
    fc.assert(
      fc.property(hostile, (bytes) => {
        try {
          const { cid, extents } = parse(bytes);
          expect(cid).toMatch(/^[0-9a-f]{8}$/);
          for (const { sectors } of extents) expect(Number.isSafeInteger(sectors * 512)).toBe(true);
        } catch (error) {
          const known = ['L-FMT-101', 'L-FMT-102', 'L-FMT-103', 'L-FMT-104'] as const;
          expect(known.some((code) => isError(error, code))).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('stays quick on the longest hostile lines', () => {
    for (const text of [
      'RW '.padEnd(65_000, ' x'),
      `encoding${' '.repeat(65_000)}`,
      'a='.padEnd(65_000, '"'),
    ]) {
      expect(['L-FMT-101', 'L-FMT-103']).toContain(codeOf(text));
    }
  });
});
