import type { Clock } from '@leeward/core';
import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock } from '@leeward/platform';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ensure } from '../../rest/ensure.ts';
import type { RestExchange } from '../../rest/exchange.ts';
import { codeOf } from '../../testing/code-of.ts';
import { type FakeAnswer, type FakeRequest, startRestFake } from '../../testing/rest-fake.ts';
import { nimbleSettingsSchema } from '../settings.ts';
import { change, put, remove } from './change.ts';
import { readRows } from './list.ts';
import { NimbleRest } from './nimble-rest.ts';

const certificate = await createSelfSignedCertificate({
  commonName: 'fake',
  altNames: ['127.0.0.1'],
  clock: systemClock,
});
/** Waits that would take seconds take no time. */
const hurried: Clock = { ...systemClock, sleep: async (_ms, signal) => signal?.throwIfAborted() };
const open: { close(): Promise<void> }[] = [];
const row = z.object({ id: z.number() });

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

const login = { status: 201, body: { data: { id: '19', session_token: 'tok-secret' } } };

async function connect(answer: (request: FakeRequest) => FakeAnswer, seen: RestExchange[] = []) {
  const tls = { key: certificate.keyPem, cert: certificate.certificatePem };
  const fake = await startRestFake(tls, (request) =>
    request.method === 'POST' && request.path === '/v1/tokens' ? login : answer(request),
  );
  const settings = nimbleSettingsSchema.parse({
    family: 'nimble',
    host: '127.0.0.1',
    port: fake.port,
    username: 'u',
    password: 's3cret',
    trust: { kind: 'fingerprint', sha256: certificate.sha256 },
  });
  const rest = new NimbleRest(settings, hurried, (exchange) => seen.push(exchange));
  open.push(rest, fake);
  const calls = (method: string, path: string) =>
    fake.requests.filter((request) => request.method === method && request.path === path).length;
  return { rest, calls };
}

const refused = (status: number, ...codes: string[]): FakeAnswer => ({
  status,
  body: { messages: codes.map((code) => ({ code, severity: 'error', text: `text of ${code}` })) },
});

describe('refusals', () => {
  it.each([
    [401, ['SM_http_unauthorized'], 'L-ARR-002'],
    [401, ['SM_err_max_sessions_reached'], 'L-ARR-610'],
    [403, ['SM_http_forbidden', 'SM_eperm'], 'L-ARR-005'],
    [404, ['SM_http_not_found', 'SM_enoent'], 'L-ARR-009'],
    [404, [], 'L-ARR-009'],
    [409, ['SM_http_conflict', 'SM_snap_has_clone'], 'L-ARR-101'],
    [409, ['SM_repl_protect_last_snap'], 'L-ARR-101'],
    [409, ['SM_http_conflict', 'SM_eagain'], 'L-ARR-014'],
    [409, ['SM_http_conflict', 'SM_enospc'], 'L-ARR-104'],
    [409, ['SM_http_conflict', 'SM_limit_snap_vol'], 'L-ARR-103'],
    [409, ['SM_limit_snapcoll_volcoll'], 'L-ARR-103'],
    [409, ['SM_http_conflict', 'SM_limit_volacl'], 'L-ARR-606'],
    [409, ['SM_no_available_lun'], 'L-ARR-606'],
    [503, ['SM_http_service_unavailable', 'SM_srv_unreach'], 'L-ARR-014'],
    [502, [], 'L-ARR-012'],
    [500, ['SM_http_internal_server_error'], 'L-ARR-015'],
  ] as const)('%i %j is %s', async (status, codes, expected) => {
    const { rest } = await connect(() => refused(status, ...codes));
    expect(await codeOf(rest.send({ method: 'POST', path: '/volumes', data: {} }))).toBe(expected);
  });
});

describe('sessions', () => {
  it('are opened once for requests side by side, renewed once when refused, and ended', async () => {
    let refusals = 1;
    const seen: RestExchange[] = [];
    const { rest, calls } = await connect(
      () => (refusals-- > 0 ? refused(401, 'SM_http_unauthorized') : { status: 200, body: { data: [] } }),
      seen,
    );
    await Promise.all([1, 2, 3].map(() => readRows(rest, row, '/volumes', {})));
    expect(calls('POST', '/v1/tokens')).toBe(2);
    await rest.close();
    expect(calls('DELETE', '/v1/tokens/19')).toBe(1);
    expect(JSON.stringify(seen)).not.toMatch(/s3cret|tok-secret/);
  });

  it('that are refused again and again are a wrong password, asked for but twice', async () => {
    const { rest, calls } = await connect(() => refused(401, 'SM_http_unauthorized'));
    expect(await codeOf(rest.get(z.unknown(), '/groups'))).toBe('L-ARR-002');
    expect(calls('GET', '/v1/groups')).toBe(2);
  });

  it('are not lost to others when the caller that opened them gives up', async () => {
    const { rest } = await connect(() => ({ status: 200, body: { data: [] } }));
    const hasty = new AbortController();
    const first = readRows(rest, row, '/volumes', {}, hasty.signal);
    const second = readRows(rest, row, '/volumes', {});
    hasty.abort(new Error('given up'));
    await expect(first).rejects.toThrow('given up');
    expect(await second).toEqual([]);
  });
});

