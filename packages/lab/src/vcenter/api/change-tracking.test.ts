import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SmallLab, startSmallLab } from '../testing/small-lab.ts';
import { faultOf } from '../testing/vim-probe.ts';

let lab: SmallLab;
beforeAll(async () => {
  lab = await startSmallLab();
});
afterAll(() => lab.close());

const vm = 'VirtualMachine:vm-100';
const enable = (target = vm, wanted = true) =>
  lab.probe.task(
    'ReconfigVM_Task',
    target,
    `<spec><changeTrackingEnabled>${wanted}</changeTrackingEnabled></spec>`,
  );
const query = (snapshot: string, id: string, key = 2000, offset = 0) =>
  lab.probe.call(
    'QueryChangedDiskAreas',
    vm,
    `<snapshot type="VirtualMachineSnapshot">${snapshot}</snapshot><deviceKey>${key}</deviceKey><startOffset>${offset}</startOffset><changeId>${id}</changeId>`,
  );
const areas = (body: string) => [...body.matchAll(/<changedArea>/g)].length;
const write = async (ms: number) => {
  await lab.probe.control('POST', '/vms/vm-100/guest', { bytesPerSecond: 3_000_000 });
  await new Promise((resolve) => setTimeout(resolve, ms));
  await lab.probe.control('POST', '/vms/vm-100/guest/pause');
  await lab.probe.control('POST', '/vms/vm-100/guest', { bytesPerSecond: 0 });
  await lab.probe.control('POST', '/vms/vm-100/guest/resume');
};

test('a running VM tracks from the next stun on; queries answer for the interval', async () => {
  await enable();
  expect((await lab.probe.control('GET', '/vms/vm-100')) as object).toMatchObject({
    changeTrackingEnabled: true,
    disks: [{ changeId: null }, { changeId: null }],
  });
  const first = await lab.probe.createSnapshot('vm-100', 'one');
  const ids = await lab.probe.changeIds(first);
  expect(ids.get(2000)).toMatch(/^52( [0-9a-f]{2}){7}-[0-9a-f]{2}( [0-9a-f]{2}){7}\/1$/);
  await lab.probe.removeSnapshot(first);
  await write(300);
  const second = await lab.probe.createSnapshot('vm-100', 'two');
  const changed = await query(second, ids.get(2000)!);
  expect(areas(changed.body)).toBeGreaterThan(0);
  expect(changed.body).toContain(`<length>${24 * 1024 * 1024}</length>`);
  const same = await query(second, (await lab.probe.changeIds(second)).get(2000)!);
  expect(areas(same.body)).toBe(0);
  expect((await query(second, '*')).body).toContain(
    `<changedArea><start>0</start><length>${24 * 1024 * 1024}</length></changedArea>`,
  );
  await lab.probe.removeSnapshot(second);
});

test('faults of the query', async () => {
  const snapshot = await lab.probe.createSnapshot('vm-100', 'faults');
  const id = (await lab.probe.changeIds(snapshot)).get(2000)!;
  const fault = async (answer: ReturnType<typeof query>) => (await answer).body;
  expect(faultOf(await fault(query(snapshot, 'nonsense')))).toMatch(/^InvalidArgument/);
  expect(await fault(query(snapshot, 'nonsense'))).toContain('<invalidProperty>changeId<');
  expect(await fault(query(snapshot, id, 2009))).toContain('<invalidProperty>deviceKey<');
  expect(await fault(query(snapshot, id, 2000, 24 * 1024 * 1024))).toContain('<invalidProperty>startOffset<');
  expect(faultOf(await fault(query(snapshot, id.replace(/\/\d+$/, '/99'))))).toMatch(/^FileFault/);
  const foreign = `52 00${id.slice(5)}`;
  expect(faultOf(await fault(query(snapshot, foreign)))).toMatch(/^FileFault/);
  await lab.probe.removeSnapshot(snapshot);
  expect(faultOf(await fault(query(snapshot, id)))).toMatch(/^ManagedObjectNotFound/);
});

test('a crash begins a new epoch, and the old id is refused', async () => {
  const one = await lab.probe.createSnapshot('vm-100', 'before');
  const before = (await lab.probe.changeIds(one)).get(2000)!;
  await lab.probe.removeSnapshot(one);
  await lab.probe.control('POST', '/vms/vm-100/crash');
  await lab.probe.task('PowerOnVM_Task', vm);
  const two = await lab.probe.createSnapshot('vm-100', 'after');
  const after = (await lab.probe.changeIds(two)).get(2000)!;
  expect(after.split('/')[0]).not.toBe(before.split('/')[0]);
  expect(faultOf((await query(two, before)).body)).toMatch(/^FileFault/);
  await lab.probe.removeSnapshot(two);
});

test('switched on with a VMware snapshot present, it silently misses changes', async () => {
  const changedAfter = async (name: string) => {
    const one = await lab.probe.createSnapshot('vm-100', `${name} 1`);
    const id = (await lab.probe.changeIds(one)).get(2000)!;
    await write(1500);
    const two = await lab.probe.createSnapshot('vm-100', `${name} 2`);
    const { body } = await query(two, id);
    await lab.probe.task('RemoveAllSnapshots_Task', vm);
    const lengths = [...body.matchAll(/<length>(\d+)<\/length><\/changedArea>/g)];
    return lengths.reduce((sum, [, length]) => sum + Number(length), 0);
  };
  const honest = await changedAfter('honest');
  await enable(vm, false);
  await lab.probe.removeSnapshot(await lab.probe.createSnapshot('vm-100', 'off'));
  await lab.probe.createSnapshot('vm-100', 'of a user');
  await enable();
  const damaged = await changedAfter('damaged');
  expect(damaged).toBeGreaterThan(0);
  expect(damaged).toBeLessThan(honest * 0.75);
});

test('a powered-off VM tracks at once and answers without a VMware snapshot', async () => {
  const off = 'VirtualMachine:vm-102';
  await enable(off);
  const config = await lab.probe.value('Fetch', off, '<prop>config</prop>');
  const id = /<changeId>([^<]*)</.exec(config)![1]!;
  const answer = await lab.probe.call(
    'QueryChangedDiskAreas',
    off,
    `<deviceKey>2000</deviceKey><startOffset>0</startOffset><changeId>${id.replace(/\d+$/, '0')}</changeId>`,
  );
  expect(answer.status).toBe(200);
  await lab.probe.task('PowerOnVM_Task', off);
  const running = await lab.probe.call(
    'QueryChangedDiskAreas',
    off,
    `<deviceKey>2000</deviceKey><startOffset>0</startOffset><changeId>*</changeId>`,
  );
  expect(faultOf(running.body)).toMatch(/^InvalidPowerState/);
});

test('lost changes: the lab can make the tracking lie', async () => {
  await enable();
  await lab.probe.removeSnapshot(await lab.probe.createSnapshot('vm-100', 'stun'));
  const one = await lab.probe.createSnapshot('vm-100', 'l1');
  const id = (await lab.probe.changeIds(one)).get(2000)!;
  await lab.probe.control('POST', '/vms/vm-100/cbt', { loseFraction: 1 });
  await write(300);
  const two = await lab.probe.createSnapshot('vm-100', 'l2');
  expect(areas((await query(two, id)).body)).toBe(0);
});
