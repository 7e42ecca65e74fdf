import { LeewardError } from '@leeward/core';
import { openDiskChain } from '@leeward/formats';
import { MemoryFolder } from '@leeward/formats/vmdk/testing/memory-folder';
import { type DeltaKind, randomChain } from '@leeward/formats/vmdk/testing/random-chain';
import { SparseFile } from '@leeward/formats/vmdk/testing/sparse-file';
import { SeededRandomness } from '@leeward/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzz } from './support/fuzz.ts';

const sectors = 5000;
const kinds = fc.array(fc.constantFrom<DeltaKind>('cowd', 'sesparse'), { minLength: 1, maxLength: 3 });

/** Words that are often wrong in an interesting way. */
const word = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 4, 8, 0x10000000, 0x20000000, 0x30000000, 0x40000000, 0x7fffffff, 0xffffffff),
  fc.nat(200),
  fc.nat(0xffffffff),
);
const damage = fc.record({
  file: fc.nat(),
  /** Mostly where metadata is. */
  at: fc.oneof(
    fc.nat(512),
    fc.nat(200).map((sector) => sector * 512),
    fc.nat(40_000).map((index) => index * 4),
  ),
  word,
  cut: fc.option(fc.nat(), { freq: 10 }),
});

/**
 * Opens and reads everything. MUST end in the right number of bytes or in a catalogue error of the formats; files
 * in memory throw another error for a read outside of them. Gives the code or `read`.
 */
async function use(folder: MemoryFolder, path: string): Promise<string> {
  const before = [...folder.files.values()].map((file) => file.readBytes);
  try {
    const chain = await openDiskChain(folder, path, { cacheBytes: 200_000 });
    expect(chain.capacityBytes).toBeLessThanOrEqual(sectors * 512 * 4);
    let at = 0;
    for await (const { offsetBytes, lengthBytes } of chain.mapping(0, chain.capacityBytes)) {
      expect(offsetBytes).toBe(at);
      at += lengthBytes;
    }
    expect(at).toBe(chain.capacityBytes);
    for await (const { lengthBytes } of chain.allocated()) expect(lengthBytes).toBeGreaterThan(0);
    await chain.read(0, new Uint8Array(chain.capacityBytes));
    return 'read';
  } catch (error) {
    if (!(error instanceof LeewardError)) throw error;
    expect(error.code).toMatch(/^L-FMT-[12]\d\d$/);
    return error.code;
  } finally {
    const readBytes = [...folder.files.values()].map((file, index) => file.readBytes - (before[index] ?? 0));
    expect(readBytes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(200 * sectors * 512);
  }
}

const damagedChain = fc.asyncProperty(
  fc.nat(),
  kinds,
  fc.array(damage, { minLength: 1, maxLength: 3 }),
  async (seed, deltas, damages) => {
    const made = await randomChain(new SeededRandomness(seed), { kinds: deltas, sectors });
    const files = [...made.folder.files.values()];
    for (const { file, at, word: value, cut } of damages) {
      const hit = files[file % files.length]!;
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(value);
      const size = hit.sizeBytes;
      hit.write(at % Math.max(1, size - 4), bytes);
      hit.truncate(cut === null ? size : cut % (size + 1));
    }
    await use(made.folder, made.path);
  },
);

describe('damaged chains of delta disks', () => {
  it('end in a catalogue error or are read, within bounds', async () => {
    await fuzz('VMDK damaged chains', damagedChain, 400);
  });

  it('take any bytes behind the marks of the formats', async () => {
    const headers = fc.constantFrom(
      ['vmfsSparse', 'COWD\u0001\0\0\0\u0003\0\0\0'],
      ['vmfsSparse', 'COWD'],
      ['seSparse', '\xbe\xba\xfe\xca\0\0\0\0\u0001\0\0\0\u0002\0\0\0'],
      ['twoGbMaxExtentSparse', 'KDMV\u0001\0\0\0\u0003\0\0\0'],
      ['streamOptimized', 'KDMV\u0003\0\0\0\u0001\0\u0003\0'],
    );
    const words = fc.array(word, { minLength: 120, maxLength: 1200 });
    await fuzz(
      'VMDK noise behind marks',
      fc.asyncProperty(headers, words, async ([createType = '', mark = ''], values) => {
        const bytes = Buffer.alloc(values.length * 4);
        for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
        bytes.write(mark, 'latin1');
        const folder = new MemoryFolder();
        folder.files.set('data', SparseFile.of(bytes));
        folder.files.set('flat', SparseFile.of(new Uint8Array(8192)));
        folder.addText('base', 'CID=1\ncreateType="vmfs"\nRW 16 VMFS "flat"\n');
        const type = createType.startsWith('vmfs') || createType.startsWith('se') ? createType : 'SPARSE';
        const parent = 'parentCID=1\nparentFileNameHint="base"';
        folder.addText('top', `CID=2\n${parent}\ncreateType="${createType}"\nRW 16 ${type} "data"\n`);
        await use(folder, 'top');
      }),
      400,
    );
  });

  it('take any descriptors', async () => {
    const line = fc.constantFrom(
      'CID=1',
      'CID=2',
      'parentCID=1',
      'parentCID=2',
      'parentCID=ffffffff',
      'parentFileNameHint="a"',
      'parentFileNameHint="b"',
      'parentFileNameHint="/vmfs/volumes/x/a"',
      'parentFileNameHint=""',
      'createType="vmfs"',
      'createType="vmfsSparse"',
      'createType="seSparse"',
      'createType="twoGbMaxExtentFlat"',
      'createType="twoGbMaxExtentSparse"',
      'isNativeSnapshot="yes"',
      'version=9',
      'RW 16 VMFS "flat"',
      'RW 16 VMFSSPARSE "flat"',
      'RW 16 SESPARSE "a"',
      'RW 9007199254740991 VMFSSPARSE "flat"',
      'RW 1000000000000 FLAT "flat" 0',
      'RW 8 FLAT "flat" 8',
    );
    const text = fc.array(line, { maxLength: 7 }).map((lines) => lines.join('\n'));
    await fuzz(
      'VMDK descriptors',
      fc.asyncProperty(text, text, async (a, b) => {
        const folder = new MemoryFolder();
        folder.addText('a', a);
        folder.addText('b', b);
        folder.files.set('flat', SparseFile.of(new Uint8Array(8192)));
        await use(folder, 'a');
      }),
      1_200,
    );
  });
});
