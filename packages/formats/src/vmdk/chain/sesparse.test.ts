import { describe, expect, it } from 'vitest';
import { openSingle } from '../testing/open-single.ts';
import { SesparseImage } from '../testing/sesparse-image.ts';
import type { SparseFile } from '../testing/sparse-file.ts';

const capacityBytes = 17 * 2 ** 20;

function image(): SesparseImage {
  const made = new SesparseImage(capacityBytes, 4095);
  made.write(2 ** 24 - 4096, new Uint8Array(8192).fill(8));
  return made;
}

function put(file: SparseFile, at: number, value: bigint): void {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  file.write(at, bytes);
}

/** Sectors of the image's areas: volatile header 1, directory 64, tables 65. */
const directory = 64 * 512;
const lastEntry = 65 * 512 + 4095 * 8;

describe('SEsparse', () => {
  it('is read across the border of two tables and of the rotated grain number', async () => {
    const chain = await openSingle('sesparse', image().file, capacityBytes);
    const target = new Uint8Array(16_384);
    await chain.read(2 ** 24 - 8192, target);
    expect(target.indexOf(8)).toBe(4096);
    expect(target.lastIndexOf(8)).toBe(12_287);
  });

  it.each<[string, string, RegExp, (file: SparseFile) => void]>([
    ['another mark', 'L-FMT-217', /at byte 0/, (file) => put(file, 0, 0xcafebabfn)],
    ['a version to come', 'L-FMT-218', /version 3\.1/, (file) => put(file, 8, 0x300000001n)],
    ['other grains', 'L-FMT-218', /16 sectors/, (file) => put(file, 24, 16n)],
    ['other tables', 'L-FMT-218', /128 sectors/, (file) => put(file, 32, 128n)],
    ['flags', 'L-FMT-218', /flags 1/, (file) => put(file, 40, 1n)],
    ['no capacity', 'L-FMT-217', /at byte 16/, (file) => put(file, 16, 0n)],
    ['a capacity out of bounds', 'L-FMT-217', /at byte 16/, (file) => put(file, 16, 2n ** 60n)],
    ['a capacity below the extent', 'L-FMT-206', /512 of/, (file) => put(file, 16, 1n)],
    ['another volatile mark', 'L-FMT-217', /at byte 512/, (file) => put(file, 512, 0xcafebaben)],
    ['a volatile header outside', 'L-FMT-217', /ends at byte/, (file) => put(file, 80, 2n ** 40n)],
    ['a journal to replay', 'L-FMT-219', /being written/, (file) => put(file, 512 + 24, 1n)],
    ['a directory in the header', 'L-FMT-217', /at byte 128/, (file) => put(file, 128, 0n)],
    ['a directory outside', 'L-FMT-217', /inside its directory/, (file) => put(file, 128, 2n ** 40n)],
    ['too small a directory', 'L-FMT-217', /too small for 2/, (file) => put(file, 136, 0n)],
    ['no grain tables', 'L-FMT-217', /no grain table 0/, (file) => put(file, 152, 0n)],
    ['a place out of bounds', 'L-FMT-217', /at byte 192/, (file) => put(file, 192, 2n ** 63n)],
    [
      'no directory entry',
      'L-FMT-217',
      /at byte 32768: .*2000000000000000/,
      (f) => put(f, directory, 2n << 60n),
    ],
    [
      'a table that is not there',
      'L-FMT-217',
      /at byte 32768: .*table 9/,
      (f) => put(f, directory, (0x10000000n << 32n) | 9n),
    ],
    [
      'an entry that is none',
      'L-FMT-217',
      /at byte 66040: .*4000000000000000/,
      (f) => put(f, lastEntry, 4n << 60n),
    ],
    ['a number without a kind', 'L-FMT-217', /at byte 66040/, (f) => put(f, lastEntry, 5n)],
    [
      'a grain behind the end',
      'L-FMT-217',
      /at byte 66040: .*behind the end/,
      (f) => put(f, lastEntry, (4n << 60n) - 1n),
    ],
    ['a file cut off', 'L-FMT-217', /ends at byte 511/, (f) => f.truncate(511)],
  ])('is refused with %s', async (_, code, text, damage) => {
    const { file } = image();
    damage(file);
    const work = async () => {
      const chain = await openSingle('sesparse', file, capacityBytes);
      await chain.read(0, new Uint8Array(capacityBytes));
    };
    await expect(work()).rejects.toMatchObject({ code });
    await expect(work()).rejects.toThrowError(text);
  });
});
