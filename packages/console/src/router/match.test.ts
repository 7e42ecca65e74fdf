import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchPath, pathTo } from './match.ts';

it.each([
  ['/', '/', {}],
  ['/runs/:id', '/runs/2026', { id: '2026' }],
  ['/runs/:id', '/runs/2026/', { id: '2026' }],
  ['/jobs/:id/plan', '/jobs/B%C3%BCro%20%2F%201/plan', { id: 'Büro / 1' }],
  ['/runs/:id', '/runs', undefined],
  ['/runs', '/jobs', undefined],
  ['/runs/:id', '/runs/%E0%A4%A', undefined],
])('%s against %s', (pattern, path, params) => expect(matchPath(pattern, path)).toEqual(params));

it('finds again whatever a path was made with', () => {
  const id = fc.string({ unit: 'grapheme', minLength: 1 });
  fc.assert(
    fc.property(id, (value) => {
      expect(matchPath('/jobs/:id', pathTo('/jobs/:id', { id: value }))).toEqual({ id: value });
    }),
  );
});
