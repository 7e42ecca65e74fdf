import { expect, it } from 'vitest';
import { isOf } from './live-events.ts';

it.each([
  ['/runs', true],
  ['/runs?limit=100', true],
  ['/runs/20261126-1', true],
  ['/runs/20261126', true],
  ['/runs/20261125-1', false],
  ['/points', true],
  ['/vms/counts?withinHours=24', true],
  ['/jobs', false],
])('a run that changed makes %s old: %s', (path, old) => expect(isOf(path, '20261126-1')).toBe(old));
