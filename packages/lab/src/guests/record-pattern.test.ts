import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newestRecord, RecordPattern } from './record-pattern.ts';

const sizes = [5 * 4096 + 512, 8 * 4096, 6 * 4096];

function write(disks: readonly Buffer[], count: number): void {
  const pattern = new RecordPattern(sizes, 3);
  for (let serial = 0; serial < count; serial++) {
    const { disk, offsetBytes, data } = pattern.next();
    disks[disk]?.set(data, offsetBytes);
    pattern.done();
  }
}

const made = () => sizes.map((size) => Buffer.alloc(size));
const sources = (disks: readonly Buffer[]) =>
  disks.map((disk) => ({
    sizeBytes: disk.length,
    read: async (offset: number, target: Uint8Array) => {
      target.set(disk.subarray(offset, offset + target.length));
    },
  }));

test('every prefix of the writes is a state of one instant, and tells where it ends', async () => {
  expect(await newestRecord(sources(made()))).toBeUndefined();
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 100 }), async (count) => {
      const disks = made();
      write(disks, count);
      expect(await newestRecord(sources(disks))).toBe(count - 1);
    }),
  );
});

test('disks of different instants are found out', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 2 * sizes.length, max: 12 }),
      fc.nat(2),
      async (count, more, late) => {
        const [early, after] = [made(), made()];
        write(early, count);
        write(after, count + more);
        const mixed = early.map((disk, index) => (index === late ? disk : (after[index] ?? disk)));
        await expect(newestRecord(sources(mixed))).rejects.toThrow(/in place of/);
      },
    ),
  );
});

test('a damaged record is a missing one', async () => {
  const disks = made();
  write(disks, 9);
  const [first] = disks;
  first?.writeUInt8(1 ^ first.readUInt8(4096 + 100), 4096 + 100);
  await expect(newestRecord(sources(disks))).rejects.toThrow('disk 0 holds none in place of 3');
});
