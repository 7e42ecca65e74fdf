import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RestCaller } from '../testing/rest-caller.ts';
import { admin, type Pair, startPair, token } from '../testing/start-pair.ts';

describe('the control door', () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await startPair(['XDPDefault']);
  });
  afterAll(() => pair.close());

  const call = async (method: string, path: string, body?: object, bearer = token) => {
    const response = await fetch(`http://127.0.0.1:${pair.secondary.addresses.controlPort}${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer: Record<string, unknown> = Object(await response.json());
    return { status: response.status, body: answer };
  };

  test('only with its token', async () => {
    expect((await call('GET', '/state', undefined, 'another-token')).status).toBe(401);
    expect((await call('GET', '/nothing')).status).toBe(404);
    expect((await call('POST', '/settings', { nonsense: 1 })).status).toBe(400);
  });

  test('shows state, counters and calls', async () => {
    const { body } = await call('GET', '/state');
    expect(body).toMatchObject({
      setup: 'ready',
      cluster: { name: 'clus-sec' },
      relations: [{ destination: 'svm1:ds1', kind: 'vault', state: 'snapmirrored', healthy: true }],
    });
    expect((await call('GET', '/counters')).body['ports']).toMatchObject([{ svm: 'svm1', bytesRead: 0 }]);
    const caller = new RestCaller(pair.secondary.addresses, admin);
    await caller.get('/cluster');
    await caller.close();
    expect((await call('GET', '/calls')).body['calls']).toContainEqual({
      method: 'GET',
      path: '/api/cluster',
      status: 200,
    });
  });

  test('faults are planted, counted and taken away', async () => {
    const { body } = await call('POST', '/faults', {
      at: 'rest',
      method: 'GET',
      path: '/api/cluster',
      nth: 2,
      times: 1,
      action: { kind: 'refuse', status: 503, code: 393271 },
    });
    const caller = new RestCaller(pair.secondary.addresses, admin);
    const seen = [];
    for (let turn = 0; turn < 3; turn++) seen.push((await caller.get('/cluster')).status);
    expect(seen).toEqual([200, 503, 200]);
    await caller.close();
    expect((await call('GET', '/faults')).body['faults']).toMatchObject([{ calls: 3, hits: 1 }]);
    expect((await call('DELETE', `/faults/${body['id']}`)).status).toBe(200);
    expect((await call('DELETE', `/faults/${body['id']}`)).status).toBe(404);
  });

  test('settings and actions act', async () => {
    await call('POST', '/settings', { removeLicenses: ['snapmirror'], jumpMs: 3_600_000 });
    await call('POST', '/actions', { action: 'setRelationState', volume: 'svm1:ds1', state: 'broken_off' });
    const caller = new RestCaller(pair.secondary.addresses, admin);
    expect(await caller.records('/cluster/licensing/licenses?name=snapmirror')).toEqual([]);
    const [relation] = await caller.records('/snapmirror/relationships?fields=state');
    expect(relation).toMatchObject({ state: 'broken_off' });
    await caller.close();
    expect(
      (await call('POST', '/actions', { action: 'setUnhealthy', volume: 'svm1:x', code: '1', message: '' }))
        .status,
    ).toBe(404);
  });
});
