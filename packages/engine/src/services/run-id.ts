import { type Clock, isoTime, type Randomness } from '@leeward/core';

/** Sortable, short, and fit for names on every foreign system: `20261125T194501Z-3fa2`. */
export function newRunId(clock: Clock, randomness: Randomness): string {
  const time = isoTime(clock.now()).replace(/[-:]|\.\d+/g, '');
  return `${time}-${Buffer.from(randomness.bytes(2)).toString('hex')}`;
}
