import type { Extent } from '@leeward/core';
import { SeededRandomness } from '@leeward/platform';
import { expect, test } from 'vitest';
import type { Disk } from '../disk.ts';
import { areasInUse } from './http-allocated.ts';

const mib = 2 ** 20;
const sizeBytes = 200 * mib + 512;

/** A disk of zeros but for these bytes. */
function diskWith(data: readonly number[]): Disk & { bytesRead: number } {
  return {
    sizeBytes,
    bytesRead: 0,
    async read(offsetBytes, target) {
      this.bytesRead += target.length;
      target.fill(0);
      for (const at of data)
        if (at >= offsetBytes && at < offsetBytes + target.length) target[at - offsetBytes] = 1;
    },
    allocated: async () => undefined,
    close: async () => undefined,
  };
}

const told: readonly Extent[] = [
  { offsetBytes: 40 * mib + 65_536, lengthBytes: 65_536 },
  { offsetBytes: 20 * mib, lengthBytes: 3 * mib },
];
const ask = (disk: Disk, allocatedAreas = told, samples = 64) =>
  areasInUse(disk, { allocatedAreas, samples, randomness: new SeededRandomness(3), diskName: 'vm/disk' });

test('what is told, in whole MiB, and both ends of the disk', async () => {
  const disk = diskWith([3, 21 * mib, 40 * mib, sizeBytes - 1]);
  expect(await ask(disk)).toEqual({
    areas: [
      { offsetBytes: 0, lengthBytes: mib },
      { offsetBytes: 20 * mib, lengthBytes: 3 * mib },
      { offsetBytes: 40 * mib, lengthBytes: mib },
      { offsetBytes: 199 * mib, lengthBytes: mib + 512 },
    ],
    warnings: [],
  });
  expect(disk.bytesRead).toBeLessThanOrEqual(64 * 256 * 1024);
});

test('data where there should be none: everything is read, and it is said', async () => {
  const { areas, warnings } = await ask(diskWith([23 * mib + 100]));
  expect(areas).toBe('all');
  expect(warnings).toMatchObject([
    { code: 'L-VC-412', details: { disk: 'vm/disk', offset: 23 * mib + 100 } },
  ]);
});

test('data that was forgotten in many places is found, wherever they are', async () => {
  // A tenth of what is left out, in places of their own, none at the beginning of a gap.
  const lost = Array.from({ length: 17 }, (_, index) => (41 + index * 9) * mib + 300_000);
  for (let seed = 1; seed <= 10; seed++) {
    const randomness = new SeededRandomness(seed);
    const disk = diskWith(lost.flatMap((at) => [0, 1, 2, 3].map((part) => at + part * 200_000)));
    const { areas } = await areasInUse(disk, {
      allocatedAreas: told,
      samples: 300,
      randomness,
      diskName: 'd',
    });
    expect(areas).toBe('all');
  }
});

test('an answer that helps nobody: nothing, the whole disk, hardly less', async () => {
  for (const areas of [
    [],
    [{ offsetBytes: 0, lengthBytes: sizeBytes }],
    [{ offsetBytes: 0, lengthBytes: 190 * mib }],
  ])
    expect(await ask(diskWith([]), areas)).toEqual({ areas: 'all', warnings: [] });
});

test('areas beyond the end or not areas at all', async () => {
  const { areas } = await ask(diskWith([]), [{ offsetBytes: 199 * mib, lengthBytes: 900 * mib }]);
  expect(areas).not.toBe('all');
  await expect(ask(diskWith([]), [{ offsetBytes: -1, lengthBytes: 5 }])).rejects.toThrow(RangeError);
});
