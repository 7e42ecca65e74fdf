import { systemClock } from '@leeward/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ContractJudge } from '../../../../tests/interop/ontap-sim-judge.ts';
import { type JsonObject, textAt } from '../json.ts';
import { type Answer, RestCaller } from './testing/rest-caller.ts';
import { addSan, esxi, proxy } from './testing/san-pair.ts';
import { admin, type Pair, startPair } from './testing/start-pair.ts';

const judge = new ContractJudge(
  new URL('../../../../tests/interop/fixtures/ontap-openapi-subset.json', import.meta.url),
);
/** Not in the kept description: judged by the vendor's SDK alone. */
const undescribed = /iscsi\/credentials|(POST|PATCH|DELETE) .*iscsi\/services/;
const mebibyte = 1024 * 1024;

describe('LUNs, groups and mappings over REST', () => {
  let pair: Pair;
  let primary: RestCaller;
  let secondary: RestCaller;
  const complaints: string[] = [];

  beforeAll(async () => {
    pair = await startPair([], (one, other) => {
      addSan(one, other);
      const privileges = ['/api/storage', '/api/protocols/san/igroups'].map((path) => ({
        path,
        access: 'readonly' as const,
      }));
      one.roles = [{ name: 'watching', privileges }];
      one.accounts.push({ name: 'watcher', password: 'only-looking', role: 'watching' });
    });
    const caller = (side: 'primary' | 'secondary') => {
      const made = new RestCaller(pair[side].addresses, admin);
      made.onAnswer = (method, path, answer) => {
        if (!undescribed.test(`${method} ${path}`)) complaints.push(...judge.judge(method, path, answer));
      };
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

  const code = ({ body }: Answer) => Number(textAt(body, 'error.code'));
  const post = async (caller: RestCaller, path: string, body: JsonObject) =>
    caller.call('POST', `${path}?return_records=true&return_timeout=20`.replace('?&', '?'), { body });
  const made = async (caller: RestCaller, path: string, body: JsonObject) => {
    const { status, body: answer } = await post(caller, path, body);
    expect([status, answer]).toMatchObject([201, { num_records: 1 }]);
    return String(textAt(answer, 'records.uuid'));
  };
  const svm = { name: 'svm1' };
  const lunBody = (name: string, more: JsonObject = {}): JsonObject => ({
    svm,
    name: `/vol/san1/${name}`,
    os_type: 'vmware',
    space: { size: 16 * mebibyte },
    ...more,
  });
  const remove = (caller: RestCaller, path: string) => caller.call('DELETE', path);
  const lun = async (caller: RestCaller, name: string, fields = '**') => {
    const query = `name=${encodeURIComponent(name)}&fields=${fields}`;
    return (await caller.records(`/storage/luns?${query}`))[0] ?? {};
  };

  test('every collection answers as described, with all fields and with none', async () => {
    const first = textAt(await lun(primary, '/vol/san1/lun0'), 'uuid');
    const igroup = textAt((await primary.records('/protocols/san/igroups'))[0] ?? {}, 'uuid');
    for (const path of [
      '/storage/luns',
      '/protocols/san/igroups',
      `/protocols/san/igroups/${igroup}/initiators`,
      '/protocols/san/lun-maps',
      `/protocols/san/lun-maps/${first}/${igroup}/reporting-nodes`,
      '/protocols/san/iscsi/services',
      '/protocols/san/iscsi/sessions',
      '/protocols/san/iscsi/credentials',
      '/network/ip/interfaces?services=data_iscsi',
    ])
      for (const fields of ['', 'fields=*', 'fields=**'])
        expect((await primary.get(`${path}${path.includes('?') ? '&' : '?'}${fields}`)).status).toBe(200);
    for (const path of [
      `/storage/luns/${first}`,
      `/protocols/san/igroups/${igroup}`,
      `/protocols/san/lun-maps/${first}/${igroup}`,
      `/protocols/san/igroups/${igroup}/initiators/${esxi}`,
    ])
      expect((await primary.get(path)).status).toBe(200);
  });

  test('the LUNs of the config, with identities as hosts know them', async () => {
    const found = await lun(primary, '/vol/san1/lun0');
    expect(found).toMatchObject({
      os_type: 'vmware',
      location: { logical_unit: 'lun0', volume: { name: 'san1' }, node: { name: 'clus-pri-01' } },
      space: { size: 64 * mebibyte },
      status: { state: 'online', container_state: 'online', mapped: true, read_only: false },
      lun_maps: [{ logical_unit_number: 0, igroup: { name: 'esx_cluster' } }],
    });
    const serial = String(found['serial_number']);
    expect(serial).toMatch(/^[!-~]{12}$/);
    const bySerial = await primary.records(
      `/storage/luns?serial_number=${encodeURIComponent(`"${serial}"`)}`,
    );
    expect(bySerial).toHaveLength(1);
    const plain = (await primary.records('/storage/luns'))[0] ?? {};
    expect(Object.keys(plain).sort()).toEqual(['name', 'uuid']);
    expect((await primary.get(`/storage/luns/${found['uuid']}`)).body).not.toHaveProperty('lun_maps');
    const maps = await primary.records('/protocols/san/lun-maps?fields=logical_unit_number,reporting_nodes');
    expect(maps).toMatchObject([
      { logical_unit_number: 0, reporting_nodes: [{ name: 'clus-pri-01' }, { name: 'clus-pri-02' }] },
      { logical_unit_number: 7 },
    ]);
  });

  test('LUNs are made, changed and deleted; what the array refuses', async () => {
    const uuid = await made(primary, '/storage/luns', lunBody('a', { comment: 'mine' }));
    const at = `/storage/luns/${uuid}`;
    const patch = (body: JsonObject) => primary.call('PATCH', `${at}?return_timeout=20`, { body });
    expect(await lun(primary, '/vol/san1/a')).toMatchObject({ comment: 'mine', status: { mapped: false } });
    expect((await patch({ space: { size: 20 * mebibyte }, comment: 'changed' })).status).toBe(200);
    expect(code(await patch({ space: { size: 4 * mebibyte } }))).toBe(5374892);
    expect(code(await patch({ serial_number: '123456789012' }))).toBe(262196);
    expect((await patch({ enabled: false })).status).toBe(200);
    expect(await lun(primary, '/vol/san1/a')).toMatchObject({
      enabled: false,
      comment: 'changed',
      space: { size: 20 * mebibyte },
      status: { state: 'offline', container_state: 'online' },
    });
    const refused = async (body: JsonObject) => code(await post(primary, '/storage/luns', body));
    expect(await refused(lunBody('a'))).toBe(5374242);
    expect(await refused({ ...lunBody('b'), os_type: 'beos' })).toBe(262197);
    expect(await refused({ svm, name: '/vol/san1/b', os_type: 'linux' })).toBe(5374884);
    expect(await refused({ ...lunBody('b'), name: '/vol/nowhere/b' })).toBe(917927);
    expect(await refused({ ...lunBody('b'), name: 'b' })).toBe(5374352);
    expect(await refused(lunBody('b$'))).toBe(5374121);
    expect(await refused(lunBody('tree/b'))).toBe(5242927);
    expect(await refused({ ...lunBody('b'), svm: { name: 'other' } })).toBe(2621462);
    expect(await refused({ ...lunBody('b'), name: '/vol/svm1_root/b' })).toBe(5374237);
    expect((await remove(primary, `${at}?return_timeout=20`)).status).toBe(200);
    expect((await primary.get(at)).status).toBe(404);
    const mapped = textAt(await lun(primary, '/vol/san1/lun0'), 'uuid');
    expect(code(await remove(primary, `/storage/luns/${mapped}?return_timeout=20`))).toBe(1254197);
  });

  test('an older release finishes LUN calls before it answers; a newer one may make a job of them', async () => {
    const body = lunBody('job');
    const newer = await primary.call('POST', '/storage/luns', { body });
    expect(newer.status).toBe(202);
    expect(await primary.finish(systemClock, newer)).toMatchObject({ state: 'success' });
    const uuid = textAt(await lun(primary, '/vol/san1/job'), 'uuid');
    await remove(primary, `/storage/luns/${uuid}?return_timeout=20`);
    const volume = { svm, name: 'rw1', size: 64 * mebibyte, aggregates: [{ name: 'aggr1' }] };
    await secondary.finish(systemClock, await secondary.call('POST', '/storage/volumes', { body: volume }));
    const older = await secondary.call('POST', '/storage/luns', { body: { ...body, name: '/vol/rw1/job' } });
    expect([older.status, older.body]).toEqual([201, {}]);
    const made2 = textAt(await lun(secondary, '/vol/rw1/job'), 'uuid');
    expect((await remove(secondary, `/storage/luns/${made2}`)).status).toBe(200);
  });

  test('groups: names, initiators, operating systems', async () => {
    const at = '/protocols/san/igroups';
    const body = { svm, name: 'g1', os_type: 'linux', protocol: 'iscsi', initiators: [{ name: proxy }] };
    const uuid = await made(primary, at, { ...body, comment: 'ours' });
    const refused = async (more: JsonObject) => code(await post(primary, at, { ...body, ...more }));
    const named = (name: string) => refused({ name: 'g2', initiators: [{ name }] });
    expect(await refused({})).toBe(5374023);
    expect(await refused({ name: 'a b' })).toBe(5373958);
    expect(await refused({ name: 'g2', os_type: 'vmware' })).toBe(5374732);
    expect(await named('iqn.')).toBe(5373969);
    expect(await named('iqn.2024-13.org.x:y')).toBe(5373971);
    expect(await named('iqn.2024-01.org_x:y')).toBe(5373972);
    expect(await named('eui.123')).toBe(5373977);
    expect(await named('host1')).toBe(5373993);
    expect(await named('21:00:00:24:ff:00:00:01')).toBe(5374039);
    expect(await primary.records(`${at}?initiators.name=${proxy}&fields=comment,os_type`)).toMatchObject([
      { name: 'g1', comment: 'ours', os_type: 'linux' },
    ]);
    const members = `${at}/${uuid}/initiators`;
    const other = 'iqn.2024-01.org.leeward:proxy2';
    expect((await primary.call('POST', members, { body: { name: other } })).status).toBe(201);
    expect(code(await primary.call('POST', members, { body: { name: other } }))).toBe(5374035);
    expect(code(await primary.call('POST', members, { body: { name: esxi } }))).toBe(5374734);
    expect(await primary.records(members)).toHaveLength(2);
    expect((await remove(primary, `${members}/${other}`)).status).toBe(200);
    expect(code(await remove(primary, `${members}/${other}`))).toBe(5374034);
    const patch = (body: JsonObject) => primary.call('PATCH', `${at}/${uuid}`, { body });
    expect((await patch({ name: 'g1b' })).status).toBe(200);
    expect(code(await patch({ protocol: 'fcp' }))).toBe(262196);
    expect(code(await patch({ name: 'esx_cluster' }))).toBe(5374023);
    expect((await remove(primary, `${at}/${uuid}`)).status).toBe(200);
    expect(code(await remove(primary, `${at}/${uuid}`))).toBe(5374852);
    const esx = textAt((await primary.records(`${at}?name=esx_cluster`))[0] ?? {}, 'uuid');
    expect(code(await remove(primary, `${at}/${esx}`))).toBe(1254213);
    expect(code(await remove(primary, `${at}/${esx}/initiators/${esxi}`))).toBe(1254213);
  });

  test('mappings: numbers, duplicates, clashes, and the way back', async () => {
    const luns = [];
    for (const name of ['m0', 'm1', 'm2']) luns.push(await made(primary, '/storage/luns', lunBody(name)));
    const group = (name: string, initiators: string[]) =>
      made(primary, '/protocols/san/igroups', {
        svm,
        name,
        os_type: 'linux',
        initiators: initiators.map((one) => ({ name: one })),
      });
    const a = await group('ga', [proxy]);
    const b = await group('gb', [proxy, 'iqn.2024-01.org.leeward:p2']);
    const at = '/protocols/san/lun-maps';
    const map = (uuid: string | undefined, igroup: string, more: JsonObject = {}) =>
      post(primary, at, { svm, lun: { uuid: uuid ?? '' }, igroup: { uuid: igroup }, ...more });
    expect((await map(luns[0], a)).body).toMatchObject({ records: [{ logical_unit_number: 0 }] });
    expect(code(await map(luns[0], a))).toBe(1254207);
    expect(code(await map(luns[0], b))).toBe(1254193);
    expect(code(await map(luns[1], a, { logical_unit_number: 0 }))).toBe(1254324);
    expect((await map(luns[1], b)).body).toMatchObject({ records: [{ logical_unit_number: 1 }] });
    expect((await map(luns[2], a, { logical_unit_number: 4095 })).status).toBe(201);
    expect(code(await map(luns[2], a, { logical_unit_number: 4096 }))).toBe(262197);
    const nothing = '00000000-0000-4000-8000-000000000000';
    expect(code(await map(nothing, a))).toBe(1254201);
    expect(code(await map(luns[0], nothing))).toBe(5374878);
    expect(code(await post(primary, at, { svm, igroup: { name: 'ga' } }))).toBe(5374901);
    expect(code(await post(primary, at, { svm, lun: { name: '/vol/san1/m0' } }))).toBe(5374902);
    expect(await primary.records(`${at}?igroup.name=ga&fields=logical_unit_number`)).toMatchObject([
      { lun: { name: '/vol/san1/m0' }, logical_unit_number: 0 },
      { lun: { name: '/vol/san1/m2' }, logical_unit_number: 4095 },
    ]);
    expect((await remove(primary, `${at}/${luns[0]}/${a}`)).status).toBe(200);
    expect(code(await remove(primary, `${at}/${luns[0]}/${a}`))).toBe(5374922);
    expect(code(await remove(primary, `${at}/${nothing}/${a}`))).toBe(5374875);
    const force = 'allow_delete_while_mapped=true';
    expect((await remove(primary, `/storage/luns/${luns[2]}?return_timeout=20&${force}`)).status).toBe(200);
    expect((await remove(primary, `/protocols/san/igroups/${b}?${force}`)).status).toBe(200);
    expect(await primary.records(`${at}?lun.name=/vol/san1/m*`)).toEqual([]);
    await remove(primary, `/protocols/san/igroups/${a}`);
  });

  test('iSCSI services and credentials', async () => {
    const at = '/protocols/san/iscsi/services';
    const [service] = await primary.records(`${at}?fields=**`);
    expect(service).toMatchObject({ enabled: true, svm });
    expect(textAt(service, 'target.name')).toMatch(/^iqn\.1992-08\.com\.netapp:sn\.[0-9a-f]{32}:vs\.\d+$/);
    const uuid = textAt(service, 'svm.uuid');
    expect(code(await post(primary, at, { svm }))).toBe(5374077);
    expect(code(await remove(primary, `${at}/${uuid}`))).toBe(5373960);
    const credentials = '/protocols/san/iscsi/credentials';
    expect(await primary.records(`${credentials}?fields=authentication_type`)).toMatchObject([
      { initiator: 'default', authentication_type: 'none' },
    ]);
    const chap = { inbound: { user: 'proxy', password: 'secret-secret' } };
    const body = { svm, initiator: proxy, authentication_type: 'chap' };
    expect(code(await post(primary, credentials, body))).toBe(5374149);
    expect(code(await post(primary, credentials, { ...body, authentication_type: 'none', chap }))).toBe(
      5374900,
    );
    expect((await post(primary, credentials, { ...body, chap })).status).toBe(201);
    expect(code(await post(primary, credentials, { ...body, chap }))).toBe(5374142);
    const told = await primary.get(`${credentials}/${uuid}/${proxy}`);
    expect(told.body).toMatchObject({ chap: { inbound: { user: 'proxy' } } });
    expect(JSON.stringify(told.body)).not.toContain('secret-secret');
    expect((await remove(primary, `${credentials}/${uuid}/${proxy}`)).status).toBe(200);
    await primary.call('PATCH', `${at}/${uuid}`, { body: { enabled: false } });
    expect((await primary.records('/svm/svms?fields=iscsi'))[0]).toMatchObject({ iscsi: { enabled: false } });
    await primary.call('PATCH', `${at}/${uuid}`, { body: { enabled: true } });
    const lifs = await secondary.records(
      '/network/ip/interfaces?services=data_iscsi&fields=location,ip.address',
    );
    expect(lifs).toMatchObject([
      { ip: { address: '127.0.0.32' }, location: { node: { name: 'clus-sec-01' } } },
      { ip: { address: '127.0.0.33' }, location: { node: { name: 'clus-sec-02' } } },
    ]);
  });

  test('who may do what: an account of one SVM, one that only reads, one without rights', async () => {
    const scoped = new RestCaller(pair.primary.addresses, { name: 'vsadmin', password: 'svm12345' });
    expect(await scoped.records('/storage/luns')).toHaveLength(
      (await primary.records('/storage/luns')).length,
    );
    expect((await post(scoped, '/storage/luns', { ...lunBody('scoped'), svm: {} })).status).toBe(201);
    const uuid = textAt(await lun(primary, '/vol/san1/scoped'), 'uuid');
    expect((await remove(scoped, `/storage/luns/${uuid}?return_timeout=20`)).status).toBe(200);
    await scoped.close();
    const watcher = new RestCaller(pair.primary.addresses, { name: 'watcher', password: 'only-looking' });
    expect((await watcher.get('/storage/luns')).status).toBe(200);
    const group = { svm, name: 'x', os_type: 'linux' };
    const refused = await post(watcher, '/protocols/san/igroups', group);
    expect([refused.status, code(refused)]).toEqual([403, 6]);
    expect((await watcher.get('/protocols/san/lun-maps')).status).toBe(403);
    await watcher.close();
  });

  test('a volume that is full or offline', async () => {
    const body = lunBody('big', { space: { size: 8192 * mebibyte, guarantee: { requested: true } } });
    expect(code(await post(primary, '/storage/luns', body))).toBe(524479);
    const volume = { svm, name: 'off', size: 64 * mebibyte, aggregates: [{ name: 'aggr1' }] };
    const at = textAt((await post(primary, '/storage/volumes', volume)).body, 'records.uuid');
    const uuid = await made(primary, '/storage/luns', { ...lunBody('l'), name: '/vol/off/l' });
    const state = (wanted: string) =>
      primary.call('PATCH', `/storage/volumes/${at}?return_timeout=20`, { body: { state: wanted } });
    const igroup = await made(primary, '/protocols/san/igroups', { svm, name: 'off', os_type: 'linux' });
    const map = { svm, lun: { uuid }, igroup: { name: 'off' } };
    expect((await post(primary, '/protocols/san/lun-maps', map)).status).toBe(201);
    expect(code(await state('offline'))).toBe(917533);
    await remove(primary, `/protocols/san/lun-maps/${uuid}/${igroup}`);
    expect((await state('offline')).status).toBe(200);
    expect(await lun(primary, '/vol/off/l')).toMatchObject({
      status: { state: 'offline', container_state: 'volume_offline' },
    });
    expect(code(await remove(primary, `/storage/luns/${uuid}?return_timeout=20`))).toBe(5374866);
    expect(code(await post(primary, '/protocols/san/lun-maps', map))).toBe(5374866);
    await primary.call('DELETE', `/storage/volumes/${at}?force=true&return_timeout=20`);
    expect((await primary.get(`/storage/luns/${uuid}`)).status).toBe(404);
  });
});
