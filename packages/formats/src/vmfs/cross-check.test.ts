import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuseSuspectRanges, suspectRanges } from './cross-check.ts';
import type { VmfsExtent } from './vmfs-file.ts';

type Kind = VmfsExtent['kind'];

/** Extents of a file from the kind of each of its bytes. */
function extentsOf(kinds: readonly Kind[]): VmfsExtent[] {
  return kinds.map((kind, at) => {
    const place = { fileOffsetBytes: at, lengthBytes: 1 };
    return kind === 'data' ? { kind, ...place, lun: 0, lunOffsetBytes: at } : { kind, ...place };
  });
}

describe('suspect ranges', () => {
  it('are exactly the bytes that are no data and within an area', () => {
    const kinds = fc.array(fc.constantFrom<Kind>('data', 'hole', 'zero'), { maxLength: 40 });
    const gaps = fc.array(fc.tuple(fc.nat(6), fc.integer({ min: 1, max: 6 })), { maxLength: 8 });
    fc.assert(
      fc.property(kinds, gaps, (file, steps) => {
        let at = 0;
        const areas = steps.map(([gap, lengthBytes]) => {
          const offsetBytes = at + gap;
          at = offsetBytes + lengthBytes;
          return { offsetBytes, lengthBytes };
        });
        const inArea = (byte: number) =>
          areas.some(
            ({ offsetBytes, lengthBytes }) => byte >= offsetBytes && byte < offsetBytes + lengthBytes,
          );
        const expected = file.flatMap((kind, byte) =>
          kind !== 'data' && inArea(byte) ? [`${kind} ${byte}`] : [],
        );
        const found = suspectRanges(extentsOf(file), areas).flatMap(({ kind, offsetBytes, lengthBytes }) =>
          Array.from({ length: lengthBytes }, (_, byte) => `${kind} ${offsetBytes + byte}`),
        );
        expect(found).toEqual(expected);
      }),
    );
  });

  it('are refused with their sum, or there are none', () => {
    const extents = extentsOf(['data', 'hole', 'hole', 'zero', 'data']);
    const all = [{ offsetBytes: 0, lengthBytes: 5 }];
    expect(() => refuseSuspectRanges('a-flat.vmdk', extents, all)).toThrow(
      expect.objectContaining({
        code: 'L-FMT-431',
        details: { file: 'a-flat.vmdk', ranges: 2, totalBytes: 3, offset: 1 },
      }),
    );
    refuseSuspectRanges('a-flat.vmdk', extents, [{ offsetBytes: 4, lengthBytes: 1 }]);
  });
});
