import type { Clock } from '@leeward/core';
import { isPermanent, LeewardError } from '@leeward/core';
import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock, type Trust } from '@leeward/platform';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ensure } from '../../rest/ensure.ts';
import type { RestExchange } from '../../rest/exchange.ts';
import { type FakeAnswer, type FakeRequest, type RestFake, startRestFake } from '../../testing/rest-fake.ts';
import { ontapSettingsSchema } from '../settings.ts';
import { change, remove } from './change.ts';
import { readAll } from './collection.ts';
import { RestClient } from './rest-client.ts';

const certificate = await createSelfSignedCertificate({
  commonName: 'fake',
  altNames: ['127.0.0.1'],
  clock: systemClock,
});
/** Waits that would take seconds take no time. */
const hurried: Clock = { ...systemClock, sleep: async (_ms, signal) => signal?.throwIfAborted() };
const anything = z.object({}).loose();
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function connect(
  answer: (request: FakeRequest, count: number) => FakeAnswer | Promise<FakeAnswer>,
  { trust = pinned, seen = [] as RestExchange[] }: { trust?: Trust; seen?: RestExchange[] } = {},
): Promise<{ rest: RestClient; fake: RestFake }> {
  let count = 0;
  const fake = await startRestFake({ key: certificate.keyPem, cert: certificate.certificatePem }, (request) =>
    answer(request, ++count),
  );
  const settings = {
    family: 'ontap',
    host: '127.0.0.1',
    port: fake.port,
    username: 'u',
    password: 's3cret',
    trust,
  };
  const rest = new RestClient(ontapSettingsSchema.parse(settings), hurried, (exchange) =>
    seen.push(exchange),
  );
  open.push(rest, fake);
  return { rest, fake };
}

const pinned: Trust = { kind: 'fingerprint', sha256: certificate.sha256 };
const refused = (status: number, code?: string, message = 'no') => ({
  status,
  body: code === undefined ? {} : { error: { code, message } },
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return error instanceof LeewardError ? error.code : String(error);
  }
}

describe('refusals', () => {
  it.each([
    ['L-ARR-002', refused(401)],
    ['L-ARR-005', refused(403, '6')],
    ['L-ARR-005', refused(403)],
    ['L-ARR-009', refused(404, '4')],
    ['L-ARR-012', refused(503)],
    ['L-ARR-014', refused(500, '393271')],
    ['L-ARR-015', refused(400, '262197')],
    ['L-ARR-015', refused(404, '3')],
    ['L-ARR-101', refused(409, '1638555')],
    ['L-ARR-102', refused(400, '1638521')],
    ['L-ARR-018', refused(403, '262331')],
    [
      'L-ARR-018',
      refused(400, '999', 'The security multi-admin-verify request (index 3) requires approval.'),
    ],
  ])('%s for %j', async (code, answer) => {
    const { rest } = await connect(() => answer);
    expect(await codeOf(rest.send({ method: 'GET', path: '/x' }))).toBe(code);
  });

  it('sends the login and shows none of it to the observer', async () => {
    const seen: RestExchange[] = [];
    const { rest, fake } = await connect(() => refused(401, '6691623'), { seen });
    await codeOf(rest.send({ method: 'POST', path: '/x', body: { a: 1 } }));
    expect(fake.requests[0]?.authorization).toBe(`Basic ${btoa('u:s3cret')}`);
    expect(seen).toEqual([
      { method: 'POST', path: '/api/x', requestBody: { a: 1 }, status: 401, responseBody: expect.anything() },
    ]);
    expect(JSON.stringify(seen)).not.toContain('s3cret');
  });

  it('does not take a page of another server for an answer', async () => {
    const { rest } = await connect(() => ({ status: 200, body: '<html>' }));
    expect(await codeOf(rest.get(anything, '/x'))).toBe('L-ARR-016');
    const { rest: other } = await connect(() => ({ status: 200, body: { name: 7 } }));
    expect(await codeOf(other.get(z.object({ name: z.string() }), '/x'))).toBe('L-ARR-016');
  });
});

