import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SmallLab, startSmallLab } from '../testing/small-lab.ts';
import { faultOf, VimProbe } from '../testing/vim-probe.ts';

let lab: SmallLab;
beforeAll(async () => {
  lab = await startSmallLab((config) => ({ ...config, sessionIdleMs: 400, pageLimit: 3 }));
});
afterAll(() => lab.close());

const token = 'only-for-tests-0123456789';
const retrieve = (type: string, paths: string[], object: string, extra = '', options = '') =>
  `<specSet><propSet><type>${type}</type>${paths.map((path) => `<pathSet>${path}</pathSet>`).join('')}</propSet><objectSet>${object}${extra}</objectSet></specSet><options>${options}</options>`;
const viewTraversal =
  '<skip>true</skip><selectSet xsi:type="TraversalSpec"><name>v</name><type>ContainerView</type><path>view</path><skip>false</skip></selectSet>';

async function fresh(): Promise<VimProbe> {
  const probe = new VimProbe(lab.simulator, token);
  await probe.login('admin@lab', 'secret');
  return probe;
}

test('the session cookie is quoted; wrong passwords get InvalidLogin', async () => {
  const probe = new VimProbe(lab.simulator, token);
  const bad = await probe.call(
    'Login',
    'SessionManager:SessionManager',
    '<userName>admin@lab</userName><password>x</password>',
  );
  expect(bad.status).toBe(500);
  expect(faultOf(bad.body)).toMatch(/^InvalidLogin/);
  await probe.login('ADMIN@lab', 'secret');
  expect(probe.cookie).toMatch(/^vmware_soap_session="[0-9a-f]{40}"$/);
  await probe.close();
});

test('an idle session dies, and shows it in both forms', async () => {
  const probe = await fresh();
  await new Promise((resolve) => setTimeout(resolve, 600));
  const fault = await probe.call('CurrentTime', 'ServiceInstance:ServiceInstance');
  expect(faultOf(fault.body)).toMatch(/^NotAuthenticated/);
  const read = await probe.call(
    'RetrievePropertiesEx',
    'PropertyCollector:propertyCollector',
    retrieve('VirtualMachine', ['name'], '<obj type="VirtualMachine">vm-100</obj>'),
  );
  expect(read.status).toBe(200);
  expect(read.body).toContain('<missingSet><path>name</path><fault><fault xsi:type="NotAuthenticated">');
  await probe.close();
});

test('elements out of order are refused with the text of the vendor', async () => {
  const probe = await fresh();
  const answer = await probe.call(
    'CreateSnapshot_Task',
    'VirtualMachine:vm-100',
    '<memory>false</memory><name>x</name><quiesce>false</quiesce>',
  );
  expect(faultOf(answer.body)).toMatch(/^InvalidRequest \nUnexpected element tag &quot;name&quot; seen/);
  const nested = await probe.call(
    'ReconfigVM_Task',
    'VirtualMachine:vm-100',
    '<spec><name>x</name><changeVersion>1</changeVersion></spec>',
  );
  expect(nested.body).toContain(
    'while parsing serialized DataObject of type vim.vm.ConfigSpec\nat line 1, column ',
  );
  expect(nested.body).toContain('on object of type vim.VirtualMachine');
  await probe.close();
});

test('unknown methods, newer methods, broken XML, unknown properties', async () => {
  const probe = await fresh();
  expect(faultOf((await probe.call('FormatDisk', 'VirtualMachine:vm-100')).body)).toMatch(
    /^InvalidRequest Unable to resolve WSDL method name FormatDisk for namespace name urn:vim25/,
  );
  expect(faultOf((await probe.send('<a><b></a>')).body)).toMatch(/^InvalidRequest/);
  expect(faultOf((await probe.send('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')).body)).toMatch(
    /^InvalidRequest/,
  );
  const property = await probe.call(
    'RetrievePropertiesEx',
    'PropertyCollector:propertyCollector',
    retrieve('VirtualMachine', ['name', 'nope.foo'], '<obj type="VirtualMachine">vm-100</obj>'),
  );
  expect(property.status).toBe(500);
  expect(property.body).toContain(
    '<InvalidPropertyFault xmlns="urn:vim25" xsi:type="InvalidProperty"><name>nope.foo</name>',
  );
  await probe.close();
});

test('newer members are left out for older clients', async () => {
  const probe = await fresh();
  const about = () => probe.value('RetrieveServiceContent', 'ServiceInstance:ServiceInstance');
  expect(await about()).toContain('<patchLevel>');
  probe.version = '6.7';
  expect(await about()).not.toContain('<patchLevel>');
  const capability = await probe.value('Fetch', 'VirtualMachine:vm-100', '<prop>capability</prop>');
  expect(capability).toContain('changeTrackingSupported');
  const versions = await probe.https.request({ method: 'GET', path: '/sdk/vimServiceVersions.xml' });
  expect(await versions.body.text()).toMatch(
    /<version>8\.0\.3\.0<\/version>\s*<priorVersions>\s*<version>8\.0\.2\.0</,
  );
  await probe.close();
});

