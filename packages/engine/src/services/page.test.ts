import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { Pages, textKey, timeKey } from './page.ts';

const pages = new Pages<readonly [string, string]>('runs', [timeKey, textKey]);
const others = new Pages<readonly [number]>('audit', [z.int()]);
const at = new Date(0).toISOString();

it('gives back the key of the last entry, whatever characters it has', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (id) => {
      fc.pre(!id.includes('\0'));
      const { items, next } = pages.page([id, 'more'], { limit: 1 }, (each) => [at, each]);
      expect(items).toEqual([id]);
      expect(pages.after({ cursor: next })).toEqual([at, id]);
    }),
  );
});

it('has no cursor on the last page', () => {
  expect(pages.page(['a'], { limit: 1 }, (each) => [at, each])).toEqual({ items: ['a'] });
  expect(pages.page([], {}, (each) => [at, each])).toEqual({ items: [] });
});

const encoded = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');

it.each([
  'x',
  '',
  '%%%',
  encoded(null),
  encoded({}),
  encoded(['runs']),
  encoded(['runs', at]),
  encoded(['runs', 'yesterday', 'a']),
  encoded(['runs', at, 7]),
  encoded(['runs', at, 'a', 'b']),
  encoded(['runs', at, 'a\0b']),
])('refuses what it has not given out: %j', (cursor) => {
  expect(() => pages.after({ cursor })).toThrow(expect.objectContaining({ code: 'L-API-101' }));
});

it('refuses cursors of other lists, and says of which', () => {
  const { next } = others.page([3, 2], { limit: 1 }, (id) => [id]);
  expect(() => pages.after({ cursor: next })).toThrow(/of the list of audit/);
});
