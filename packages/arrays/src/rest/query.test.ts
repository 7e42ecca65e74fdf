import { expect, it } from 'vitest';
import { pathWithQuery } from './query.ts';

it('a query has its values encoded and its field lists readable', () => {
  expect(pathWithQuery('/a', { fields: 'a,b.c', name: 'x y&z', off: undefined })).toBe(
    '/a?fields=a,b.c&name=x%20y%26z',
  );
  expect(pathWithQuery('/a?b=1', { c: true })).toBe('/a?b=1&c=true');
  expect(pathWithQuery('/a')).toBe('/a');
});
