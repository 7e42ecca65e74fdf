import { ManualClock, systemRandomness as randomness } from '@leeward/platform';
import { expect, it } from 'vitest';
import { callsInFlight, type NfsOptions, unknownReadBytes, withDefaults } from './nfs-options.ts';

const settings = (readsInFlight?: number) => {
  const clock = new ManualClock();
  const options: NfsOptions = {
    addresses: ['127.0.0.1'],
    exportPath: '/export',
    readsInFlight,
    clock,
    randomness,
  };
  return withDefaults(options);
};

it('has 1 MiB in flight, up to 2 MiB where answers are slow, in at least 4 and at most 64 READs', () => {
  const kib = [4, 32, 64, 256, 1024].map((size) => callsInFlight(settings(), size * 1024));
  expect(kib).toEqual([
    { least: 64, most: 64 },
    { least: 32, most: 64 },
    { least: 16, most: 32 },
    { least: 4, most: 8 },
    { least: 4, most: 4 },
  ]);
  expect(callsInFlight(settings(), unknownReadBytes)).toEqual({ least: 4, most: 4 });
});

it('keeps to a number that was asked for', () => {
  expect(callsInFlight(settings(5), 64 * 1024)).toEqual({ least: 5, most: 5 });
});