describe('lists', () => {
  const paged = (total: (page: number) => number, width = 2) => {
    let page = 0;
    return ({ query }: FakeRequest): FakeAnswer => {
      const start = Number(query.get('startRow') ?? 0);
      const all = total(page++);
      const data = Array.from({ length: Math.max(0, Math.min(width, all - start)) }, (_, at) => ({
        id: start + at,
      }));
      return { status: 206, body: { data, startRow: start, endRow: start + data.length, totalRows: all } };
    };
  };

  it('are read to the end', async () => {
    const { rest } = await connect(paged(() => 5));
    expect((await readRows(rest, row, '/volumes', {})).map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
  });

  it('that change while they are read are read again', async () => {
    const { rest, calls } = await connect(paged((page) => (page === 0 ? 5 : 4)));
    expect(await readRows(rest, row, '/volumes', {})).toHaveLength(4);
    expect(calls('GET', '/v1/volumes')).toBe(4);
  });

  it('may be one object, null, or without an end; what never ends is an error', async () => {
    const bodies = [{ data: { id: 7 } }, { data: null }, { data: [{ id: 1 }] }];
    for (const body of bodies) {
      const { rest } = await connect(() => ({ status: 200, body }));
      expect((await readRows(rest, row, '/volumes', {})).length).toBeLessThan(2);
    }
    const { rest } = await connect(() => ({ status: 200, body: { data: [], totalRows: 9 } }));
    expect(await codeOf(readRows(rest, row, '/volumes', {}))).toBe('L-ARR-016');
  });

  it('that are no JSON or of another shape are not understood', async () => {
    const html = await connect(() => ({ status: 200, body: '<html>' }));
    expect(await codeOf(readRows(html.rest, row, '/volumes', {}))).toBe('L-ARR-016');
    const other = await connect(() => ({ status: 200, body: { data: [{ id: 'x' }] } }));
    expect(await codeOf(readRows(other.rest, row, '/volumes', {}))).toBe('L-ARR-016');
  });
});

describe('changes', () => {
  const started = { messages: [{ code: 'SM_async_job_id', arguments: { job_id: 'j1' } }] };
  const post = { method: 'POST', path: '/volumes', data: {} } as const;

  it('that become jobs are waited for, and a failed job says why', async () => {
    let looks = 0;
    const state = () => (++looks < 3 ? { state: 'inprogress' } : { state: 'done', result: 'succeeded' });
    const good = await connect(({ method }) =>
      method === 'POST' ? { status: 202, body: started } : { status: 200, body: { data: state() } },
    );
    await change(good.rest, post);
    expect(looks).toBe(3);
    const failures = [
      { state: 'done', result: 'failed', response: refusedBody('SM_snap_has_clone') },
      { state: 'done', result: 'failed', response: JSON.stringify(refusedBody('SM_snap_has_clone')) },
    ];
    for (const data of failures) {
      const bad = await connect(({ method }) =>
        method === 'POST' ? { status: 202, body: started } : { status: 200, body: { data } },
      );
      expect(await codeOf(change(bad.rest, post))).toBe('L-ARR-101');
    }
    const silent = await connect(({ method }) =>
      method === 'POST'
        ? { status: 202, body: started }
        : { status: 200, body: { data: { state: 'canceled' } } },
    );
    expect(await codeOf(change(silent.rest, post))).toBe('L-ARR-015');
  });

  it('whose answer is lost are looked up before they are repeated', async () => {
    let made = 0;
    const { rest } = await connect(({ method }) => {
      if (method === 'GET') return { status: 200, body: { data: made > 0 ? [{ id: 1 }] : [] } };
      made++;
      return 'cut';
    });
    const find = async () => (await readRows(rest, row, '/volumes', {}))[0];
    expect(await ensure(rest, { object: 'it', find, create: () => change(rest, post) })).toEqual({ id: 1 });
    expect(made).toBe(1);
  });

  it('to what is so already, or gone, are done', async () => {
    const already = await connect(() => refused(409, 'SM_http_conflict', 'SM_ealready'));
    await put(already.rest, { path: '/volumes/1', data: { online: true } });
    const gone = await connect(() => refused(404, 'SM_http_not_found', 'SM_enoent'));
    await remove(gone.rest, '/volumes/1');
    const held = await connect(() => refused(409, 'SM_http_conflict', 'SM_vol_has_clone'));
    expect(await codeOf(remove(held.rest, '/volumes/1'))).toBe('L-ARR-101');
  });
});

function refusedBody(code: string) {
  return { messages: [{ code, severity: 'error', text: 'no' }] };
}
