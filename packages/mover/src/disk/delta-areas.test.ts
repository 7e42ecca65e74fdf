import { systemClock as clock, systemRandomness as randomness } from '@leeward/platform';
import { expect, it, onTestFinished } from 'vitest';
import { areasBytes, intersectionOf } from '../areas/areas.ts';
import { chainFiles } from '../testing/chain-files.ts';
import { serveNfs } from '../testing/served-nfs.ts';
import { deltaAreas } from './delta-areas.ts';
import type { ChainSource } from './disk-source.ts';
import { openDisk } from './open-disk.ts';

const tools = { clock, randomness };
const blockBytes = 65_536;
const sizeBytes = 5 * 2 ** 20 + 1536;

async function served(kinds: Parameters<typeof chainFiles>[1], seed = 3) {
  const made = await chainFiles(seed, kinds, sizeBytes);
  const nfs = await serveNfs(made.files);
  onTestFinished(() => nfs.server.close());
  const sourceOf = (path: string): ChainSource => ({
    ...{
      kind: 'chain',
      folders: [{ name: 'ds', hints: [], access: nfs.access }],
      folder: 0,
      path,
      sizeBytes,
    },
  });
  return { path: made.path, sourceOf };
}

async function wholeOf(source: ChainSource): Promise<Buffer> {
  const disk = await openDisk(source, tools);
  const whole = Buffer.alloc(sizeBytes);
  await disk.read(0, whole);
  await disk.close();
  return whole;
}

it.each([
  [1, 'vm-000002.vmdk'],
  [2, 'vm-000001.vmdk'],
  [3, 'vm.vmdk'],
])('tells all in which a disk differs from the one %i below it', async (depth, base) => {
  const { path, sourceOf } = await served(['cowd', 'sesparse', 'cowd']);
  const areas = await deltaAreas(sourceOf(path), { depth, folder: 'ds', path: base }, tools);
  const [upper, lower] = await Promise.all([wholeOf(sourceOf(path)), wholeOf(sourceOf(base))]);
  let differing = 0;
  for (let at = 0; at < sizeBytes; at += blockBytes) {
    const block = { offsetBytes: at, lengthBytes: Math.min(blockBytes, sizeBytes - at) };
    const end = at + block.lengthBytes;
    if (upper.subarray(at, end).equals(lower.subarray(at, end))) continue;
    differing += 1;
    expect(areasBytes(intersectionOf(areas, [block]))).toBe(block.lengthBytes);
  }
  expect(differing).toBeGreaterThan(0);
});

it('refuses a disk that stands on another one than it should', async () => {
  const { path, sourceOf } = await served(['cowd', 'cowd']);
  for (const base of [
    { depth: 1, folder: 'ds', path: 'vm.vmdk' },
    { depth: 2, folder: 'other', path: 'vm.vmdk' },
    { depth: 3, folder: 'ds', path: 'vm.vmdk' },
  ])
    await expect(deltaAreas(sourceOf(path), base, tools)).rejects.toMatchObject({
      code: 'L-FMT-211',
      details: { file: `ds/${path}` },
    });
});
