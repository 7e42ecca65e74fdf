import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest } from './testing/api-under-test.ts';

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
});
afterEach(() => api.app.close());

const post = (path: string, payload: string) =>
  api.app.inject({
    ...{ method: 'POST', url: `/api/v1${path}`, payload },
    headers: { 'content-type': 'application/json' },
  });

it.each([
  ['/session', 'lists', '['.repeat(30_000), ']'.repeat(30_000)],
  ['/session', 'objects', '{"a":'.repeat(10_000), `1${'}'.repeat(10_000)}`],
  ['/jobs', 'lists', '['.repeat(400_000), ']'.repeat(400_000)],
])(
  '%s refuses what is nested without end before anything follows it: %s',
  async (path, _what, head, tail) => {
    const answer = await post(path, head + tail);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'L-CFG-103']);
    expect(answer.json().what).toContain('nested deeper');
    // It is no defect, so nobody fills the log with it; that it was slow may stand there.
    expect(api.log.filter(({ level }) => Number(level) > 30)).toEqual([]);
    expect(api.calls).toEqual([]);
  },
);

it('of who is not signed in little is read', async () => {
  const long = JSON.stringify({ username: 'ann', password: 'x'.repeat(70_000) });
  for (const path of ['/session', '/setup', '/session/provider']) {
    const answer = await post(path, long);
    expect([path, answer.statusCode, answer.json().code]).toEqual([path, 400, 'L-CFG-103']);
    expect(answer.json().what).toContain('too large');
  }
  // Of who is, as much as a configuration needs.
  expect((await post('/jobs', long)).json().what).not.toContain('too large');
});
