import type { TopologyPath } from '@leeward/core/words/topology';
import { expect, it } from 'vitest';
import type { ChainLink } from '../../api/work.ts';
import { markLabel } from './mark-label.ts';
import { chainTimeline } from './timeline-layout.ts';

const nowMs = Date.parse('2026-11-26T12:00:00Z');
const link = (name: string, place: ChainLink['place'], volumeName: string, day: string, more = {}) =>
  ({
    ...{ name, place, arrayName: `array-${place}`, volumeName, createdAt: `2026-11-${day}T00:00:00.000Z` },
    ...{
      state: 'there',
      owner: 'this-job',
      role: 'long-term',
      why: 'Kept by count.',
      goes: 'It goes later.',
    },
    ...more,
  }) as unknown as ChainLink;

const way = (from: string, to: string, via?: string) =>
  ({
    primary: { array: 'array-primary', volume: from },
    ...(via ? { via: [{ array: 'array-middle', volume: via }] } : {}),
    secondary: { array: 'array-secondary', volume: to },
  }) as unknown as TopologyPath;

it('draws a lane for each volume of a way, and joins the copies of a storage snapshot', () => {
  const { lanes, pairs } = chainTimeline(
    [
      link('s2', 'secondary', 'b1', '25'),
      link('s1', 'secondary', 'b1', '24'),
      link('s2', 'middle', 'm1', '25', { hop: 1 }),
      link('s2', 'primary', 'a1', '25', { role: 'auxiliary' }),
      link('s2', 'secondary', 'b0', '25'),
      link('s2', 'primary', 'z0', '25'),
    ],
    [way('a1', 'b1', 'm1'), way('z0', 'b0')],
    nowMs,
  );
  expect(lanes.map(({ label }) => label)).toEqual([
    ...['array-primary/a1', 'array-middle/m1', 'array-secondary/b1'],
    ...['array-primary/z0', 'array-secondary/b0'],
  ]);
  expect(
    pairs.map(({ from, to }) => `${from.link.volumeName} ${to.link.volumeName} ${to.link.name}`),
  ).toEqual([...['a1 m1 s2', 'm1 b1 s2', 'z0 b0 s2']]);
});

it('puts later ones further right, in proportion where there is room, and never over each other', () => {
  const many = ['01', '02', '20', '20'].map((day, at) =>
    link(`s${at}`, 'secondary', 'b', day, at === 3 ? { createdAt: '2026-11-20T00:00:01.000Z' } : {}),
  );
  const xs = chainTimeline(many, [], nowMs).lanes[0]?.marks.map(({ x }) => x) ?? [];
  const gaps = xs.slice(1).map((x, at) => x - (xs[at] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(40);
  expect(gaps[1]).toBeGreaterThan(5 * (gaps[2] ?? 0));
});

it('draws the newest ones of very long chains', () => {
  const many = Array.from({ length: 500 }, (_, at) =>
    link(`s${at}`, 'secondary', 'b', '01', { createdAt: new Date(nowMs - at * 3_600_000).toISOString() }),
  );
  const { lanes, leftOut } = chainTimeline(many, [], nowMs);
  expect([lanes[0]?.marks.length, leftOut]).toEqual([120, 380]);
  expect(lanes[0]?.marks.some(({ link: { name } }) => name === 's0')).toBe(true);
  expect(chainTimeline([], [], nowMs).lanes).toEqual([]);
});

it('says of a mark what it is, why it is kept, when it goes and how long it is locked', () => {
  const locked = link('s1', 'secondary', 'b', '24', { lockedUntil: '2026-12-24T00:00:00.000Z' });
  expect(markLabel(locked)).toMatch(
    /^s1 on array-secondary\/b, secondary, long-term, of .*, locked until .*\. Kept by count\. It goes later\.$/,
  );
  expect(
    markLabel(link('s2', 'primary', 'a', '24', { owner: 'foreign', role: undefined, state: 'gone' })),
  ).toContain('foreign, gone');
});
