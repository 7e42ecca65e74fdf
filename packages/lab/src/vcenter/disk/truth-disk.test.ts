import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { Hasher } from './hasher.ts';
import { TruthDisk, type TruthView } from './truth-disk.ts';

const folder = mkdtempSync(join(tmpdir(), 'leeward-truth-'));
afterAll(() => rmSync(folder, { recursive: true }));
const sizeBytes = 1_000_448;

test('views keep their content whatever is written, frozen, reverted and released in between', async () => {
  const action = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('write' as const),
        at: fc.nat(sizeBytes - 1),
        length: fc.integer({ min: 1, max: 200_000 }),
        byte: fc.nat(255),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('freeze' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const), which: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('revert' as const), which: fc.nat(5) }) },
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 30, size: 'max' }), async (actions) => {
      const disk = new TruthDisk(join(folder, `disk-${run++}`), sizeBytes);
      const model = Buffer.alloc(sizeBytes);
      const views: { view: TruthView; content: Buffer }[] = [];
      for (const step of actions) {
        if (step.kind === 'write') {
          const data = Buffer.alloc(Math.min(step.length, sizeBytes - step.at), step.byte);
          disk.write(step.at, data);
          data.copy(model, step.at);
        } else if (step.kind === 'freeze') views.push({ view: disk.freeze(), content: Buffer.from(model) });
        else if (views.length > 0) {
          const index = step.which % views.length;
          const chosen = views[index]!;
          if (step.kind === 'release') {
            chosen.view.release();
            views.splice(index, 1);
          } else {
            await disk.revertTo(chosen.view, async () => undefined);
            chosen.content.copy(model);
          }
        }
      }
      expect(disk.read(0, sizeBytes).equals(model)).toBe(true);
      for (const { view, content } of views) expect(view.read(0, sizeBytes).equals(content)).toBe(true);
      disk.close();
    }),
    { numRuns: 60 },
  );
  expect(readdirSync(folder).filter((name) => name.includes('view'))).toEqual([]);
});

test('the hash of a view is the hash of the disk then', async () => {
  const disk = new TruthDisk(join(folder, 'hashed'), sizeBytes);
  disk.write(4096, Buffer.from('before'));
  const before = disk.read(0, sizeBytes);
  const view = disk.freeze();
  disk.write(4096, Buffer.from('after'));
  const hasher = new Hasher();
  const wanted = createHash('sha256').update(before).digest('hex');
  expect(await Promise.all([view.sha256(hasher), view.sha256(hasher)])).toEqual([wanted, wanted]);
  await hasher.close();
  disk.close();
});
