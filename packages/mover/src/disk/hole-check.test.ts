import type { Extent } from '@leeward/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalAreas } from '../areas/areas.ts';
import type { ChainPart } from './chain-parts.ts';
import { granuleOf } from './granule.ts';
import { HoleCheck } from './hole-check.ts';

type Kind = ChainPart['kind'];

interface Case {
  readonly kinds: readonly Kind[];
  readonly allocated: readonly Extent[];
  readonly changed?: readonly Extent[];
  readonly unitBytes?: number;
  /** What lies on the LUN under blocks that are marked as never written, unit by unit. */
  readonly garbage?: readonly number[];
}

/** What the check says: the doubt, or how much went unchecked, and how many bytes it read. */
async function findings({ kinds, allocated, changed, unitBytes = 1, garbage = [] }: Case) {
  const sizeBytes = kinds.length * unitBytes;
  const check = new HoleCheck({ allocated, changed }, sizeBytes);
  for (const [at, kind] of kinds.entries())
    check.add({ kind, offsetBytes: at * unitBytes, lengthBytes: unitBytes });
  let readBytes = 0;
  const read = async (offsetBytes: number, target: Uint8Array) => {
    readBytes += target.length;
    for (let at = 0; at < target.length; at += unitBytes) {
      const number = (offsetBytes + at) / unitBytes;
      expect(kinds[number]).toBe('unwritten');
      target.fill(garbage[number] ?? 0, at, at + unitBytes);
    }
  };
  try {
    const warnings = await check.finish('a.vmdk', read);
    expect(warnings.every(({ code }) => code === 'L-FMT-432')).toBe(true);
    return { unchecked: warnings.map(({ details }) => details['totalBytes']), readBytes };
  } catch (error) {
    return { ...(error as { details: { totalBytes: number } }).details, readBytes };
  }
}

const area = (offsetBytes: number, lengthBytes: number): Extent => ({ offsetBytes, lengthBytes });
const unit = 65_536;
const units = (from: number, count: number) => area(from * unit, count * unit);

