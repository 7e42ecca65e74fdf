import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PageCache } from './page-cache.ts';

const page = (size: number) => async () => new DataView(new ArrayBuffer(size));

describe('PageCache', () => {
  it('never holds more than its limit, and gives each page as it was loaded', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(9), { maxLength: 60, size: 'max' }),
        fc.nat(300),
        async (keys, limit) => {
          const cache = new PageCache(limit);
          for (const key of keys) {
            expect((await cache.get(String(key), page(10 * (key + 1)))).byteLength).toBe(10 * (key + 1));
            expect(cache.sizeBytes).toBeLessThanOrEqual(limit);
          }
        },
      ),
    );
  });

  it('drops what was not used for longest', async () => {
    const cache = new PageCache(30);
    for (const key of ['a', 'b', 'c']) await cache.get(key, page(10));
    cache.peek('a');
    await cache.get('d', page(10));
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.peek(key))).toEqual(['a', 'c', 'd']);
  });

  it('loads a page once for all who want it', async () => {
    const cache = new PageCache(100);
    let loads = 0;
    const load = async () => {
      loads++;
      return new DataView(new ArrayBuffer(8));
    };
    await Promise.all(Array.from({ length: 5 }, () => cache.get('x', load)));
    expect(loads).toBe(1);
  });

  it('keeps a failure for the one whose it is', async () => {
    const cache = new PageCache(100);
    const own = new AbortController();
    const first = cache.get(
      'x',
      () => new Promise((_, reject) => setImmediate(() => reject(new Error('aborted')))),
      own.signal,
    );
    const second = cache.get('x', page(8));
    await expect(first).rejects.toThrowError('aborted');
    expect((await second).byteLength).toBe(8);
    own.abort(new Error('over'));
    await expect(cache.get('x', page(8), own.signal)).rejects.toThrowError('over');
  });
});
