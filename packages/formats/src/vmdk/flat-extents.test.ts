import { LeewardError } from '@leeward/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExtentLine, VmdkDescriptor } from './descriptor.ts';
import { checkExtentFile, flatExtents } from './flat-extents.ts';

const base: VmdkDescriptor = {
  version: 1,
  cid: '12345678',
  parentCid: 'ffffffff',
  createType: 'vmfs',
  nativeSnapshot: false,
  extents: [{ access: 'RW', sectors: 2048, type: 'VMFS', fileName: 'vm-flat.vmdk' }],
  ddb: [],
  others: [],
};
const extent = (change: Partial<ExtentLine>): ExtentLine => ({
  access: 'RW',
  sectors: 2048,
  type: 'FLAT',
  fileName: 'vm-flat.vmdk',
  offsetSectors: 0,
  ...change,
});
const withExtents = (...extents: ExtentLine[]): VmdkDescriptor => ({
  ...base,
  createType: 'twoGbMaxExtentFlat',
  extents,
});

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof LeewardError) return error.code;
    throw error;
  }
  return 'none';
}

describe('flatExtents', () => {
  it('gives the extents of a base disk in bytes', () => {
    expect(flatExtents(base, { file: 'vm.vmdk', capacityBytes: 2 ** 20 })).toEqual({
      capacityBytes: 2 ** 20,
      extents: [{ fileName: 'vm-flat.vmdk', offsetBytes: 0, lengthBytes: 2 ** 20 }],
    });
  });

  it('gives several extents in disk order, with their place in the file', () => {
    const disk = withExtents(
      extent({ fileName: 'b.vmdk', sectors: 3, offsetSectors: 7 }),
      extent({ fileName: 'part 1/a.vmdk', sectors: 5 }),
      extent({ fileName: 'b.vmdk', sectors: 7 }),
    );
    expect(flatExtents(disk, { file: 'vm.vmdk' })).toEqual({
      capacityBytes: 15 * 512,
      extents: [
        { fileName: 'b.vmdk', offsetBytes: 3584, lengthBytes: 1536 },
        { fileName: 'part 1/a.vmdk', offsetBytes: 0, lengthBytes: 2560 },
        { fileName: 'b.vmdk', offsetBytes: 0, lengthBytes: 3584 },
      ],
    });
  });

  it.each<[string, VmdkDescriptor, string]>([
    ['a delta by its parent', { ...base, parentCid: 'dab8f8df' }, 'L-FMT-201'],
    ['a delta by its hint', { ...base, parentFileNameHint: 'vm.vmdk' }, 'L-FMT-201'],
    ['a COWD delta by its type', { ...base, createType: 'vmfsSparse' }, 'L-FMT-201'],
    ['a SEsparse delta by its type', { ...base, createType: 'seSparse' }, 'L-FMT-201'],
    ['a delta by its extent', withExtents(extent({ type: 'SESPARSE' })), 'L-FMT-201'],
    ['a virtual RDM', { ...base, createType: 'vmfsRawDeviceMap' }, 'L-FMT-202'],
    ['a physical RDM', { ...base, createType: 'vmfsPassthroughRawDeviceMap' }, 'L-FMT-202'],
    ['an RDM by its extent', withExtents(extent({ type: 'VMFSRDM' })), 'L-FMT-202'],
    ['hosted sparse', { ...base, createType: 'monolithicSparse' }, 'L-FMT-203'],
    ['a stream', { ...base, createType: 'streamOptimized' }, 'L-FMT-203'],
    ['a sparse extent', withExtents(extent({ type: 'SPARSE' })), 'L-FMT-203'],
    ['a native snapshot', { ...base, nativeSnapshot: true, parentCid: '00000001' }, 'L-FMT-204'],
    ['an unknown type', { ...base, createType: 'hologram' }, 'L-FMT-205'],
    ['no extents', { ...base, extents: [] }, 'L-FMT-206'],
    ['an empty extent', withExtents(extent({ sectors: 0 })), 'L-FMT-206'],
    ['extents that share bytes', withExtents(extent({}), extent({ offsetSectors: 2047 })), 'L-FMT-206'],
    ['an end beyond any file', withExtents(extent({ offsetSectors: 17_592_186_044_415 })), 'L-FMT-206'],
    ['an absolute path', withExtents(extent({ fileName: '/vmfs/volumes/x/a.vmdk' })), 'L-FMT-207'],
    ['a way up', withExtents(extent({ fileName: 'a/../../b.vmdk' })), 'L-FMT-207'],
    ['a Windows path', withExtents(extent({ fileName: 'C:\\vm\\a.vmdk' })), 'L-FMT-207'],
    ['a zero extent', withExtents(extent({ type: 'ZERO' })), 'L-FMT-208'],
    ['an extent without access', withExtents(extent({ access: 'NOACCESS' })), 'L-FMT-208'],
  ])('refuses %s', (_, descriptor, code) => {
    expect(codeOf(() => flatExtents(descriptor, { file: 'vm.vmdk' }))).toBe(code);
  });

  it('refuses a disk of another size than the inventory shows', () => {
    expect(codeOf(() => flatExtents(base, { file: 'vm.vmdk', capacityBytes: 2 ** 21 }))).toBe('L-FMT-206');
  });

  it('covers the whole disk without gaps and never leaves the folder, whatever the extents', () => {
    const line = fc.record({
      access: fc.constantFrom<ExtentLine['access']>('RW', 'RDONLY', 'NOACCESS'),
      sectors: fc.nat(5000),
      type: fc.constantFrom('FLAT', 'VMFS', 'ZERO', 'SPARSE'),
      fileName: fc.constantFrom('a', 'b/c', '../a', '/a', 'ä b', ''),
      offsetSectors: fc.nat(20_000),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        try {
          const disk = flatExtents(withExtents(...lines), { file: 'vm.vmdk' });
          expect(disk.capacityBytes).toBe(lines.reduce((sum, { sectors }) => sum + sectors * 512, 0));
          for (const { fileName } of disk.extents) expect(['a', 'b/c', 'ä b']).toContain(fileName);
        } catch (error) {
          if (!(error instanceof LeewardError)) throw error;
          expect(error.code).toMatch(/^L-FMT-20\d$/);
        }
      }),
    );
  });
});

describe('checkExtentFile', () => {
  const run = { fileName: 'a', offsetBytes: 512, lengthBytes: 1024 };
  it('accepts a file that holds the extent, and a longer one', () => {
    checkExtentFile(run, 1536, 'vm.vmdk');
    checkExtentFile(run, 4096, 'vm.vmdk');
  });
  it('refuses a file that is cut off', () => {
    expect(codeOf(() => checkExtentFile(run, 1535, 'vm.vmdk'))).toBe('L-FMT-209');
  });
});
