import { ManualClock, SeededRandomness } from '@leeward/platform';
import { expect, test } from 'vitest';
import { Guest } from './guest.ts';
import { RandomPattern } from './random-pattern.ts';

test('writes to all disks at its rate, aligned and inside them, until it is paused', async () => {
  const clock = new ManualClock();
  const seen: { disk: number; offset: number; length: number }[] = [];
  const disks = [1 << 20, (1 << 19) + 512].map((sizeBytes, disk) => ({
    sizeBytes,
    write: async (offset: number, data: Uint8Array) => {
      seen.push({ disk, offset, length: data.length });
      expect(offset + data.length).toBeLessThanOrEqual(sizeBytes);
    },
  }));
  const sizes = disks.map(({ sizeBytes }) => sizeBytes);
  const guest = new Guest({ disks, pattern: new RandomPattern(sizes, 1, new SeededRandomness(4)), clock });
  guest.setRate(1_000_000);
  await clock.advance(10_000);
  const { bytesWritten } = guest.counters;
  expect(bytesWritten).toBeGreaterThan(8_000_000);
  expect(bytesWritten).toBeLessThan(11_000_000);
  expect(new Set(seen.map((each) => each.disk)).size).toBe(2);
  for (const { offset, length } of seen) {
    expect(offset % 4096).toBe(0);
    expect(length % 4096).toBe(0);
    expect(length).toBeLessThanOrEqual(65_536);
  }
  const paused = guest.pause();
  await clock.advance(1000);
  await paused;
  const after = guest.counters.bytesWritten;
  await clock.advance(5000);
  expect(guest.counters.bytesWritten).toBe(after);
  guest.setRate(500_000);
  await clock.advance(1000);
  expect(guest.counters.bytesWritten).toBeGreaterThan(after);
});

test('a disk that fails does not stop the guest', async () => {
  const clock = new ManualClock();
  let calls = 0;
  const write = async () => {
    calls += 1;
    if (calls < 3) throw new Error('no space');
  };
  const guest = new Guest({
    disks: [{ sizeBytes: 1 << 20, write }],
    pattern: new RandomPattern([1 << 20], 1, new SeededRandomness(1)),
    clock,
  });
  guest.setRate(100_000);
  await clock.advance(5000);
  expect(guest.counters.lastError).toContain('no space');
  expect(guest.counters.bytesWritten).toBeGreaterThan(0);
});
