import type { LunReader } from '@leeward/formats/vmfs/lun-reader';
import type { VmfsExtent } from '@leeward/formats/vmfs/vmfs-file';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VmfsFileReader } from './vmfs-file-reader.ts';

/** A LUN whose bytes tell which LUN it is and where they are. */
function numbered(number: number): LunReader {
  return {
    sizeBytes: 100_000,
    read: async (offsetBytes, target) => {
      await Promise.resolve();
      for (let at = 0; at < target.length; at++)
        target[at] = (number * 100 + ((offsetBytes + at) % 97)) & 0xff;
    },
  };
}

const kindOfExtent = fc.record({
  kind: fc.constantFrom('data' as const, 'hole' as const, 'zero' as const),
  lengthBytes: fc.integer({ min: 1, max: 40 }),
  lun: fc.nat(1),
  lunOffsetBytes: fc.nat(1000),
});

function laidOut(
  raw: readonly { kind: VmfsExtent['kind']; lengthBytes: number; lun: number; lunOffsetBytes: number }[],
) {
  let at = 0;
  return raw.map(({ kind, lengthBytes, lun, lunOffsetBytes }): VmfsExtent => {
    const place = { fileOffsetBytes: at, lengthBytes };
    at += lengthBytes;
    return kind === 'hole' ? { kind, ...place } : { kind, ...place, lun, lunOffsetBytes };
  });
}

describe('a file by its extents', () => {
  it('reads any range, and tells what is allocated in it', async () => {
    const luns = [numbered(0), numbered(1)];
    await fc.assert(
      fc.asyncProperty(fc.array(kindOfExtent, { minLength: 1 }), fc.nat(), fc.nat(), async (parts, a, b) => {
        const extents = laidOut(parts);
        const reader = new VmfsFileReader(extents, luns);
        const whole = Buffer.alloc(reader.sizeBytes);
        const raw = Buffer.alloc(reader.sizeBytes);
        const allocated = new Uint8Array(reader.sizeBytes);
        for (const each of extents) {
          if (each.kind === 'hole') continue;
          const end = each.fileOffsetBytes + each.lengthBytes;
          await luns[each.lun]?.read(each.lunOffsetBytes, raw.subarray(each.fileOffsetBytes, end));
          if (each.kind === 'data') raw.copy(whole, each.fileOffsetBytes, each.fileOffsetBytes, end);
          allocated.fill(each.kind === 'data' ? 1 : 2, each.fileOffsetBytes, end);
        }
        const from = a % (reader.sizeBytes + 1);
        const length = b % (reader.sizeBytes - from + 1);
        const target = Buffer.alloc(length, 0xee);
        await reader.read(from, target);
        expect(target.equals(whole.subarray(from, from + length))).toBe(true);
        const told = new Uint8Array(reader.sizeBytes);
        for (const { offsetBytes, lengthBytes } of await reader.allocatedIn(from, length))
          told.fill(1, offsetBytes, offsetBytes + lengthBytes);
        for (const { offsetBytes, lengthBytes } of await reader.unwrittenIn(from, length))
          told.fill(2, offsetBytes, offsetBytes + lengthBytes);
        expect(told).toEqual(allocated.map((kind, at) => (at >= from && at < from + length ? kind : 0)));
        await reader.readUnwritten(from, target);
        expect(target.equals(raw.subarray(from, from + length))).toBe(true);
      }),
    );
  });

  it('gives the buffer back only when no LUN writes to it any more, and stops the others', async () => {
    let stopped = false;
    const failing: LunReader = { sizeBytes: 100, read: () => Promise.reject(new Error('lost')) };
    const slow: LunReader = {
      sizeBytes: 100,
      read: (_, target, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => {
            target.fill(1);
            stopped = true;
            queueMicrotask(() => reject(signal.reason));
          });
        }),
    };
    const raw = [
      { kind: 'data' as const, lengthBytes: 10, lun: 0, lunOffsetBytes: 0 },
      { kind: 'data' as const, lengthBytes: 10, lun: 1, lunOffsetBytes: 0 },
    ];
    const reader = new VmfsFileReader(laidOut(raw), [slow, failing]);
    const target = Buffer.alloc(20);
    await expect(reader.read(0, target)).rejects.toThrow('lost');
    expect(stopped).toBe(true);
    await expect(reader.read(15, Buffer.alloc(6))).rejects.toThrow(RangeError);
    const foreign = new VmfsFileReader(laidOut(raw), [slow]);
    await expect(foreign.read(12, Buffer.alloc(2))).rejects.toThrow(RangeError);
  });
});
