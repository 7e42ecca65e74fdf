import { openSingle } from '@leeward/formats/vmdk/testing/open-single';
import { SparseFile } from '@leeward/formats/vmdk/testing/sparse-file';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DatastoreFile } from '../datastore/datastore-files.ts';
import { SesparseWriter } from './sesparse.ts';

const grainBytes = 4096;
/** Three tables, the last one short, and a last grain of one sector. */
const capacityBytes = 2 * 16 * 2 ** 20 + 5 * grainBytes + 512;
const grains = Math.ceil(capacityBytes / grainBytes);

function fileOver(target: SparseFile): DatastoreFile {
  return {
    write: async (offsetBytes, data) => target.write(offsetBytes, data),
    setSize: async (sizeBytes) => target.truncate(sizeBytes),
    commit: async () => undefined,
    close: async () => undefined,
  };
}

test('a delta holds exactly what was written last, zeros included, and lists it as runs', async () => {
  const writes = fc.array(
    fc.record({ at: fc.nat(grains - 1), count: fc.integer({ min: 1, max: 40 }), byte: fc.nat(3) }),
    { maxLength: 25, size: 'max' },
  );
  await fc.assert(
    fc.asyncProperty(writes, async (list) => {
      const file = new SparseFile();
      const writer = await SesparseWriter.create(fileOver(file), capacityBytes);
      const base = new SparseFile();
      base.write(0, Buffer.alloc(capacityBytes, 0xee));
      const model = Buffer.alloc(capacityBytes, 0xee);
      const held = new Set<number>();
      for (const { at, count, byte } of list) {
        const end = Math.min(capacityBytes, (at + count) * grainBytes);
        // Grains of zeros among others, so that a write falls into several pieces.
        const data = Buffer.alloc(end - at * grainBytes, byte);
        if (byte === 3 && data.length >= 2 * grainBytes) data.fill(0, grainBytes, 2 * grainBytes);
        await writer.write(at * grainBytes, data);
        data.copy(model, at * grainBytes);
        for (let grain = at; grain * grainBytes < end; grain++) held.add(grain);
      }
      await writer.seal();
      const chain = await openSingle('sesparse', file, capacityBytes, base);
      const read = Buffer.alloc(capacityBytes);
      await chain.read(0, read);
      expect(read.equals(model)).toBe(true);
      const listed = [...writer.runs(8 * grainBytes)].flatMap(({ offsetBytes, lengthBytes }) => {
        expect(lengthBytes).toBeLessThanOrEqual(8 * grainBytes);
        return Array.from(
          { length: Math.ceil(lengthBytes / grainBytes) },
          (_, at) => offsetBytes / grainBytes + at,
        );
      });
      expect(listed).toEqual([...held].sort((a, b) => a - b));
    }),
    { numRuns: 25 },
  );
});

test('it is dirty from the first write until it is sealed, and zeroed grains keep their places', async () => {
  const file = new SparseFile();
  const writer = await SesparseWriter.create(fileOver(file), capacityBytes);
  await openSingle('sesparse', file, capacityBytes);
  await writer.write(0, Buffer.alloc(grainBytes, 7));
  await expect(openSingle('sesparse', file, capacityBytes)).rejects.toMatchObject({ code: 'L-FMT-219' });
  await writer.seal();
  const { sizeBytes } = file;
  await writer.write(0, Buffer.alloc(grainBytes));
  await writer.write(0, Buffer.alloc(grainBytes, 8));
  await writer.seal();
  expect(file.sizeBytes).toBe(sizeBytes);
  const chain = await openSingle('sesparse', file, capacityBytes);
  const read = Buffer.alloc(2 * grainBytes);
  await chain.read(0, read);
  expect(read.equals(Buffer.concat([Buffer.alloc(grainBytes, 8), Buffer.alloc(grainBytes)]))).toBe(true);
});
