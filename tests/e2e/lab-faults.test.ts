import type { RestCaller } from '@leeward/lab/ontap/testing/rest-caller';
import { systemClock } from '@leeward/platform';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FaultyLab } from './support/faulty-lab.ts';

const faultSchema = z.looseObject({
  system: z.string(),
  id: z.number(),
  at: z.string(),
  calls: z.number(),
  hits: z.number(),
  downForMs: z.number().optional(),
});
const timesSchema = z.array(z.object({ system: z.string(), now: z.string(), speed: z.number() }));

const dayMs = 86_400_000;

describe('the fault switchboard of a running lab', { timeout: 240_000 }, () => {
  let lab: FaultyLab;
  let primary: RestCaller;
  let secondary: RestCaller;
  beforeAll(async () => {
    lab = await FaultyLab.start('full');
    primary = await lab.rest('ontap-a');
    secondary = await lab.rest('ontap-b');
  }, 180_000);
  afterEach(() => lab.calm());
  afterAll(() => lab?.close(), 60_000);

  const add = (...words: readonly string[]) => lab.json(faultSchema, 'fault', 'add', ...words);
  const hits = async () => (await lab.faults()).map((one) => one.hits);
  const cluster = () => secondary.get('/cluster').then(({ status }) => status);
  const snapshotsPath = async () => {
    const [found] = await primary.records('/storage/volumes?name=vm_ds1');
    return `/storage/volumes/${String(found?.['uuid'])}/snapshots`;
  };
  const takeSnapshot = async (name: string) => {
    const path = await snapshotsPath();
    return primary.call('POST', `${path}?return_timeout=10`, { body: { name } });
  };
  const snapshots = async () => (await primary.records(await snapshotsPath())).map(({ name }) => name);

  it('refuses the n-th call with a status, a code and a text, then is over', async () => {
    const refusal = ['--refuse', '--status', '503', '--code', '42', '--message', 'try later'];
    await add('ontap-b', '--method', 'GET', '--path', '/api/cluster', '--nth', '2', ...refusal);
    expect(await cluster()).toBe(200);
    const { status, body } = await secondary.get('/cluster');
    expect([status, body['error']]).toMatchObject([503, { message: 'try later', code: '42' }]);
    expect(await cluster()).toBe(200);
    expect(await lab.faults('ontap-b')).toMatchObject([{ system: 'ontap-b', calls: 3, hits: 1 }]);
    const { stdout } = await lab.run('fault', 'list');
    expect(stdout).toMatch(/^SYSTEM +ID +AT +WHAT +TURN +CALLS +HITS +STATE\n/);
    expect(stdout).toMatch(
      /^ontap-b +1 +GET \/api\/cluster +refuse 503 42 "try later" +from call 2 on, once +3 +1 +over$/m,
    );
  });

  it('cuts before the call, or loses the answer of a call that acted', async () => {
    const where = ['ontap-a', '--method', 'POST', '--path', '/api/storage/volumes/*/snapshots'];
    await add(...where, '--cut', 'before');
    await expect(takeSnapshot('never')).rejects.toThrow();
    await add(...where, '--cut', 'after');
    await expect(takeSnapshot('made')).rejects.toThrow();
    await expect.poll(snapshots, { timeout: 5_000 }).toContain('made');
    expect(await snapshots()).not.toContain('never');
    expect((await takeSnapshot('made-too')).status).toBeLessThan(300);
  });

  it('answers later than calls that came after, or never', async () => {
    await add('ontap-b', '--method', 'GET', '--path', '/api/cluster', '--delay', '1500ms');
    const order: string[] = [];
    const late = cluster().then(() => order.push('late'));
    await expect.poll(hits).toEqual([1]);
    await cluster().then(() => order.push('soon'));
    await late;
    expect(order).toEqual(['soon', 'late']);
    await add('ontap-b', '--method', 'GET', '--path', '/api/cluster', '--hang');
    const never = cluster().then(
      () => 'answered',
      () => 'cut off',
    );
    await expect.poll(hits).toEqual([1, 1]);
    expect(await cluster()).toBe(200);
    await add('ontap-b', '--down', '100ms');
    expect(await never).toBe('cut off');
  });

  it('lets a job fail, and a transfer', async () => {
    const jobs = ['--job', '--method', 'POST', '--path', '/api/storage/volumes/*'];
    await add('ontap-a', ...jobs, '--refuse', '--code', '917536', '--message', 'no space');
    const refused = await primary.call('POST', await snapshotsPath(), { body: { name: 'refused' } });
    const job = await primary.finish(systemClock, refused);
    expect(JSON.stringify(job)).toContain('no space');
    await add(
      'ontap-b',
      '--step',
      'snapmirror.transfer',
      '--path',
      'svm1:vm_ds1',
      '--fail',
      '--message',
      'link lost',
    );
    await takeSnapshot('to-send');
    const [relation] = await secondary.records('/snapmirror/relationships?destination.path=svm1:vm_ds1');
    const transfers = `/snapmirror/relationships/${String(relation?.['uuid'])}/transfers`;
    expect((await secondary.call('POST', transfers, { body: { source_snapshot: 'to-send' } })).status).toBe(
      201,
    );
    const states = async () => JSON.stringify(await secondary.records(`${transfers}?fields=*`));
    await expect.poll(states, { timeout: 10_000 }).toContain('link lost');
    expect(await hits()).toEqual([1, 1]);
  });

  it('cuts a whole array off for a time, and it comes back by itself', async () => {
    await add('nimble-b', '--down', '60s');
    await add('ontap-b', '--down', '10s');
    await expect(cluster()).rejects.toThrow();
    expect(await lab.faults('ontap-b')).toMatchObject([
      { at: 'now', hits: 1, downForMs: expect.any(Number) },
    ]);
    await expect.poll(() => cluster().catch(() => 'away'), { timeout: 40_000, interval: 200 }).toBe(200);
    const [back, away] = [await lab.faults('ontap-b'), await lab.faults('nimble-b')];
    expect([back[0]?.downForMs, away[0]?.downForMs]).toEqual([undefined, expect.any(Number)]);
  });

  it('NFS: refuses a read, cuts the port off at a call, and all of it at once', async () => {
    const file = 'db-01/db-01-flat.vmdk';
    await add('127.0.0.21', '--method', 'READ', '--path', `/vm_ds1/${file}`, '--refuse', '--code', 'IO');
    await expect(lab.readFile(file)).rejects.toThrow('L-NET-204');
    await lab.readFile(file);
    await add('ontap-a', '--port', '127.0.0.21', '--method', 'READ', '--down', '300ms');
    await lab.readFile(file);
    const { id } = await add('127.0.0.21', '--delay', '10ms', '--times', 'all');
    await lab.readFile(file);
    const seen = await lab.faults();
    expect(seen.map((one) => one.hits > 0)).toEqual([true, true, true]);
    expect(seen[2]?.hits).toBeGreaterThan(2);
    await lab.run('fault', 'clear', 'ontap-a', String(id));
    await add('127.0.0.21', '--down', '60s');
    await expect(lab.readFile(file)).rejects.toThrow();
    expect(await cluster()).toBe(200);
    const { stdout } = await lab.run('fault', 'clear', 'ontap-a');
    expect(stdout).toBe('3 faults taken away\n');
    await lab.readFile(file);
  });

  it('iSCSI: answers a read with a sense, loses an answer, cuts the port off', async () => {
    const port = '127.0.0.23';
    const read = ['--method', 'READ', '--path', '/vol/vm_lun2/*'];
    await add(port, ...read, '--times', 'all', '--refuse', '--code', '03/11/00');
    await expect(lab.readLun()).rejects.toThrow(/03\/11\/00|medium error/);
    await lab.calm();
    await add(port, ...read, '--cut', 'after');
    await lab.readLun();
    expect(await hits()).toEqual([1]);
    await add(port, '--down', '60s');
    await expect(lab.readLun()).rejects.toThrow();
    await lab.calm();
    await lab.readLun();
  });

  it('vCenter: calls, tasks and files, in the same words', async () => {
    const vcenter = await lab.vcenter();
    const now = () => vcenter.call('CurrentTime', 'ServiceInstance:ServiceInstance');
    await add(
      'vcenter',
      '--method',
      'CurrentTime',
      '--refuse',
      '--code',
      'HostCommunication',
      '--message',
      'gone',
    );
    await add('vcenter', '--method', 'CurrentTime', '--nth', '2', '--refuse', '--status', '503');
    await add('vcenter', '--method', 'CurrentTime', '--nth', '3', '--cut', 'after');
    expect((await now()).body).toContain('HostCommunication');
    expect((await now()).status).toBe(503);
    await expect(now()).rejects.toThrow();
    expect((await now()).status).toBe(200);
    await add(
      'vcenter',
      '--job',
      '--method',
      'CreateSnapshot_Task',
      '--vm',
      'db-01',
      '--refuse',
      '--code',
      'InvalidState',
    );
    const vms = z.object({ vms: z.array(z.looseObject({ name: z.string(), moid: z.string() })) });
    const moid = vms
      .parse(await vcenter.control('GET', '/state'))
      .vms.find(({ name }) => name === 'db-01')?.moid;
    await expect(vcenter.createSnapshot(String(moid), 'x')).rejects.toThrow('InvalidState');
    await vcenter.removeSnapshot(await vcenter.createSnapshot(String(moid), 'x'));
    const folder = async () => {
      const { statusCode, body } = await vcenter.https.request({
        method: 'GET',
        path: '/folder?dcPath=DC1',
        headers: { cookie: vcenter.cookie },
      });
      await body.dump();
      return statusCode;
    };
    await add('vcenter', '--path', '/folder*', '--refuse', '--status', '502');
    expect(await folder()).toBe(502);
    expect(await hits()).toEqual([1, 1, 1, 1, 1]);
    expect(await folder()).toBe(200);
    await add('vcenter', '--down', '200ms');
    await expect
      .poll(
        () =>
          now().then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 10_000 },
      )
      .toBe(200);
  });

  it.each<[string, readonly string[], number, RegExp]>([
    ['a system', ['ontap-x', '--hang'], 10, /L-CFG-121 .*"ontap-x"[\s\S]*vcenter, ontap-a, .*127\.0\.0\.21/],
    ['a path', ['ontap-b', '--path', '/api/clusters', '--hang'], 2, /L-CFG-122 .*\/api\/clusters/],
    ['a fault type', ['vcenter', '--refuse', '--code', 'Oops'], 2, /L-CFG-103 .*Oops/],
    ['a time', ['vcenter', '--delay', '3 weeks'], 2, /length of time/],
  ])('%s that is not known is refused, and nothing is planted', async (_, words, code, text) => {
    const { stderr, stdout, ...ended } = await lab.run('fault', 'add', ...words);
    expect([stdout, stderr]).toEqual(['', expect.stringMatching(text)]);
    expect(ended.code).toBe(code);
    expect(await lab.faults()).toEqual([]);
  });

  it('shows what faults can be planted at', async () => {
    const { stdout } = await lab.run('fault', 'points', 'ontap-a');
    expect(stdout).toMatch(/^ontap-a +--method --path +POST \/api\/storage\/volumes\/\*\/snapshots$/m);
    expect(stdout).toMatch(/^ontap-a +--step --path +snapmirror\.transfer \*:\*$/m);
    expect(stdout).toMatch(/^ontap-a +--port --path +127\.0\.0\.21 nfs .*\/vm_ds1/m);
    expect(stdout).toMatch(/^ontap-a +--port --path +127\.0\.0\.23 iscsi \/vol\/vm_lun2\//m);
  });

  it('lets time jump and run for all simulators together', async () => {
    const before = await lab.json(timesSchema, 'clock');
    expect(before.map(({ system, speed }) => [system, speed])).toEqual(
      ['vcenter', 'ontap-a', 'ontap-b', 'nimble-a', 'nimble-b'].map((name) => [name, 1]),
    );
    const jumped = await lab.json(timesSchema, 'clock', '--jump', '3d');
    for (const [at, { now }] of jumped.entries())
      expect(Date.parse(now) - Date.parse(before[at]?.now ?? '')).toBeGreaterThanOrEqual(3 * dayMs);
    await takeSnapshot('later');
    const [made] = await primary.records(`${await snapshotsPath()}?name=later&fields=create_time`);
    const createdMs = Date.parse(String(made?.['create_time']));
    expect(createdMs - Date.parse(before[0]?.now ?? '')).toBeGreaterThanOrEqual(3 * dayMs - 1_000);
    const fast = await lab.json(timesSchema, 'clock', '--speed', '5000');
    expect(fast.map(({ speed }) => speed)).toEqual(Array(5).fill(5_000));
    const later = await lab.json(timesSchema, 'clock', '--speed', '1');
    const nows = later.map(({ now }) => Date.parse(now));
    expect(Math.min(...nows) - Date.parse(fast[0]?.now ?? '')).toBeGreaterThan(60_000);
    // All follow one time: what they differ by is the time that asking them takes.
    expect(Math.max(...nows) - Math.min(...nows)).toBeLessThan(5_000);
  });
});
