import { describe, expect, it } from 'vitest';
import { ApiClient } from './client.ts';
import { ApiProblem } from './problem.ts';

function clientFor(answer: () => Promise<Response>) {
  const sent: { url: string; init: RequestInit }[] = [];
  let signedOut = 0;
  const client = new ApiClient({
    fetch: (url, init) => {
      sent.push({ url: String(url), init: init ?? {} });
      return answer();
    },
    onSignedOut: () => {
      signedOut++;
    },
  });
  return { client, sent, signedOut: () => signedOut };
}

const json =
  (content: unknown, status = 200) =>
  async () =>
    new Response(JSON.stringify(content), { status });

describe('the API client', () => {
  it('sends the token of the session with what changes something, and only with that', async () => {
    const { client, sent } = clientFor(json({ ok: true }));
    client.setCsrfToken('secret');
    await client.get('/jobs');
    await client.post('/jobs/a/run');
    await client.patch('/jobs/a', { vms: ['b'] });
    const tokens = sent.map(({ init }) => new Headers(init.headers).get('x-csrf-token'));
    expect(tokens).toEqual([null, 'secret', 'secret']);
    expect(sent[1]).toMatchObject({ url: '/api/v1/jobs/a/run', init: { method: 'POST' } });
    expect(new Headers(sent[1]?.init.headers).has('content-type')).toBe(false);
  });

  it('hands a problem on with code and texts', async () => {
    const report = { code: 'L-CFG-102', what: 'no job', data: 'none', next: 'look' };
    const { client } = clientFor(json({ ...report, status: 404 }, 404));
    const error = await client.get('/jobs/x').catch((each: unknown) => each);
    expect(error).toBeInstanceOf(ApiProblem);
    expect(error).toMatchObject({ status: 404, report });
  });

  it('says that nobody is signed in, but not where that was asked', async () => {
    const { client, signedOut } = clientFor(json({ code: 'L-AUT-001' }, 401));
    await expect(client.get('/session')).rejects.toBeInstanceOf(ApiProblem);
    expect(signedOut()).toBe(0);
    await expect(client.get('/jobs')).rejects.toBeInstanceOf(ApiProblem);
    expect(signedOut()).toBe(1);
  });

  it('makes a problem of a server that is away and of answers that are none of ours', async () => {
    const away = clientFor(() => Promise.reject(new TypeError('failed')));
    await expect(away.client.get('/jobs')).rejects.toMatchObject({ status: 0 });
    const foreign = clientFor(async () => new Response('<html>', { status: 502 }));
    await expect(foreign.client.get('/jobs')).rejects.toMatchObject({
      status: 502,
      report: { code: 'HTTP 502' },
    });
  });
});
