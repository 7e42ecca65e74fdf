import { SeededRandomness } from '@leeward/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect } from '../testing/collect.ts';
import { CowdImage } from '../testing/cowd-image.ts';
import { openSingle } from '../testing/open-single.ts';
import { randomChain } from '../testing/random-chain.ts';
import { SesparseImage } from '../testing/sesparse-image.ts';
import { SparseFile } from '../testing/sparse-file.ts';
import { openDiskChain } from './open-disk-chain.ts';

const kinds = fc.array(fc.constantFrom('cowd' as const, 'sesparse' as const), { maxLength: 6 });
const chains = fc.record({ seed: fc.nat(), kinds, sectors: fc.integer({ min: 1, max: 12_000 }) });
const cacheSizes = fc.constantFrom(0, 70_000, undefined);

/** A delta over a base without data. */
async function single(capacityBytes: number, kind: 'cowd' | 'sesparse', delta: SparseFile) {
  const flat = new SparseFile();
  return { flat, chain: await openSingle(kind, delta, capacityBytes, flat) };
}

describe('a chain', () => {
  it('reads any range, also many at once, as the disk has it, with any size of the cache', async () => {
    await fc.assert(
      fc.asyncProperty(chains, cacheSizes, async ({ seed, ...options }, cacheBytes) => {
        const random = new SeededRandomness(seed);
        const { folder, path, content } = await randomChain(random, options);
        const chain = await openDiskChain(folder, path, cacheBytes === undefined ? {} : { cacheBytes });
        const ranges = Array.from({ length: 8 }, () => {
          const from = Math.floor(random.fraction() * content.length);
          return { from, to: from + Math.floor(random.fraction() * (content.length - from + 1)) };
        });
        const read = ranges.map(async ({ from, to }) => {
          const target = new Uint8Array(to - from).fill(0xee);
          await chain.read(from, target);
          expect(Buffer.compare(target, content.subarray(from, to))).toBe(0);
        });
        await Promise.all(read);
      }),
      { numRuns: 40 },
    );
  });

  it('maps every byte to the file that holds it, and lists all that is not zeros', async () => {
    await fc.assert(
      fc.asyncProperty(chains, async ({ seed, ...options }) => {
        const { folder, path, content } = await randomChain(new SeededRandomness(seed), options);
        const chain = await openDiskChain(folder, path);
        const rebuilt = Buffer.alloc(content.length);
        let at = 0;
        for await (const run of chain.mapping(0, content.length)) {
          expect(run.offsetBytes).toBe(at);
          expect(run.lengthBytes).toBeGreaterThan(0);
          at += run.lengthBytes;
          if (run.kind === 'data')
            await run.file!.reader.read(run.fileOffsetBytes!, rebuilt.subarray(run.offsetBytes, at));
        }
        expect(at).toBe(content.length);
        expect(Buffer.compare(rebuilt, content)).toBe(0);

        const outside = Buffer.from(content);
        let end = -1;
        for await (const { offsetBytes, lengthBytes } of chain.allocated()) {
          expect(offsetBytes).toBeGreaterThan(end);
          end = offsetBytes + lengthBytes;
          outside.fill(0, offsetBytes, end);
        }
        expect(outside.equals(Buffer.alloc(outside.length))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves out what the file system knows as holes of the base', async () => {
    const image = new CowdImage(2 ** 20);
    await image.write(8192, new Uint8Array(512).fill(1));
    const { chain, flat } = await single(2 ** 20, 'cowd', image.file);
    expect(await collect(chain.allocated())).toEqual([{ offsetBytes: 0, lengthBytes: 2 ** 20 }]);
    Object.assign(flat, {
      allocatedIn: async (from: number, length: number) =>
        from <= 65_536 && 65_536 < from + length ? [{ offsetBytes: 65_536, lengthBytes: 4096 }] : [],
    });
    expect(await collect(chain.allocated())).toEqual([
      { offsetBytes: 8192, lengthBytes: 512 },
      { offsetBytes: 65_536, lengthBytes: 4096 },
    ]);
  });

  it('tells what was read, and how much of it the guest had unmapped', async () => {
    const image = new SesparseImage(65_536);
    image.write(0, new Uint8Array(8192).fill(5));
    image.mark(4096, 4096, 'unmapped');
    image.mark(8192, 4096, 'zero');
    const { chain } = await single(65_536, 'sesparse', image.file);
    const target = new Uint8Array(16_384).fill(9);
    await chain.read(0, target);
    expect(target.subarray(4096).every((byte) => byte === 0)).toBe(true);
    expect(chain.readFigures).toEqual({ dataBytes: 8192, zeroBytes: 4096, unmappedBytes: 4096 });
  });

  it('reads scattered grains with few requests', async () => {
    const image = new CowdImage(2 ** 20);
    for (let sector = 0; sector < 1024; sector++)
      await image.write(((sector * 389) % 1024) * 512, new Uint8Array(512).fill(1 + (sector % 250)));
    const { chain } = await single(2 ** 20, 'cowd', image.file);
    await chain.read(0, new Uint8Array(512));
    image.file.reads = 0;
    const target = new Uint8Array(1024 * 512);
    await chain.read(0, target);
    expect(image.file.reads).toBeLessThanOrEqual(3);
    expect(target[389 * 512]).toBe(2);
  });

  it.each([
    ['cowd', 2 ** 41 - 2 ** 20],
    ['sesparse', 62 * 2 ** 40],
  ] as const)(
    'of the largest %s disk is mapped within the memory of the cache',
    async (kind, capacityBytes) => {
      const marks = [0, capacityBytes / 2, capacityBytes - 4096];
      const cowd = new CowdImage(kind === 'cowd' ? capacityBytes : 512);
      const sesparse = new SesparseImage(kind === 'sesparse' ? capacityBytes : 4096);
      for (const at of marks) {
        if (kind === 'cowd') await cowd.write(at, new Uint8Array(4096).fill(3));
        else sesparse.write(at, new Uint8Array(4096).fill(3));
      }
      const { chain, flat } = await single(capacityBytes, kind, kind === 'cowd' ? cowd.file : sesparse.file);
      Object.assign(flat, { allocatedIn: async () => [] });
      const found = await collect(chain.allocated());
      expect(found).toEqual(marks.map((offsetBytes) => ({ offsetBytes, lengthBytes: 4096 })));
      const target = new Uint8Array(8192);
      await chain.read(capacityBytes - 8192, target);
      expect([target[0], target[4096]]).toEqual([0, 3]);
    },
  );

  it('refuses ranges outside the disk', async () => {
    const { chain } = await single(4096, 'cowd', new CowdImage(4096).file);
    await expect(chain.read(4095, new Uint8Array(2))).rejects.toThrowError(RangeError);
    await expect(chain.read(-1, new Uint8Array(1))).rejects.toThrowError(RangeError);
    await chain.read(4096, new Uint8Array(0));
  });

  it('stops when it is told to, wherever it is', async () => {
    const image = new CowdImage(2 ** 24);
    for (let at = 0; at < 2 ** 24; at += 2 ** 16) await image.write(at, new Uint8Array(512).fill(1));
    for (const reads of [0, 1, 5, 9]) {
      const { chain } = await single(2 ** 24, 'cowd', image.file);
      const stop = new AbortController();
      image.file.reads = -reads;
      const { read } = image.file;
      image.file.read = async function (this: SparseFile, ...argv) {
        if (this.reads === 0) stop.abort(new Error('enough'));
        return read.apply(this, argv);
      };
      await expect(chain.read(0, new Uint8Array(2 ** 24), stop.signal)).rejects.toThrowError('enough');
      image.file.read = read;
    }
  });

  it('gives the target back only when no read is in flight any more, also after a failure', async () => {
    const image = new CowdImage(2 ** 20);
    await image.write(512 * 100, new Uint8Array(512).fill(1));
    const { chain, flat } = await single(2 ** 20, 'cowd', image.file);
    const steps: string[] = [];
    flat.read = async (offset) => {
      if (offset === 0) throw new Error('cut');
      await new Promise((resolve) => setImmediate(resolve));
      steps.push('ended');
    };
    const failed = await chain.read(0, new Uint8Array(2 ** 20)).catch((error: Error) => {
      steps.push('rejected');
      return error.message;
    });
    expect(failed).toBe('cut');
    expect(steps.at(-1)).toBe('rejected');
  });
});
