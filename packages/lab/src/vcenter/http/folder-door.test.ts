import { HttpsClient } from '@leeward/platform';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type SmallLab, startSmallLab } from '../testing/small-lab.ts';

let lab: SmallLab;
let host: HttpsClient;
let port: number;
const name = 'Büro [alt] Server 01';
const encoded = encodeURIComponent(name);
const basicOf = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const admin = basicOf('admin@lab:secret');
const root = basicOf('root:esx');

beforeAll(async () => {
  lab = await startSmallLab((config) => ({
    ...config,
    hosts: config.hosts.map((each) => ({
      ...each,
      maxTransfers: 2,
      door: { accounts: [{ userName: 'root', password: 'esx' }] },
    })),
  }));
  const [door] = lab.simulator.hostDoors;
  if (!door) throw new Error('no door');
  port = door.port;
  const trust = { kind: 'fingerprint', sha256: door.fingerprintSha256 } as const;
  host = new HttpsClient({ origin: `https://127.0.0.1:${port}`, trust });
  await lab.probe.createSnapshot('vm-100', 'frozen');
});
afterAll(async () => {
  await host.close();
  await lab.close();
});
afterEach(async () => {
  await lab.probe.control('DELETE', '/faults');
  await lab.probe.control('DELETE', '/counters');
});

async function ask(
  client: HttpsClient,
  path: string,
  headers: Record<string, string>,
  method: 'GET' | 'HEAD' = 'GET',
) {
  const answer = await client.request({ method, path, headers });
  const body = Buffer.from(await answer.body.arrayBuffer());
  return { status: answer.statusCode, body, headers: answer.headers };
}
const file = (suffix: string, query: string) => `/folder/${encoded}/${encoded}${suffix}?${query}`;
const folders = async () => Reflect.get(Object(await lab.probe.control('GET', '/counters')), 'folders');

describe('what is locked', () => {
  test('a running VM holds its newest delta; what was frozen is handed out; a VM that is off holds nothing', async () => {
    const query = 'dcPath=DC1&dsName=ds1';
    const status = async (path: string) => (await ask(lab.probe.https, path, admin)).status;
    expect(await status(file('-000001-delta.vmdk', query))).toBe(500);
    expect(await status(file('-flat.vmdk', query))).toBe(200);
    expect(await status(file('-000001.vmdk', query))).toBe(200);
    expect(await status('/folder/twin/twin-flat.vmdk?dcPath=DC1&dsName=ds1')).toBe(500);
    const locked = await ask(lab.probe.https, file('-000001-delta.vmdk', query), admin, 'HEAD');
    expect(locked).toMatchObject({ status: 500, body: Buffer.alloc(0) });
  });
});

describe('the door of a host', () => {
  test('has its own certificate, accounts and datacenter', async () => {
    expect(lab.simulator.hostDoors[0]?.fingerprintSha256).not.toBe(lab.simulator.fingerprintSha256);
    for (const query of ['dsName=ds1', 'dcPath=ha-datacenter&dsName=ds1']) {
      const { status, body } = await ask(host, file('.vmx', query), root);
      expect(status).toBe(200);
      expect(body.toString()).toContain(name);
    }
    expect((await ask(host, file('.vmx', 'dcPath=DC1&dsName=ds1'), root)).status).toBe(404);
    expect((await ask(host, file('.vmx', 'dsName=ds1'), admin)).status).toBe(401);
    expect((await ask(host, file('.vmx', 'dsName=ds1'), { cookie: lab.probe.cookie })).status).toBe(401);
    expect((await ask(lab.probe.https, file('.vmx', 'dcPath=DC1&dsName=ds1'), root)).status).toBe(401);
    expect((await ask(host, '/sdk', root)).status).toBe(404);
  });

  test('takes a ticket of vCenter once, for its method and address', async () => {
    const path = file('-flat.vmdk', 'dsName=ds1');
    const ticket = async (method = 'httpGet', url = `https://127.0.0.1:${port}${path}`) => {
      const spec = `<spec xsi:type="SessionManagerHttpServiceRequestSpec"><method>${method}</method><url>${url.replaceAll('&', '&amp;')}</url></spec>`;
      const id = await lab.probe.value('AcquireGenericServiceTicket', 'SessionManager:SessionManager', spec);
      return { cookie: `vmware_cgi_ticket=${/<id>([^<]+)</.exec(id)?.[1]}` };
    };
    const one = await ticket();
    expect((await ask(host, path, { ...one, range: 'bytes=0-9' })).status).toBe(206);
    expect((await ask(host, path, one)).status).toBe(401);
    expect((await ask(host, path, await ticket('httpHead'))).status).toBe(401);
    expect((await ask(host, path, await ticket('httpHead'), 'HEAD')).status).toBe(200);
    expect((await ask(host, file('.vmx', 'dsName=ds1'), await ticket())).status).toBe(401);
    expect((await ask(host, `${path}&x=1`, await ticket())).status).toBe(401);
    expect((await ask(host, path, await ticket('httpGet', `https://other${path}`))).status).toBe(401);
    expect((await ask(lab.probe.https, path, await ticket())).status).toBe(401);
    expect(await folders()).toMatchObject({ 'esx1.lab': { ticketsUsed: 2 }, vcenter: { ticketsUsed: 0 } });
    await expect(ticket('httpGet', 'nonsense')).rejects.toThrow('InvalidArgument');
  });
});

