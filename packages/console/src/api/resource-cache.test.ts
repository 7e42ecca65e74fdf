import { expect, it } from 'vitest';
import { ApiClient } from './client.ts';
import { ResourceCache } from './resource-cache.ts';

function cacheOver(answer: (path: string, call: number) => Response) {
  const asked: string[] = [];
  const api = new ApiClient({
    fetch: async (url) => {
      asked.push(String(url));
      return answer(String(url), asked.length);
    },
    onSignedOut: () => undefined,
  });
  return { cache: new ResourceCache(api), asked };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

it('reads once for all who look at it, and tells each', async () => {
  const { cache, asked } = cacheOver((_path, call) => Response.json({ call }));
  let told = 0;
  const stop = [cache.subscribe('/jobs', () => told++), cache.subscribe('/jobs', () => told++)];
  expect(cache.get('/jobs')).toEqual({ loading: true });
  await settled();
  expect([asked.length, cache.get('/jobs')]).toEqual([1, { data: { call: 1 }, loading: false }]);
  expect(told).toBeGreaterThanOrEqual(2);
  for (const each of stop) each();
});

it('reads anew what is old and looked at, and forgets what nobody looks at', async () => {
  const { cache, asked } = cacheOver((_path, call) => Response.json({ call }));
  cache.subscribe('/runs', () => undefined);
  cache.subscribe('/jobs', () => undefined)();
  await settled();
  cache.refresh((path) => path !== '/nothing');
  expect(cache.get('/jobs')).toEqual({ loading: true });
  await settled();
  expect(asked).toEqual(['/api/v1/runs', '/api/v1/jobs', '/api/v1/runs']);
});

it('reads once more, not at the same time, when told so while it reads', async () => {
  const { cache, asked } = cacheOver((_path, call) => Response.json({ call }));
  cache.subscribe('/runs', () => undefined);
  cache.refresh();
  cache.refresh();
  await settled();
  expect([asked.length, cache.get('/runs').data]).toEqual([2, { call: 2 }]);
});

it('keeps what it saw last when a later read fails', async () => {
  const { cache } = cacheOver((_path, call) =>
    call === 1 ? Response.json({ call }) : Response.json({ code: 'L-RUN-103' }, { status: 500 }),
  );
  cache.subscribe('/runs', () => undefined);
  await settled();
  cache.refresh();
  await settled();
  expect(cache.get('/runs')).toMatchObject({ data: { call: 1 }, error: { status: 500 }, loading: false });
});