test('pages by maxObjects and by the own limit; every VM once; names escaped', async () => {
  const probe = await fresh();
  const view = await probe.value(
    'CreateContainerView',
    'ViewManager:ViewManager',
    '<container type="Folder">group-d1</container><type>VirtualMachine</type><recursive>true</recursive>',
  );
  for (const [options, size] of [
    ['<maxObjects>2</maxObjects>', 2],
    ['', 3],
  ] as const) {
    const object = `<obj type="ContainerView">${view}</obj>`;
    let answer = await probe.value(
      'RetrievePropertiesEx',
      'PropertyCollector:propertyCollector',
      retrieve('VirtualMachine', ['name', 'config.hardware.device'], object, viewTraversal, options),
    );
    const names: string[] = [];
    for (;;) {
      const found = [...answer.matchAll(/<name>name<\/name><val xsi:type="xsd:string">([^<]*)</g)].map(
        (match) => match[1]!,
      );
      expect(found.length).toBeLessThanOrEqual(size);
      names.push(...found);
      const next = /<token>([^<]+)</.exec(answer)?.[1];
      if (!next) break;
      answer = await probe.value(
        'ContinueRetrievePropertiesEx',
        'PropertyCollector:propertyCollector',
        `<token>${next}</token>`,
      );
    }
    expect(names).toHaveLength(10);
    expect(names).toContain('a%2fb%25c');
    expect(names.filter((name) => name === 'twin')).toHaveLength(2);
  }
  await probe.value('DestroyView', `ContainerView:${view}`);
  await probe.close();
});

test('privileges: NoPermission names object and privilege; what may not be seen is not there', async () => {
  const probe = new VimProbe(lab.simulator, token);
  await probe.login('reader@lab', 'secret');
  const denied = await probe.call('PowerOffVM_Task', 'VirtualMachine:vm-101');
  expect(denied.body).toContain('<privilegeId>VirtualMachine.Interact.PowerOff</privilegeId>');
  expect(denied.body).toContain('<object type="VirtualMachine">vm-101</object>');
  const has = await probe.call(
    'FetchUserPrivilegeOnEntities',
    'AuthorizationManager:AuthorizationManager',
    '<entities type="VirtualMachine">vm-101</entities><entities type="VirtualMachine">vm-105</entities><userName>reader@lab</userName>',
  );
  expect(has.body).toContain('<privileges>VirtualMachine.State.CreateSnapshot</privileges>');
  expect(has.body).toMatch(/vm-105<\/entity><\/returnval>/);
  const hidden = await probe.value(
    'FindByInventoryPath',
    'SearchIndex:SearchIndex',
    '<inventoryPath>/DC1/vm/hidden/a%2fb%25c</inventoryPath>',
  );
  expect(hidden).toBe('');
  await probe.close();
});

test('WaitForUpdatesEx: full state, then changes, nothing in time, outdated version', async () => {
  const probe = await fresh();
  await probe.value(
    'CreateFilter',
    'PropertyCollector:propertyCollector',
    '<spec><propSet><type>VirtualMachine</type><pathSet>runtime.powerState</pathSet></propSet><objectSet><obj type="VirtualMachine">vm-102</obj></objectSet></spec><partialUpdates>false</partialUpdates>',
  );
  const wait = (version: string, seconds: number) =>
    probe.call(
      'WaitForUpdatesEx',
      'PropertyCollector:propertyCollector',
      `<version>${version}</version><options><maxWaitSeconds>${seconds}</maxWaitSeconds></options>`,
    );
  const first = await wait('', 0);
  expect(first.body).toContain('<kind>enter</kind>');
  const version = /<version>(\d+)</.exec(first.body)![1]!;
  expect((await wait(version, 0)).body).not.toContain('returnval');
  const waiting = wait(version, 20);
  await probe.task('PowerOnVM_Task', 'VirtualMachine:vm-102');
  expect((await waiting).body).toContain('<val xsi:type="VirtualMachinePowerState">poweredOn</val>');
  expect(faultOf((await wait(version, 0)).body)).toMatch(/^InvalidCollectorVersion/);
  await probe.close();
});

test('/folder: Basic, ranges, refusals', async () => {
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await lab.probe.https.request({ method: 'GET', path, headers });
    return {
      status: answer.statusCode,
      body: Buffer.from(await answer.body.arrayBuffer()),
      headers: answer.headers,
    };
  };
  const name = encodeURIComponent('Büro [alt] Server 01');
  const url = (file: string) => `/folder/${name}/${name}${file}?dcPath=DC1&dsName=ds1`;
  const basic = { authorization: `Basic ${Buffer.from('admin@lab:secret').toString('base64')}` };
  expect((await get(url('.vmx'))).status).toBe(401);
  expect((await get(url('.vmx'), { authorization: 'Basic eDp5' })).status).toBe(401);
  const vmx = await get(url('.vmx'), basic);
  expect(vmx.body.toString()).toContain('displayName = "Büro [alt] Server 01"');
  const cookie = { cookie: String(vmx.headers['set-cookie']).split(';')[0]! };
  const part = await get(url('.vmx'), { ...cookie, range: 'bytes=1-8' });
  expect(part.status).toBe(206);
  expect(part.body.toString()).toBe('encoding');
  expect((await get(url('.vmx'), { ...cookie, range: 'bytes=9999999-' })).status).toBe(416);
  expect((await get(url('.nope'), cookie)).status).toBe(404);
  expect((await get(url('-flat.vmdk'), cookie)).status).toBe(500);
  expect((await get('/folder/x?dcPath=DC1&dsName=none', cookie)).status).toBe(404);
});
