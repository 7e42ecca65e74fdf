import { systemClock } from '@leeward/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ContractJudge } from '../../../../tests/interop/ontap-sim-judge.ts';
import { textAt } from '../json.ts';
import { RestCaller } from './testing/rest-caller.ts';
import { admin, type Pair, startPair } from './testing/start-pair.ts';

const judge = new ContractJudge(
  new URL('../../../../tests/interop/fixtures/ontap-openapi-subset.json', import.meta.url),
);

describe('the REST interface', () => {
  let pair: Pair;
  let primary: RestCaller;
  let secondary: RestCaller;
  const complaints: string[] = [];

  beforeAll(async () => {
    pair = await startPair(['MirrorAllSnapshots', 'XDPDefault']);
    const caller = (side: 'primary' | 'secondary') => {
      const made = new RestCaller(pair[side].addresses, admin);
      made.onAnswer = (...seen) => complaints.push(...judge.judge(...seen));
      return made;
    };
    primary = caller('primary');
    secondary = caller('secondary');
  });

  afterAll(async () => {
    await primary.close();
    await secondary.close();
    await pair.close();
    expect(complaints).toEqual([]);
    expect(judge.judged).toBeGreaterThan(60);
  });

  const uuidOf = async (caller: RestCaller, name: string) =>
    textAt((await caller.records(`/storage/volumes?name=${name}`))[0] ?? {}, 'uuid') ?? '';
  const code = (answer: { body: { error?: unknown } }) =>
    Number(textAt(JSON.parse(JSON.stringify(answer.body)), 'error.code'));

  test('every collection answers as described, with all fields and with none', async () => {
    const volume = await uuidOf(secondary, 'ds1');
    const policy = textAt(
      (await secondary.records('/protocols/nfs/export-policies?name=proxy'))[0] ?? {},
      'id',
    );
    const relation = textAt((await secondary.records('/snapmirror/relationships'))[0] ?? {}, 'uuid');
    const collections = [
      '/cluster/nodes',
      '/cluster/jobs',
      '/cluster/licensing/licenses',
      '/cluster/peers',
      '/svm/svms',
      '/svm/peers',
      '/network/ip/interfaces',
      '/protocols/nfs/services',
      '/storage/volumes',
      `/storage/volumes/${volume}/snapshots`,
      '/storage/snapshot-policies',
      '/protocols/nfs/export-policies',
      `/protocols/nfs/export-policies/${policy}/rules`,
      `/protocols/nfs/export-policies/${policy}/rules/1/clients`,
      '/snapmirror/policies',
      '/snapmirror/relationships',
      `/snapmirror/relationships/${relation}/transfers`,
      '/application/consistency-groups',
      '/security/roles',
      '/security/accounts',
      '/storage/luns',
    ];
    for (const path of collections)
      for (const query of ['', '?fields=*', '?fields=**']) {
        const { status } = await secondary.get(path + query);
        expect([path + query, status]).toEqual([path + query, 200]);
      }
    for (const path of ['/cluster', '/cluster/web', `/storage/volumes/${volume}`])
      expect((await secondary.get(path)).status).toBe(200);
  });

  test('key and queried fields come by themselves, expensive ones only by name', async () => {
    const [plain] = await primary.records('/storage/volumes?name=ds1');
    expect(plain).toEqual({ uuid: expect.any(String), name: 'ds1' });
    const [queried] = await primary.records('/storage/volumes?type=rw&name=ds1');
    expect(queried).toMatchObject({ type: 'rw' });
    const [starred] = await primary.records('/storage/volumes?name=ds1&fields=*');
    expect(textAt(starred, 'nas.export_policy.name')).toBe('esx');
    expect(textAt(starred, 'nas.path')).toBeUndefined();
    const [named] = await primary.records('/storage/volumes?name=ds1&fields=nas.path');
    expect(textAt(named, 'nas.path')).toBe('/ds1');
    const [without] = await primary.records('/storage/volumes?name=ds1&fields=size,state,!state');
    expect(without).not.toHaveProperty('state');
  });

  test('operators, order and pages', async () => {
    const names = async (query: string) =>
      (await primary.records(`/storage/volumes?${query}`)).map((one) => one['name']);
    expect(await names('name=ds*&order_by=name desc')).toEqual(['ds2', 'ds1']);
    expect(await names('name=!ds1&order_by=name')).toEqual(['ds2', 'svm1_root']);
    expect(await names('name=ds1|ds2&size=>2GB')).toEqual(['ds1']);
    expect(await names('nas.path=null')).toEqual([]);
    const seen: unknown[] = [];
    let path: string | undefined = '/storage/volumes?order_by=name&max_records=1';
    let pages = 0;
    while (path !== undefined) {
      const { body } = await primary.get(path);
      seen.push(...(Array.isArray(body['records']) ? body['records'] : []).map((one) => textAt(one, 'name')));
      path = textAt(body, '_links.next.href');
      pages++;
    }
    expect(seen).toEqual(['ds1', 'ds2', 'svm1_root']);
    expect(pages).toBe(4);
  });

  test('links only for those who ask for them', async () => {
    const plain = await primary.get('/storage/volumes?name=ds1');
    expect(plain.body).not.toHaveProperty('_links');
    const hal = await primary.call('GET', '/storage/volumes?name=ds1&fields=svm', {
      headers: { accept: 'application/hal+json' },
    });
    expect(textAt(hal.body, 'records._links.self.href')).toMatch(/^\/api\/storage\/volumes\/[0-9a-f-]{36}$/);
    expect(textAt(hal.body, 'records.svm._links.self.href')).toMatch(/^\/api\/svm\/svms\//);
  });

  test('unknown fields, arguments, paths and methods are refused', async () => {
    expect(code(await primary.get('/storage/volumes?fields=nonsense'))).toBe(262197);
    expect(code(await primary.get('/storage/volumes?nonsense=1'))).toBe(262197);
    expect((await primary.get('/storage/volumes?fields=nonsense&ignore_unknown_fields=true')).status).toBe(
      200,
    );
    const unknown = await primary.get('/storage/nothing');
    expect([unknown.status, code(unknown)]).toEqual([404, 3]);
    expect((await primary.call('DELETE', '/cluster')).status).toBe(405);
    expect(
      (await primary.call('POST', '/servlets/netapp.servlets.admin.XMLrequest_filer', { body: '' })).status,
    ).toBe(410);
    const volume = await uuidOf(primary, 'ds1');
    const bad = (body: string) => primary.call('POST', `/storage/volumes/${volume}/snapshots`, { body });
    expect(code(await bad('{'))).toBe(262199);
    expect(code(await bad('{"name":"a","nonsense":1}'))).toBe(262197);
    expect(code(await bad('{"name":"a","uuid":"b"}'))).toBe(262196);
    expect(code(await bad('{"comment":"a"}'))).toBe(262177);
  });

  test('fields and paths of a later release do not exist', async () => {
    expect((await primary.get('/storage/volumes?fields=clone.has_flexclone')).status).toBe(200);
    expect(code(await primary.get('/storage/volumes?fields=analytics.bytes_used'))).toBe(262197);
    expect(code(await secondary.get('/storage/volumes?fields=clone.has_flexclone'))).toBe(262197);
    const [volume] = await secondary.records('/storage/volumes?name=ds1&fields=**');
    expect(textAt(volume, 'clone.has_flexclone')).toBeUndefined();
    expect((await primary.get('/storage/storage-units')).status).toBe(200);
    expect((await secondary.get('/storage/storage-units')).status).toBe(404);
  });

  test('older releases answer 202 even when done in time', async () => {
    const made = await secondary.call('POST', '/storage/volumes?return_timeout=10', {
      body: { name: 'plain', svm: { name: 'svm1' }, size: '100MB', aggregates: [{ name: 'aggr1' }] },
    });
    expect([made.status, code(made)]).toEqual([400, 262247]);
    const again = await secondary.call('POST', '/storage/volumes?return_timeout=10', {
      body: { 'svm.name': 'svm1', 'aggregates.name': ['aggr1'], name: 'plain', size: '104857600' },
    });
    expect(again.status).toBe(202);
    expect(await secondary.finish(systemClock, again)).toMatchObject({ state: 'success' });
  });

  test('accounts, roles and confinement to one SVM', async () => {
    const wrong = new RestCaller(pair.primary.addresses, { name: 'admin', password: 'guess' });
    expect((await wrong.get('/cluster')).status).toBe(401);
    await wrong.close();
    const svm = new RestCaller(pair.primary.addresses, { name: 'vsadmin', password: 'svm12345' });
    const nodes = await svm.get('/cluster/nodes');
    expect([nodes.status, code(nodes)]).toEqual([403, 6]);
    expect((await svm.get('/cluster?fields=**')).body).not.toHaveProperty('san_optimized');
    expect((await svm.get('/cluster?fields=san_optimized')).body).toHaveProperty('san_optimized');
    expect(await svm.records('/storage/volumes')).toHaveLength(3);
    await svm.close();
    const tunnelled = await primary.call('GET', '/storage/volumes', {
      headers: { 'x-dot-svm-name': 'other' },
    });
    expect(tunnelled.status).toBe(404);
  });

  test('licences: installed ones, the others on demand', async () => {
    const names = async (query: string) =>
      (await primary.records(`/cluster/licensing/licenses${query}`)).map((one) => one['name']);
    expect(await names('')).toContain('flexclone');
    expect(await names('')).not.toContain('snaplock');
    expect(await names('?state=unlicensed')).toContain('snaplock');
    expect((await primary.get('/storage/volumes/%E0%A4%A')).status).toBe(404);
  });

  test('slow writes become jobs, fast ones are answered', async () => {
    const volume = await uuidOf(primary, 'ds1');
    const now = await primary.call(
      'POST',
      `/storage/volumes/${volume}/snapshots?return_timeout=10&return_records=true`,
      {
        body: { name: 'quick', snapmirror_label: 'daily' },
      },
    );
    expect(now.status).toBe(201);
    expect(textAt(now.body, 'records.name')).toBe('quick');
    const later = await primary.call('POST', `/storage/volumes/${volume}/snapshots`, {
      body: { name: 'slow' },
    });
    expect(later.status).toBe(202);
    expect(later.headers['location']).toBe(`/api/storage/volumes/${volume}/snapshots/?name=slow`);
    expect(await primary.finish(systemClock, later)).toMatchObject({ state: 'success', code: 0 });
    const again = await primary.call('POST', `/storage/volumes/${volume}/snapshots`, {
      body: { name: 'slow' },
    });
    expect(await primary.finish(systemClock, again)).toMatchObject({
      state: 'failure',
      code: 525059,
      error: { code: '525059' },
    });
  });

  test('export rules shift, repeat and move as on the array', async () => {
    const policy = textAt((await primary.records('/protocols/nfs/export-policies?name=esx'))[0] ?? {}, 'id');
    const rules = `/protocols/nfs/export-policies/${policy}/rules`;
    const add = (body: Record<string, string | number | string[]>) =>
      primary.call('POST', `${rules}?return_records=true`, {
        body: {
          clients: [{ match: '192.0.2.50' }],
          ro_rule: ['sys'],
          rw_rule: ['never'],
          superuser: ['sys'],
          ...body,
        },
      });
    expect((await add({ index: 1 })).status).toBe(201);
    const list = async () =>
      (await primary.records(`${rules}?fields=clients`)).map((one) => [
        one['index'],
        textAt(one, 'clients.match'),
      ]);
    expect(await list()).toEqual([
      [1, '192.0.2.50'],
      [2, '127.0.0.1'],
    ]);
    expect(code(await add({ index: 1 }))).toBe(1704070);
    expect(code(await add({ index: 0, ro_rule: ['any'] }))).toBe(3277162);
    expect((await primary.call('DELETE', `${rules}/1`)).status).toBe(200);
    expect(await list()).toEqual([[2, '127.0.0.1']]);
    expect((await primary.call('PATCH', `${rules}/2?new_index=1`, { body: {} })).status).toBe(200);
    expect(await list()).toEqual([[1, '127.0.0.1']]);
  });

  test('a FlexClone pins its base and needs its licence', async () => {
    const volume = await uuidOf(primary, 'ds1');
    const svm = { name: 'svm1' };
    const body = (name: string) => ({
      name,
      svm,
      clone: { is_flexclone: true, parent_volume: { uuid: volume }, parent_snapshot: { name: 'quick' } },
    });
    const clone = (name: string) =>
      primary.call('POST', '/storage/volumes?return_timeout=10', { body: body(name) });
    await pair.primary.apply({ removeLicenses: ['flexclone'] });
    const unlicensed = await clone('copy');
    expect(textAt(unlicensed.body, 'error.message')).toMatch(/licens/);
    await pair.primary.apply({ addLicenses: ['flexclone'] });
    expect((await clone('copy')).status).toBe(201);
    expect(code(await clone('copy'))).toBe(917526);
    expect(code(await clone('9copy'))).toBe(917887);
    const [base] = await primary.records(`/storage/volumes/${volume}/snapshots?name=quick&fields=owners`);
    expect(base).toMatchObject({ owners: ['volume_clone'] });
    const drop = () =>
      primary.call('DELETE', `/storage/volumes/${volume}/snapshots/${base?.['uuid']}?return_timeout=5`);
    expect(code(await drop())).toBe(1638555);
    expect(code(await primary.call('DELETE', `/storage/volumes/${volume}?force=true&return_timeout=5`))).toBe(
      524615,
    );
    const copy = await uuidOf(primary, 'copy');
    expect(
      (await primary.call('DELETE', `/storage/volumes/${copy}?force=true&return_timeout=5`)).status,
    ).toBe(200);
    expect((await drop()).status).toBe(200);
    const gone = await drop();
    expect([gone.status, code(gone)]).toEqual([404, 4]);
  });

  test('consistency groups, in one phase and in two', async () => {
    const add = (name: string) => ({ name, provisioning_options: { action: 'add' } });
    const made = await primary.call('POST', '/application/consistency-groups?return_timeout=5', {
      body: { name: 'cg', svm: { name: 'svm1' }, volumes: [add('ds1'), add('ds2')] },
    });
    expect(made.status).toBe(201);
    const uuid = textAt((await primary.records('/application/consistency-groups?name=cg'))[0] ?? {}, 'uuid');
    const snapshots = `/application/consistency-groups/${uuid}/snapshots`;
    const take = (name: string, query = '') =>
      primary.call('POST', `${snapshots}?return_timeout=5&return_records=true${query}`, { body: { name } });
    expect((await take('at-once')).status).toBe(201);
    const started = await take('in-two', '&action=start&action_timeout=5');
    const ds2 = await uuidOf(primary, 'ds2');
    expect(await primary.records(`/storage/volumes/${ds2}/snapshots?name=in-two`)).toEqual([]);
    expect(code(await take('other', '&action=start'))).toBe(53411918);
    const open = textAt(started.body, 'records.uuid');
    const commit = () => primary.call('PATCH', `${snapshots}/${open}?action=commit&return_timeout=5`);
    expect((await commit()).status).toBe(200);
    expect((await commit()).status).toBe(404);
    expect(await primary.records(`/storage/volumes/${ds2}/snapshots?name=in-two`)).toHaveLength(1);
    for (const one of await primary.records(snapshots))
      expect((await primary.call('DELETE', `${snapshots}/${one['uuid']}?return_timeout=5`)).status).toBe(200);
    expect(
      (await primary.call('DELETE', `/application/consistency-groups/${uuid}?return_timeout=5`)).status,
    ).toBe(200);
  });
});
