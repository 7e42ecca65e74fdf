import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type SmallLab, startSmallLab } from '../testing/small-lab.ts';
import { faultOf } from '../testing/vim-probe.ts';

let lab: SmallLab;
beforeAll(async () => {
  lab = await startSmallLab();
});
afterAll(() => lab.close());
afterEach(() => lab.probe.control('DELETE', '/faults'));

const now = () => lab.probe.call('CurrentTime', 'ServiceInstance:ServiceInstance');
const add = (fault: object) => lab.probe.control('POST', '/faults', fault);
const listed = () => lab.probe.control('GET', '/faults');
const file = async () => {
  const answer = await lab.probe.https.request({
    method: 'GET',
    path: '/folder/twin/twin.vmx?dcPath=DC1&dsName=ds1',
    headers: { cookie: lab.probe.cookie },
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, text };
};

describe('faults of vCenter in the words of all doors', () => {
  test('a call is refused with a fault of the API, with a plain status, or with a SystemError', async () => {
    const turns = { at: 'soap', method: 'currenttime', times: 1 };
    await add({ ...turns, action: { kind: 'refuse', code: 'HostCommunication', message: 'gone' } });
    await add({ ...turns, nth: 2, action: { kind: 'refuse', status: 503, message: 'busy' } });
    await add({ ...turns, nth: 3, action: { kind: 'refuse' } });
    expect(faultOf((await now()).body)).toBe('HostCommunication gone');
    expect(await now()).toMatchObject({ status: 503, body: 'busy\n' });
    const third = (await now()).body;
    expect(third).toContain('<reason>fault of the lab</reason>');
    expect(faultOf(third)).toMatch(/^SystemError/);
    expect((await now()).status).toBe(200);
    expect(await listed()).toMatchObject([
      { at: 'soap', method: 'currenttime', times: 1, calls: 4, hits: 1, seen: 4, fired: 1 },
      { nth: 2, calls: 4, hits: 1 },
      { nth: 3, calls: 4, hits: 1 },
    ]);
  });

  test('an answer is lost after the call acted; a pattern chooses methods, a VM the calls for it', async () => {
    await add({
      at: 'soap',
      method: '*Snapshot_Task',
      vm: 'vm-101',
      times: 1,
      action: { kind: 'cut', when: 'after' },
    });
    const args = '<name>lost</name><memory>false</memory><quiesce>false</quiesce>';
    const create = () => lab.probe.call('CreateSnapshot_Task', 'VirtualMachine:vm-101', args);
    await lab.probe.removeSnapshot(await lab.probe.createSnapshot('vm-109', 'other'));
    await expect(create()).rejects.toThrow();
    const made = async () => {
      const tree = await lab.probe.call('Fetch', 'VirtualMachine:vm-101', '<prop>snapshot</prop>');
      return /<name>lost<\/name>/.test(tree.body);
    };
    await expect.poll(made).toBe(true);
    // The task that nobody heard of may still be at work.
    const removed = () =>
      lab.probe.task('RemoveAllSnapshots_Task', 'VirtualMachine:vm-101').then(
        () => 'removed',
        (error: unknown) => String(error),
      );
    await expect.poll(removed, { timeout: 5_000 }).toBe('removed');
  });

  test('a call waits in vain, and others go on', async () => {
    await add({ at: 'soap', method: 'CurrentTime', times: 1, action: { kind: 'hang' } });
    const hanging = now();
    let isOver = false;
    void hanging
      .finally(() => {
        isOver = true;
      })
      .catch(() => undefined);
    expect((await now()).status).toBe(200);
    expect(isOver).toBe(false);
    await add({ at: 'now', action: { kind: 'down', forMs: 20 } });
    await expect(hanging).rejects.toThrow();
  });

  test('a task is delayed, then ends with a fault', async () => {
    await add({
      at: 'task',
      method: 'CreateSnapshot_Task',
      times: 1,
      action: { kind: 'delay', delayMs: 150 },
    });
    await add({
      ...{ at: 'task', method: 'CreateSnapshot_Task', times: 1 },
      action: { kind: 'refuse', code: 'GenericVmConfigFault', properties: { reason: 'quiesce' } },
    });
    await expect(lab.probe.createSnapshot('vm-101', 'x')).rejects.toThrow('GenericVmConfigFault');
    expect(await listed()).toMatchObject([{ hits: 1 }, { hits: 1 }]);
  });

  test('reads of files are refused, cut behind a byte, or wait', async () => {
    const action = { kind: 'refuse', status: 502, message: 'bad gateway' };
    await add({ at: 'file', path: '/folder/*/twin.vmx', origin: 'vcenter', times: 1, action });
    await add({ at: 'file', nth: 2, times: 1, action: { kind: 'cut', when: 'after', afterBytes: 10 } });
    expect(await file()).toEqual({ status: 502, text: 'bad gateway\n' });
    await expect(file()).rejects.toThrow();
    expect((await file()).status).toBe(200);
  });

  test('vCenter is cut off for a time, at once or at a call, and comes back', async () => {
    await add({ at: 'now', action: { kind: 'down', forMs: 60_000 } });
    await expect(now()).rejects.toThrow();
    expect(await listed()).toMatchObject([{ at: 'now', hits: 1, downForMs: expect.any(Number) }]);
    await lab.probe.control('DELETE', '/faults');
    expect((await now()).status).toBe(200);
    await add({ at: 'soap', method: 'CurrentTime', nth: 2, times: 1, action: { kind: 'down', forMs: 100 } });
    expect((await now()).status).toBe(200);
    await expect(now()).rejects.toThrow();
    await expect
      .poll(() =>
        now().then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
  });

  test.each([
    [{ at: 'soap', method: 'CreateSnapsot_Task', action: { kind: 'hang' } }, 'no method of the API'],
    [{ at: 'task', method: 'CurrentTime', action: { kind: 'refuse' } }, 'no task of the API'],
    [{ at: 'soap', action: { kind: 'refuse', code: 'VirtualMachine' } }, 'is no fault of the API'],
    [
      { at: 'soap', action: { kind: 'refuse', code: 'InvalidState', properties: { why: 'x' } } },
      'has no property',
    ],
    [{ at: 'file', action: { kind: 'fail' } }, '400'],
    [{ at: 'now', action: { kind: 'delay', delayMs: 1 } }, '400'],
    [{ at: 'port', action: { kind: 'hang' } }, '400'],
  ])('refuses %j', async (fault, problem) => {
    await expect(add(fault)).rejects.toThrow(problem);
    expect(await listed()).toEqual([]);
  });

  test('rules in the older words are listed in these too', async () => {
    await add({ path: '/folder/twin/', origin: 'vcenter', action: { kind: 'cut', afterBytes: 5 }, times: 0 });
    await add({ method: 'Login', stage: 'after', action: { kind: 'status', status: 503 } });
    const [first, second] = (await listed()) as Record<string, unknown>[];
    expect(first).toMatchObject({
      at: 'file',
      path: '/folder/twin/*',
      action: { kind: 'cut', when: 'after' },
    });
    expect(first).not.toHaveProperty('times');
    expect(second).toMatchObject({
      at: 'soap',
      method: 'Login',
      times: 1,
      action: { kind: 'refuse', status: 503 },
    });
  });

  test('says where faults can be planted', async () => {
    expect(await lab.probe.control('GET', '/fault-points')).toMatchObject({
      calls: expect.arrayContaining([{ method: 'WaitForUpdatesEx', path: '' }]),
      doors: ['vcenter'],
    });
  });

  test('time can be made to pass faster; guests and connections keep their own', async () => {
    const before = Date.parse((/>([^<]+)<\/returnval>/.exec((await now()).body) ?? [])[1] ?? '');
    await lab.probe.control('POST', '/settings', {
      clock: { realMs: before, labMs: before + 3 * 86_400_000, speed: 1 },
    });
    const clock = await lab.probe.control('GET', '/clock');
    expect(clock).toMatchObject({ speed: 1 });
    await lab.probe.control('DELETE', '/sessions');
    lab.probe.cookie = '';
    await lab.probe.login('admin@lab', 'secret');
    const after = Date.parse((/>([^<]+)<\/returnval>/.exec((await now()).body) ?? [])[1] ?? '');
    expect(after - before).toBeGreaterThanOrEqual(3 * 86_400_000);
  });
});
