import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExtentLine, VmdkDescriptor } from './descriptor.ts';
import { formatDescriptor } from './format-descriptor.ts';
import { parseDescriptor } from './parse-descriptor.ts';

const oneLine = fc
  .string({ unit: 'binary', maxLength: 30, size: 'max' })
  .filter((text) => text.isWellFormed() && !/[\r\n]/.test(text) && !text.includes('\0'));
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9.:_-]{0,12}$/);
const contentId = fc.stringMatching(/^[0-9a-f]{8}$/);
const known =
  /^(version|encoding|cid|parentcid|isnativesnapshot|createtype|parentfilenamehint|changetrackpath|ddb\..*)$/i;

const extent: fc.Arbitrary<ExtentLine> = fc.record(
  {
    access: fc.constantFrom<ExtentLine['access']>('RW', 'RDONLY', 'NOACCESS'),
    sectors: fc.nat(2 ** 40),
    type: fc.constantFrom('VMFS', 'FLAT', 'SESPARSE', 'VMFSSPARSE'),
    fileName: fc.constantFrom(
      'vm-flat.vmdk',
      'Prüfung [1]/a b.vmdk',
      ' führend',
      '中.vmdk',
      "it's 100%.vmdk",
    ),
    offsetSectors: fc.nat(2 ** 40),
  },
  { requiredKeys: ['access', 'sectors', 'type', 'fileName'] },
);

const descriptors: fc.Arbitrary<VmdkDescriptor> = fc.record(
  {
    version: fc.integer({ min: 0, max: 9999 }),
    cid: contentId,
    parentCid: contentId,
    createType: word,
    nativeSnapshot: fc.boolean(),
    parentFileNameHint: oneLine,
    changeTrackPath: oneLine,
    extents: fc.array(extent, { maxLength: 5 }),
    ddb: fc.array(fc.record({ key: word.map((name) => `ddb.${name}`), value: oneLine })),
    others: fc.array(fc.record({ key: word.filter((key) => !known.test(key)), value: oneLine })),
  },
  {
    requiredKeys: ['version', 'cid', 'parentCid', 'createType', 'nativeSnapshot', 'extents', 'ddb', 'others'],
  },
);

const parse = (text: string) => parseDescriptor(Buffer.from(text), { file: 'x.vmdk' });

describe('formatDescriptor', () => {
  it('writes what parseDescriptor reads back, whatever the descriptor', () => {
    fc.assert(
      fc.property(descriptors, (descriptor) => {
        const text = formatDescriptor(descriptor);
        expect(parse(text)).toEqual(descriptor);
        expect(formatDescriptor(parse(text))).toBe(text);
      }),
    );
  });

  it('refuses what would become another line or leave the folder', () => {
    const simple = parse('CID=1\ncreateType="vmfs"\nRW 8 VMFS "a"\n');
    const named = (fileName: string) => ({
      ...simple,
      extents: [{ access: 'RW' as const, sectors: 8, type: 'VMFS', fileName }],
    });
    expect(() => formatDescriptor(named('a"\nRW 8 VMFS "b'))).toThrowError(/L-FMT-301/);
    expect(() => formatDescriptor(named('../b'))).toThrowError(/L-FMT-301/);
    const injected = { ...simple, ddb: [{ key: 'ddb.uuid', value: 'x\nparentCID=1' }] };
    expect(() => formatDescriptor(injected)).toThrowError(/L-FMT-301/);
    const badKey = { ...simple, ddb: [{ key: 'ddb.a = 1', value: 'x' }] };
    expect(() => formatDescriptor(badKey)).toThrowError(/L-FMT-301/);
  });
});
