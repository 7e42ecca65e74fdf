import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChangeTracker, epochText, parseChangeId, trackingBlockBytes } from './change-tracker.ts';

const sizeBytes = 100 * trackingBlockBytes + 512;
const epoch = epochText(new Uint8Array(16).fill(0xab));
const honest = () => ({ loseFraction: 0, falsePositiveFraction: 0 });

function allBlocks(tracker: ChangeTracker, from: number, to: number | undefined, maxAreas: number): number[] {
  const blocks: number[] = [];
  for (let offset = 0; offset < sizeBytes; ) {
    const answer = tracker.areas(from, to, offset, maxAreas);
    expect(answer.areas.length).toBeLessThanOrEqual(maxAreas);
    expect(answer.length).toBeGreaterThan(0);
    for (const area of answer.areas)
      for (let at = area.start; at < area.start + area.length; at += trackingBlockBytes)
        blocks.push(at / trackingBlockBytes);
    offset = answer.startOffset + answer.length;
  }
  return blocks;
}

test('any pair of change ids gives exactly the blocks changed between them, by any window size', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.nat(100), { maxLength: 20, size: 'max' }), { minLength: 1, maxLength: 6 }),
      fc.nat(5),
      fc.nat(5),
      fc.integer({ min: 1, max: 7 }),
      (intervals, one, two, maxAreas) => {
        const tracker = new ChangeTracker(epoch, sizeBytes, honest());
        const ids = intervals.map((blocks) => {
          for (const block of blocks) tracker.mark(block * trackingBlockBytes + 100, 10);
          return parseChangeId(tracker.freeze())!.counter;
        });
        const [from, to] = [Math.min(one, two), Math.max(one, two)].map((at) => Math.min(at, ids.length - 1));
        const expected = new Set(intervals.slice(from! + 1, to! + 1).flat());
        const sorted = [...expected].sort((a, b) => a - b);
        expect(allBlocks(tracker, ids[from!]!, ids[to!]!, maxAreas)).toEqual(sorted);
      },
    ),
  );
});

test('areas end with the disk; lies lose or add blocks', () => {
  const tracker = new ChangeTracker(epoch, sizeBytes, { loseFraction: 0.5, falsePositiveFraction: 0 });
  for (let block = 0; block <= 100; block++) tracker.mark(block * trackingBlockBytes, 512);
  tracker.freeze();
  const kept = allBlocks(tracker, 0, 1, 1000);
  expect(kept.length).toBeGreaterThan(20);
  expect(kept.length).toBeLessThan(80);
  const adding = new ChangeTracker(epoch, sizeBytes, { loseFraction: 0, falsePositiveFraction: 1 });
  adding.freeze();
  expect(adding.areas(0, 1, 0, 10).areas).toEqual([{ start: 0, length: sizeBytes }]);
});

test('writes in a missed range are not noticed, what is around it is', () => {
  const missed = [
    { offsetBytes: 10 * trackingBlockBytes, lengthBytes: 5 * trackingBlockBytes },
    { offsetBytes: 12 * trackingBlockBytes, lengthBytes: 8 * trackingBlockBytes },
  ];
  const tracker = new ChangeTracker(epoch, sizeBytes, { ...honest(), missed });
  tracker.mark(8 * trackingBlockBytes, 14 * trackingBlockBytes);
  tracker.mark(11 * trackingBlockBytes, 512);
  tracker.mark(30 * trackingBlockBytes, 512);
  tracker.freeze();
  expect(allBlocks(tracker, 0, 1, 10)).toEqual([8, 9, 20, 21, 30]);
});

test('change ids are recognised', () => {
  expect(parseChangeId(`${epoch}/17`)).toEqual({ epoch, counter: 17 });
  for (const bad of ['*', '', '52/1', `${epoch}/`, `${epoch}/x`, `zz${epoch.slice(2)}/1`])
    expect(parseChangeId(bad)).toBeUndefined();
});
