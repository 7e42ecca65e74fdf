import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDescriptor } from '../parse-descriptor.ts';
import { collect } from '../testing/collect.ts';
import { codeOf } from '../testing/error-code.ts';
import { readStream } from '../testing/read-stream.ts';
import type { StreamBlock } from './grains.ts';
import { type StreamOptions, streamOptimized } from './stream-optimized.ts';

const contentId = '0123456789abcdef0123456789abcdef';
const disk = (capacityBytes: number): StreamOptions => ({ capacityBytes, fileName: 'vm.vmdk', contentId });

async function bytesOf(blocks: Iterable<StreamBlock>, options: StreamOptions): Promise<Buffer> {
  return Buffer.concat(await collect(streamOptimized(blocks, options)));
}

/** Blocks in rising order; the same buffer is used again for each of them, as a caller may. */
function* blocksOf(content: Buffer, cuts: readonly number[]): Generator<StreamBlock> {
  const shared = Buffer.alloc(content.length);
  const places = [0, ...cuts.map((cut) => cut % (content.length + 1)), content.length].toSorted(
    (a, b) => a - b,
  );
  for (const [index, from] of places.entries()) {
    const bytes = shared.subarray(0, (places[index + 1] ?? from) - from);
    content.copy(bytes, 0, from, from + bytes.length);
    if (!bytes.equals(Buffer.alloc(bytes.length))) yield { offsetBytes: from, bytes };
    shared.fill(0xee);
  }
}

describe('streamOptimized', () => {
  it('gives the disk to a reader that only goes forward, however it is cut into blocks', async () => {
    const marks = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
      maxLength: 20,
      size: 'max',
    });
    const sectors = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(128, 65_537));
    await fc.assert(
      fc.asyncProperty(sectors, marks, fc.array(fc.nat(), { maxLength: 10 }), async (count, dots, cuts) => {
        const content = Buffer.alloc(count * 512);
        for (const [at, value] of dots) content[at % content.length] = value;
        const options = { ...disk(content.length), parallelGrains: 1 + (dots.length % 4) };
        const stream = readStream(await bytesOf(blocksOf(content, cuts), options));
        expect(stream.content.equals(content)).toBe(true);
        const wanted = new Set(dots.map(([at]) => Math.floor((at % content.length) / 65_536)));
        expect(stream.grains).toEqual([...wanted].toSorted((a, b) => a - b));
      }),
      { numRuns: 30 },
    );
  });

  it('describes itself as VMware does, with the identity of the disk that was backed up', async () => {
    const original = parseDescriptor(
      Buffer.from(
        'version=3\nCID=89abcdef\nparentCID=ffffffff\ncreateType="vmfs"\nRW 16 VMFS "x-flat.vmdk"\nchangeTrackPath="x-ctk.vmdk"\n' +
          'ddb.uuid = "60 00 C2 91"\nddb.adapterType = "lsilogic"\n',
      ),
      { file: 'x' },
    );
    const stream = readStream(await bytesOf([], { capacityBytes: 8192, fileName: 'y.vmdk', original }));
    const inside = parseDescriptor(Buffer.from(stream.descriptor), { file: 'y.vmdk' });
    expect(inside).toMatchObject({
      version: 1,
      cid: '89abcdef',
      createType: 'streamOptimized',
      extents: [{ access: 'RDONLY', sectors: 16, type: 'SPARSE', fileName: 'y.vmdk' }],
      ddb: [{ key: 'ddb.uuid', value: '60 00 C2 91' }, { key: 'ddb.adapterType' }],
    });
    expect(inside.changeTrackPath).toBeUndefined();
    const fresh = readStream(await bytesOf([], disk(2 ** 30)));
    expect(fresh.descriptor).toContain('ddb.geometry.cylinders = "131"');
  });

  it.each<[string, string, StreamBlock[], Partial<StreamOptions>]>([
    ['blocks that overlap', 'L-FMT-302', [block(0, 512), block(511, 512)], {}],
    ['blocks out of order', 'L-FMT-302', [block(1024, 512), block(0, 512)], {}],
    ['a block behind the end', 'L-FMT-302', [block(7681, 512)], {}],
    ['no place', 'L-FMT-302', [block(Number.NaN, 512)], {}],
    ['half a sector', 'L-FMT-302', [], { capacityBytes: 700 }],
    ['nothing', 'L-FMT-302', [], { capacityBytes: 0 }],
    ['no content id', 'L-FMT-301', [], { contentId: '' }],
    ['a name that is none', 'L-FMT-301', [], { fileName: 'a"b' }],
    ['a descriptor too long for its place', 'L-FMT-302', [], { fileName: 'x'.repeat(10_000) }],
  ])('refuses %s', async (_, code, blocks, change) => {
    expect(await codeOf(() => bytesOf(blocks, { ...disk(8192), ...change }))).toBe(code);
  });

  it('ends with the error of its blocks, and closes them when nobody wants the rest', async () => {
    let isClosed = false;
    async function* endless() {
      try {
        for (let at = 0; ; at += 65_536) yield block(at, 65_536);
      } finally {
        isClosed = true;
      }
    }
    let taken = 0;
    for await (const bytes of streamOptimized(endless(), disk(2 ** 40))) {
      taken += bytes.length;
      if (taken > 70_000) break;
    }
    expect(isClosed).toBe(true);
    async function* broken() {
      yield block(0, 65_536);
      throw new Error('the repository is gone');
    }
    await expect(collect(streamOptimized(broken(), disk(2 ** 40)))).rejects.toThrowError('is gone');
  });
});

function block(offsetBytes: number, length: number): StreamBlock {
  return { offsetBytes, bytes: Buffer.alloc(length, 1) };
}