describe('transport', () => {
  it('repeats reads while the failure may pass', async () => {
    const { rest, fake } = await connect((_, count) => (count < 3 ? 'cut' : { status: 200, body: {} }));
    await rest.get(anything, '/x');
    expect(fake.requests).toHaveLength(3);
    const { rest: refusing, fake: other } = await connect(() => refused(403, '6'));
    expect(await codeOf(refusing.get(anything, '/x'))).toBe('L-ARR-005');
    expect(other.requests).toHaveLength(1);
  });

  it('tells a cut connection from an array that is not there', async () => {
    const { rest, fake } = await connect(() => 'cut');
    expect(await codeOf(rest.send({ method: 'POST', path: '/x' }))).toBe('L-ARR-013');
    await fake.close();
    expect(await codeOf(rest.send({ method: 'POST', path: '/x' }))).toBe('L-ARR-001');
  });

  it('refuses a changed or an unknown certificate without sending anything', async () => {
    const changed: Trust = { kind: 'fingerprint', sha256: '00'.repeat(32) };
    const { rest, fake } = await connect(() => ({ status: 200 }), { trust: changed });
    expect(await codeOf(rest.get(anything, '/x'))).toBe('L-ARR-003');
    const { rest: strict, fake: other } = await connect(() => ({ status: 200 }), { trust: { kind: 'ca' } });
    expect(await codeOf(strict.get(anything, '/x'))).toBe('L-ARR-004');
    expect([...fake.requests, ...other.requests]).toEqual([]);
  });

  it('keeps at most 8 requests in flight', async () => {
    let inside = 0;
    let most = 0;
    const { rest } = await connect(async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
      return { status: 200, body: {} };
    });
    await Promise.all(Array.from({ length: 40 }, () => rest.get(anything, '/x')));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('ends at once when the caller aborts', async () => {
    const { rest } = await connect(() => new Promise(() => {}));
    const abort = new AbortController();
    const asked = rest.get(anything, '/x', {}, abort.signal);
    abort.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });
});

describe('pages', () => {
  const record = z.object({ n: z.number() });

  it('follows the links over empty pages to the end', async () => {
    const page = (n: number[], next?: string) => ({
      status: 200,
      body: {
        records: n.map((value) => ({ n: value })),
        ...(next ? { _links: { next: { href: next } } } : {}),
      },
    });
    const { rest } = await connect(({ query }) => {
      if (query.get('start') === '2') return page([], '/api/things?start=3&a=b');
      if (query.get('start') === '3') return page([4]);
      return page([1, 2, 3], '/api/things?start=2&a=b');
    });
    expect(await readAll(rest, record, '/things', { a: 'b' })).toEqual([
      { n: 1 },
      { n: 2 },
      { n: 3 },
      { n: 4 },
    ]);
  });

  it('does not go round in circles', async () => {
    const body = { records: [], _links: { next: { href: '/api/things?start=1' } } };
    const { rest } = await connect(() => ({ status: 200, body }));
    expect(await codeOf(readAll(rest, record, '/things', {}))).toBe('L-ARR-016');
  });
});

describe('changes and jobs', () => {
  const job = { status: 202, body: { job: { uuid: 'j1' } } };
  const post = { method: 'POST', path: '/things', body: {}, mayBecomeJob: true } as const;

  it.each([200, 201])('accepts %i', async (status) => {
    const { rest, fake } = await connect(() => ({ status, body: {} }));
    expect((await change(rest, post)).end).toBe('success');
    expect(fake.requests[0]?.query.get('return_timeout')).toBe('20');
  });

  it('waits for the job, over polls that fail', async () => {
    const { rest } = await connect(({ path }, count) => {
      if (path === '/api/things') return job;
      if (count === 2) return 'cut';
      if (count < 5) return { status: 200, body: { state: 'running' } };
      return { status: 200, body: { state: 'success', code: 0 } };
    });
    expect((await change(rest, post)).end).toBe('success');
  });

  it('throws what the job failed with', async () => {
    const failure = {
      state: 'failure',
      message: 'busy',
      code: 1638555,
      error: { message: 'busy', code: '1638555' },
    };
    const { rest } = await connect(({ path }) =>
      path === '/api/things' ? job : { status: 200, body: failure },
    );
    expect(await codeOf(change(rest, post))).toBe('L-ARR-101');
  });

  it('says when the job was forgotten', async () => {
    const { rest } = await connect(({ path }) => (path === '/api/things' ? job : refused(404, '4')));
    expect((await change(rest, post)).end).toBe('forgotten');
  });

  it('does not send return_timeout where it is unknown', async () => {
    const { rest, fake } = await connect(() => ({ status: 201, body: {} }));
    await change(rest, { ...post, mayBecomeJob: false });
    expect([...(fake.requests[0]?.query.keys() ?? [])]).toEqual([]);
  });

  it('takes what is gone for deleted, by answer and by job', async () => {
    const { rest } = await connect(() => refused(404, '4'));
    await remove(rest, { path: '/things/1', mayBecomeJob: true });
    const gone = { state: 'failure', code: 1638600, error: { message: '', code: '1638600' } };
    const { rest: other } = await connect(({ method }) =>
      method === 'DELETE' ? job : { status: 200, body: gone },
    );
    await remove(other, { path: '/things/1', mayBecomeJob: true });
  });
});

describe('creating exactly one', () => {
  const world = (lost: number) => {
    const things: string[] = [];
    let creates = 0;
    const answer = ({ method, body }: FakeRequest): FakeAnswer => {
      if (method === 'GET') return { status: 200, body: { records: things.map((name) => ({ name })) } };
      if (things.length > 0) return refused(409, '1');
      things.push(JSON.stringify(body));
      return ++creates <= lost ? 'cut' : { status: 201 };
    };
    return { things, answer };
  };
  const named = z.object({ name: z.string() });

  it.each([0, 1])('with %i lost answers', async (lost) => {
    const { things, answer } = world(lost);
    const { rest } = await connect(answer);
    const made = await ensure(rest, {
      object: 'a thing',
      find: async () => (await readAll(rest, named, '/things', {}))[0],
      create: () => change(rest, { method: 'POST', path: '/things', body: { a: 1 }, mayBecomeJob: false }),
    });
    expect(made.name).toBe('{"a":1}');
    expect(things).toHaveLength(1);
  });

  it('gives up after some attempts with an error that may pass', async () => {
    const { rest } = await connect(({ method }) =>
      method === 'GET' ? { status: 200, body: {} } : { status: 201 },
    );
    const work = ensure(rest, {
      object: 'a thing',
      find: async () => (await readAll(rest, named, '/things', {}))[0],
      create: () => change(rest, { method: 'POST', path: '/things', mayBecomeJob: false }),
    });
    const error = await work.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'L-ARR-017' });
    expect(isPermanent(error)).toBe(false);
  });
});