describe('a hole', () => {
  it('is in doubt exactly where whole granules are allocated to the host, and nothing holds them', async () => {
    const kinds = fc.array(fc.constantFrom<Kind>('data', 'hole', 'zero'), {
      minLength: 1,
      maxLength: 60,
      size: 'max',
    });
    const raw = fc.record({ offsetBytes: fc.nat(15), lengthBytes: fc.integer({ min: 1, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(kinds, fc.array(raw, { maxLength: 6 }), async (disk, some) => {
        const allocated = normalAreas(
          some.map(({ offsetBytes, lengthBytes }) => area(offsetBytes * 4, lengthBytes * 4)),
          disk.length,
        );
        const isWhole = allocated.length === 1 && allocated[0]?.lengthBytes === disk.length;
        const granule = isWhole || allocated.length === 0 ? 1 : granuleOf(allocated, disk.length);
        let expected = 0;
        for (let from = 0; from < disk.length && !isWhole; from += granule) {
          const to = Math.min(from + granule, disk.length);
          const isListed = allocated.some(
            ({ offsetBytes, lengthBytes }) => offsetBytes <= from && offsetBytes + lengthBytes >= to,
          );
          if (isListed && disk.slice(from, to).every((kind) => kind === 'hole')) expected += to - from;
        }
        const found = await findings({ kinds: disk, allocated });
        expect('totalBytes' in found ? found.totalBytes : 0).toBe(expected);
      }),
    );
  });

  it('is told with the place of the first one, and their number', async () => {
    const kinds: Kind[] = ['data', 'hole', 'hole', 'data', 'hole', 'zero', 'hole', 'hole'];
    expect(await findings({ kinds, allocated: [units(1, 5)], unitBytes: unit })).toMatchObject({
      ...{ file: 'a.vmdk', ranges: 2, totalBytes: 3 * unit, offset: unit },
    });
  });

  it('is found also where a few long areas make change tracking look coarse', async () => {
    const kinds: Kind[] = Array.from({ length: 64 }, (_, at) => (at === 21 || at >= 48 ? 'hole' : 'data'));
    const mib = 2 ** 20;
    const found = await findings({ kinds, allocated: [area(0, 48 * mib)], unitBytes: mib });
    expect(found).toMatchObject({ totalBytes: mib, offset: 21 * mib });
  });

  it('of what the guest gave back is zeros: changed, and not allocated any more', async () => {
    const kinds: Kind[] = ['data', 'hole', 'hole', 'data'];
    const changed = [units(0, 3)];
    const good = await findings({ kinds, changed, allocated: [units(0, 1), units(3, 1)], unitBytes: unit });
    expect(good).toEqual({ unchecked: [], readBytes: 0 });
    const bad = await findings({ kinds, changed, allocated: [units(0, 2), units(3, 1)], unitBytes: unit });
    expect(bad).toMatchObject({ ranges: 1, totalBytes: unit, offset: unit });
  });

  it('about which an answer for the whole disk says nothing is told as unchecked, as far as it matters', async () => {
    const kinds: Kind[] = ['data', 'hole', 'hole', 'data'];
    const allocated = [units(0, 4)];
    expect(await findings({ kinds, allocated, unitBytes: unit })).toMatchObject({ unchecked: [2 * unit] });
    const changed = [units(0, 2)];
    expect(await findings({ kinds, allocated, changed, unitBytes: unit })).toMatchObject({
      unchecked: [unit],
    });
    const other = [units(3, 1)];
    expect(await findings({ kinds, allocated, changed: other, unitBytes: unit })).toMatchObject({
      unchecked: [],
    });
  });
});

describe('a block that is marked as never written', () => {
  const kinds: Kind[] = ['data', 'unwritten', 'unwritten', 'unwritten'];
  const garbage = [0, 0, 7, 7];
  const told = (more: Omit<Case, 'kinds' | 'unitBytes'>) => findings({ kinds, unitBytes: unit, ...more });

  it('is zeros, unread, when the host does not list it, whatever lies there', async () => {
    expect(await told({ allocated: [units(0, 1)], garbage })).toEqual({ unchecked: [], readBytes: 0 });
  });

  it('is in doubt when the host lists some of them, this one too, and there is something in it', async () => {
    const allocated = [units(0, 3)];
    expect(await told({ allocated, garbage })).toMatchObject({ totalBytes: 2 * unit, offset: unit });
    expect(await told({ allocated, garbage: [] })).toEqual({ unchecked: [], readBytes: 2 * unit });
  });

  it('is believed, and told as unchecked, when the host lists all of them: it tells nothing then', async () => {
    const all = { unchecked: [3 * unit], readBytes: 0 };
    expect(await told({ allocated: [units(0, 4)], garbage })).toEqual(all);
    const mixed: Kind[] = ['data', 'unwritten', 'unwritten', 'hole'];
    const found = await findings({ kinds: mixed, allocated: [units(0, 3)], unitBytes: unit, garbage });
    expect(found).toEqual({ unchecked: [2 * unit], readBytes: 0 });
  });

  it('is in doubt when it changed since the last point and there is something in it, whatever the host lists', async () => {
    const changed = [units(2, 1)];
    const doubt = { ranges: 1, totalBytes: unit, offset: 2 * unit };
    expect(await told({ allocated: [units(0, 4)], changed, garbage })).toMatchObject(doubt);
    expect(await told({ allocated: [units(0, 4)], changed: [units(1, 1)], garbage })).toEqual({
      unchecked: [],
      readBytes: unit,
    });
    expect(await told({ allocated: [units(0, 1)], changed, garbage })).toEqual({
      unchecked: [],
      readBytes: 0,
    });
  });

  it('next to a hole makes one granule with it', async () => {
    const parts: Kind[] = ['data', 'data', 'hole', 'unwritten', 'data', 'unwritten'];
    const allocated = [area(1024, 1024)];
    const found = await findings({ kinds: parts, allocated, unitBytes: 512, garbage: [0, 0, 0, 7] });
    expect(found).toMatchObject({ totalBytes: 1024, offset: 1024 });
  });
});
