import { describe, expect, it } from 'vitest';
import { CowdImage } from '../testing/cowd-image.ts';
import { openSingle } from '../testing/open-single.ts';
import type { SparseFile } from '../testing/sparse-file.ts';

const capacityBytes = 3 * 2 ** 20;

async function image(): Promise<SparseFile> {
  const made = new CowdImage(capacityBytes);
  await made.write(2 ** 21 - 512, new Uint8Array(1024).fill(8));
  return made.file;
}

function put(file: SparseFile, at: number, value: number): void {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  file.write(at, bytes);
}

/** Directory at 2048; the first table at sector 5, its last entry holds sector 37. */
const firstTable = 2560;

describe('COWD', () => {
  it('is read across the border of two tables', async () => {
    const chain = await openSingle('cowd', await image(), capacityBytes);
    const target = new Uint8Array(2048);
    await chain.read(2 ** 21 - 1024, target);
    expect([target[511], target[512], target[1535], target[1536]]).toEqual([0, 8, 8, 0]);
  });

  it('is read with larger grains, whose last one ends with the disk', async () => {
    const made = new CowdImage(10 * 512, 8);
    await made.write(4096, new Uint8Array(1024).fill(6));
    const chain = await openSingle('cowd', made.file, 10 * 512);
    const target = new Uint8Array(10 * 512);
    await chain.read(0, target);
    expect(target.indexOf(6)).toBe(4096);
    expect(target.lastIndexOf(6)).toBe(5119);
  });

  it.each<[string, string, RegExp, (file: SparseFile) => void]>([
    ['another mark', 'L-FMT-217', /at byte 0: .*"COWD"/, (file) => put(file, 0, 1)],
    ['a version to come', 'L-FMT-218', /version 2 of COWD/, (file) => put(file, 4, 2)],
    ['no capacity', 'L-FMT-217', /at byte 12/, (file) => put(file, 12, 0)],
    ['a capacity below the extent', 'L-FMT-206', /512 of/, (file) => put(file, 12, 1)],
    ['grains of no size', 'L-FMT-217', /at byte 16/, (file) => put(file, 16, 0)],
    ['grains of 3 sectors', 'L-FMT-217', /at byte 16/, (file) => put(file, 16, 3)],
    ['huge grains', 'L-FMT-217', /at byte 16/, (file) => put(file, 16, 2 ** 31)],
    ['a directory in the header', 'L-FMT-217', /at byte 20/, (file) => put(file, 20, 3)],
    ['a directory outside', 'L-FMT-217', /inside its directory/, (file) => put(file, 20, 2 ** 31)],
    ['too small a directory', 'L-FMT-217', /1 of 2 entries/, (file) => put(file, 24, 1)],
    ['a file cut off in the header', 'L-FMT-217', /ends at byte 2047/, (file) => file.truncate(2047)],
    ['a table in the header', 'L-FMT-217', /at byte 2048: sector 3/, (file) => put(file, 2048, 3)],
    ['a table over the directory', 'L-FMT-217', /at byte 2048: sector 4/, (file) => put(file, 2048, 4)],
    ['a table outside', 'L-FMT-217', /at byte \d{8,}: the file ends/, (file) => put(file, 2048, 2 ** 31)],
    [
      'a grain in sector 1',
      'L-FMT-217',
      /at byte 18940: sector 1/,
      (file) => put(file, firstTable + 4095 * 4, 1),
    ],
    [
      'a grain behind the end',
      'L-FMT-217',
      /at byte 18940: .*behind the end/,
      (file) => put(file, firstTable + 4095 * 4, 2 ** 32 - 1),
    ],
  ])('is refused with %s', async (_, code, text, damage) => {
    const file = await image();
    damage(file);
    const work = async () => {
      const chain = await openSingle('cowd', file, capacityBytes);
      await chain.read(0, new Uint8Array(capacityBytes));
    };
    await expect(work()).rejects.toMatchObject({ code });
    await expect(work()).rejects.toThrowError(text);
  });
});
