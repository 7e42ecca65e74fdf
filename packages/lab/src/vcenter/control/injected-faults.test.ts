import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type SmallLab, startSmallLab } from '../testing/small-lab.ts';
import { faultOf } from '../testing/vim-probe.ts';

let lab: SmallLab;
beforeAll(async () => {
  lab = await startSmallLab((config) => ({ ...config, unusualPrefix: true, maxSessions: 5 }));
});
afterAll(() => lab.close());
afterEach(() => lab.probe.control('DELETE', '/faults'));

const now = () => lab.probe.call('CurrentTime', 'ServiceInstance:ServiceInstance');
const add = (rule: object) => lab.probe.control('POST', '/faults', rule);

test('refuses the n-th call, once', async () => {
  await add({ method: 'CurrentTime', nth: 2, action: { kind: 'fault', type: 'HostCommunication' } });
  expect((await now()).status).toBe(200);
  expect(faultOf((await now()).body)).toMatch(/^HostCommunication/);
  expect((await now()).status).toBe(200);
  expect(await lab.probe.control('GET', '/faults')).toMatchObject([{ seen: 3, fired: 1 }]);
});

test('plain HTTP errors, delays and cut connections, until removed', async () => {
  await add({ method: 'CurrentTime', times: 0, action: { kind: 'status', status: 503 } });
  expect((await now()).status).toBe(503);
  expect((await now()).status).toBe(503);
  await lab.probe.control('DELETE', '/faults');
  await add({ method: 'CurrentTime', action: { kind: 'cut' } });
  await expect(now()).rejects.toThrow();
  await add({ method: 'CurrentTime', action: { kind: 'delay', delayMs: 200 } });
  expect((await now()).status).toBe(200);
});

test('only for one VM; refused input names what is wrong', async () => {
  await add({
    method: 'CreateSnapshot_Task',
    vm: 'raw',
    action: { kind: 'fault', type: 'SystemError', properties: { reason: 'x' } },
  });
  const args = '<name>x</name><memory>false</memory><quiesce>false</quiesce>';
  expect(faultOf((await lab.probe.call('CreateSnapshot_Task', 'VirtualMachine:vm-106', args)).body)).toMatch(
    /^SystemError/,
  );
  await lab.probe.removeSnapshot(await lab.probe.createSnapshot('vm-101', 'x'));
  await expect(add({ action: { kind: 'explode' } })).rejects.toThrow('400');
  await expect(lab.probe.control('GET', '/vms/none')).rejects.toThrow('404');
});

test('files: faults by path', async () => {
  await add({ path: '/folder/twin/', action: { kind: 'status', status: 502 } });
  const get = async () => {
    const answer = await lab.probe.https.request({
      method: 'GET',
      path: '/folder/twin/twin.vmx?dcPath=DC1&dsName=ds1',
      headers: { cookie: lab.probe.cookie },
    });
    await answer.body.dump();
    return answer.statusCode;
  };
  expect(await get()).toBe(502);
  expect(await get()).toBe(200);
});

test('unusual namespace prefixes, gzip', async () => {
  const config = await lab.probe.value('Fetch', 'VirtualMachine:vm-101', '<prop>config</prop>');
  expect(config).not.toContain('xsi:type');
  expect(config).toContain('_XMLSchema-instance:type="VirtualDisk"');
  const answer = await lab.probe.https.request({
    method: 'POST',
    path: '/sdk',
    headers: { cookie: lab.probe.cookie, 'accept-encoding': 'gzip', soapaction: '"urn:vim25/8.0.3.0"' },
    body: '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><m:Fetch xmlns:m="urn:vim25"><m:_this type="VirtualMachine">vm-101</m:_this><m:prop>config</m:prop></m:Fetch></e:Body></e:Envelope>',
  });
  expect(answer.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(Buffer.from(await answer.body.arrayBuffer())).toString()).toContain('FetchResponse');
});

test('sessions: a limit, and ended by the lab', async () => {
  const login = () =>
    lab.probe.call(
      'Login',
      'SessionManager:SessionManager',
      '<userName>admin@lab</userName><password>secret</password>',
    );
  const { cookie } = lab.probe;
  const statuses: number[] = [];
  for (let count = 0; count < 6; count++) {
    lab.probe.cookie = '';
    statuses.push((await login()).status);
  }
  expect(statuses).toEqual([200, 200, 200, 200, 503, 503]);
  lab.probe.cookie = cookie;
  expect((await now()).status).toBe(200);
  expect(await lab.probe.control('DELETE', '/sessions?user=admin@lab')).toEqual({ ended: 5 });
  expect(faultOf((await now()).body)).toMatch(/^NotAuthenticated/);
  lab.probe.cookie = '';
  await lab.probe.login('admin@lab', 'secret');
});

test('a disk on another datastore: paths, chain and VM list follow it', async () => {
  const spread = 'VirtualMachine:vm-109';
  const snapshot = await lab.probe.createSnapshot('vm-109', 'x');
  const config = await lab.probe.value('Fetch', spread, '<prop>config</prop>');
  expect(config).toContain('<fileName>[vvol1] spread/spread_1-000001.vmdk</fileName>');
  const both = await lab.probe.value('Fetch', spread, '<prop>datastore</prop>');
  expect(both.match(/ManagedObjectReference/g)).not.toBeNull();
  const layout = await lab.probe.value('Fetch', spread, '<prop>layoutEx</prop>');
  expect(layout).toContain('<name>[vvol1] spread/spread_1-flat.vmdk</name>');
  await lab.probe.removeSnapshot(snapshot);
});