describe('pages', () => {
  test('datacenters, datastores, folders, with links from the root', async () => {
    const page = async (client: HttpsClient, path: string, headers: Record<string, string>) =>
      (await ask(client, path, headers)).body.toString();
    expect(await page(lab.probe.https, '/folder', admin)).toContain('href="/folder?dcPath=DC1"');
    expect(await page(lab.probe.https, '/folder?dcPath=DC1', admin)).toContain(
      'href="/folder?dcPath=DC1&amp;dsName=ds1"',
    );
    expect(await page(host, '/folder?dsName=ds1', root)).toContain(
      `href="/folder/${encoded}?dcPath=ha-datacenter&amp;dsName=ds1"`,
    );
    const folder = await page(lab.probe.https, `/folder/${encoded}?dcPath=DC1&dsName=ds1`, admin);
    expect(folder).toContain(`href="/folder/${encoded}/${encoded}-flat.vmdk?dcPath=DC1&amp;dsName=ds1"`);
    expect((await ask(lab.probe.https, '/folder?dcPath=none', admin)).status).toBe(404);
    expect((await ask(lab.probe.https, '/folder', {})).status).toBe(401);
  });
});

describe('limits, figures and faults', () => {
  test('more transfers than a host has are refused, those for vCenter included', async () => {
    await lab.probe.control('POST', '/faults', {
      path: '/folder/',
      times: 0,
      action: { kind: 'delay', delayMs: 20 },
    });
    const path = file('-flat.vmdk', 'dcPath=DC1&dsName=ds1');
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => ask(lab.probe.https, path, { cookie: lab.probe.cookie })),
      ...Array.from({ length: 6 }, () => ask(host, file('-flat.vmdk', 'dsName=ds1'), root)),
    ]);
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].sort()).toEqual([200, 503]);
    const { vcenter, 'esx1.lab': esx } = await folders();
    expect(esx.peak).toBe(2);
    expect(esx.inFlight).toBe(0);
    expect(esx.bytesForVcenter).toBe(vcenter.bytesSent);
    const good = answers.filter(({ status }) => status === 200);
    expect(esx.bytesSent).toBe(good.reduce((sum, { body }) => sum + body.length, 0));
    expect(esx.refusedByLimit).toBe(12 - good.length);
  });

  test('cut in the middle of a body, locked, only at one door', async () => {
    const path = file('-flat.vmdk', 'dsName=ds1');
    await lab.probe.control('POST', '/faults', {
      path: '/folder/',
      origin: 'esx1.lab',
      action: { kind: 'cut', afterBytes: 300_000 },
    });
    const answer = await host.request({ method: 'GET', path, headers: root });
    let length = 0;
    const reading = (async () => {
      for await (const chunk of answer.body) length += chunk.length;
    })();
    await expect(reading).rejects.toThrow();
    expect(length).toBe(300_000);
    await lab.probe.control('POST', '/faults', {
      path: '/folder/',
      origin: 'vcenter',
      action: { kind: 'locked' },
    });
    expect((await ask(host, path, root)).status).toBe(200);
    const locked = await ask(lab.probe.https, file('.vmx', 'dcPath=DC1&dsName=ds1'), admin);
    expect(locked.status).toBe(500);
    expect(locked.body.toString()).toContain('locked');
  });
});
