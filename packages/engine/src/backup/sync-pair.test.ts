import { expect, it } from 'vitest';
import { pairOf, relationKey } from './sync-pair.ts';

const volume = (objectId: string) => ({ arraySerial: 'A', objectId });
const over = (kind: 'sync' | 'transfer', secondary: string) =>
  ({ id: volume(secondary), kind, volume: volume(secondary) }) as const;

it('a chain of a synchronous relation keeps its name when the sides change roles', () => {
  expect(relationKey(volume('up'), over('sync', 'down'))).toBe(
    relationKey(volume('down'), over('sync', 'up')),
  );
});

it('other relations have other names', () => {
  const names = [
    relationKey(volume('up'), over('sync', 'down')),
    relationKey(volume('up'), over('sync', 'far')),
    relationKey(volume('up'), over('transfer', 'down')),
    relationKey(volume('up'), over('transfer', 'far')),
  ];
  expect(new Set(names).size).toBe(4);
});

it('only what is frozen over a synchronous relation is a pair', () => {
  const relation = (kind: 'sync' | 'transfer') => over(kind, 'down') as never;
  expect(pairOf({ volume: volume('up'), relation: relation('sync') })).toEqual({
    primary: volume('up'),
    secondary: volume('down'),
  });
  expect(pairOf({ volume: volume('up'), relation: relation('transfer') })).toBeUndefined();
  expect(pairOf({ volume: volume('up') })).toBeUndefined();
});
