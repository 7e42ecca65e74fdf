import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { LocalFolderFiles } from '../datastore/local-folder-files.ts';
import { CowdWriter } from './cowd.ts';

const folder = mkdtempSync(join(tmpdir(), 'leeward-cowd-'));
afterAll(() => rmSync(folder, { recursive: true }));
const sectors = 3 * 4096 + 17;

/** Reads a COWD file by the published layout, independently of the writer: sector → content. */
function readDelta(file: Buffer): Map<number, Buffer> {
  expect(file.toString('ascii', 0, 4)).toBe('COWD');
  const u32 = (at: number) => file.readUInt32LE(at);
  expect([u32(4), u32(8), u32(12), u32(16)]).toEqual([1, 3, sectors, 1]);
  expect(u32(28) * 512).toBe(file.length);
  const content = new Map<number, Buffer>();
  for (let entry = 0; entry < u32(24); entry++) {
    const table = u32(u32(20) * 512 + entry * 4);
    if (table === 0) continue;
    for (let grain = 0; grain < 4096; grain++) {
      const at = u32(table * 512 + grain * 4);
      if (at !== 0) content.set(entry * 4096 + grain, file.subarray(at * 512, at * 512 + 512));
    }
  }
  return content;
}

test('a delta holds exactly what was written last, and lists it as runs', async () => {
  const writes = fc.array(
    fc.record({ at: fc.nat(sectors - 1), count: fc.integer({ min: 1, max: 300 }), byte: fc.nat(255) }),
    { maxLength: 25, size: 'max' },
  );
  const files = new LocalFolderFiles(folder);
  await fc.assert(
    fc.asyncProperty(writes, async (list) => {
      const file = await files.create('x-delta.vmdk');
      const writer = await CowdWriter.create(file, sectors * 512);
      const model = new Map<number, number>();
      for (const { at, count, byte } of list) {
        const length = Math.min(count, sectors - at);
        await writer.write(at * 512, Buffer.alloc(length * 512, byte));
        for (let sector = at; sector < at + length; sector++) model.set(sector, byte);
      }
      await file.close();
      const seen = readDelta(readFileSync(join(folder, 'x-delta.vmdk')));
      expect(seen.size).toBe(model.size);
      for (const [sector, byte] of model)
        expect(seen.get(sector)!.equals(Buffer.alloc(512, byte))).toBe(true);
      const listed = [...writer.runs(8192)].flatMap((run) => {
        expect(run.lengthBytes).toBeLessThanOrEqual(8192);
        return Array.from({ length: run.lengthBytes / 512 }, (_, i) => run.offsetBytes / 512 + i);
      });
      expect(listed).toEqual([...model.keys()].sort((a, b) => a - b));
    }),
    { numRuns: 40 },
  );
});
