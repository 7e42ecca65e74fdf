import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock } from '@leeward/platform';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { flatDisk, scsiController, snapshotNode, xml } from '../testing/property-xml.ts';
import { type Rig, startRig } from '../testing/rig.ts';

const tls = await createSelfSignedCertificate({
  commonName: 'x',
  altNames: ['127.0.0.1'],
  clock: systemClock,
});
const wanted = { name: 'leeward run-1', description: 'd', quiesce: false };
let rig: Rig;
/** VMware snapshots that the fake VM has: id and name. */
let tree: [string, string][];
let tasks: number;

beforeEach(async () => {
  rig = await startRig(tls);
  tree = [];
  tasks = 0;
  rig.fake.objects.set('VirtualMachine', 'vm-1', {
    name: xml.string('one'),
    recentTask: xml.refs('Task', []),
  });
  rig.fake.handlers.set('CreateSnapshot_Task', ({ text }) => {
    tree.push([`snapshot-${tree.length + 1}`, /<name>([^<]*)</.exec(text)?.[1] ?? '']);
    showTree();
    return finished();
  });
  rig.fake.handlers.set('RemoveSnapshot_Task', ({ body }) => {
    const moId = body.children[0]?.text ?? '';
    if (!tree.some(([id]) => id === moId)) return gone('VirtualMachineSnapshot', moId);
    tree = tree.filter(([id]) => id !== moId);
    showTree();
    return finished();
  });
});

afterEach(() => rig.close());

function showTree(): void {
  const chain = tree
    .toReversed()
    .reduce<string>(
      (inner, [moId, name], index) =>
        snapshotNode(index === tree.length - 1 ? 'rootSnapshotList' : 'childSnapshotList', moId, name, [
          inner,
        ]),
      '',
    );
  rig.fake.objects.update('vm-1', { snapshot: chain === '' ? '' : xml.snapshots(chain) });
}

function startTask(state: string, inside = ''): string {
  const moId = `task-${++tasks}`;
  rig.fake.objects.set('Task', moId, { info: xml.task(moId, state, inside) });
  rig.fake.objects.update('vm-1', { recentTask: xml.refs('Task', [moId]) });
  return moId;
}

function finished(): string {
  return `<returnval type="Task">${startTask('success')}</returnval>`;
}

function failed(fault: string, inside = ''): string {
  const error = `<error><fault xsi:type="${fault}">${inside}</fault><localizedMessage>says ${fault}</localizedMessage></error>`;
  return `<returnval type="Task">${startTask('error', error)}</returnval>`;
}

function gone(type: string, moId: string) {
  return { fault: 'ManagedObjectNotFound', inside: `<obj type="${type}">${moId}</obj>` };
}

describe('creating', () => {
  test('sends the parameters and finds the result', async () => {
    const made = await rig.client.createVmwareSnapshot('vm-1', wanted);
    expect(made).toEqual({
      moId: 'snapshot-1',
      createTime: '2026-01-02T03:04:05.123Z',
      quiesced: false,
      existed: false,
    });
    const call = rig.fake.calls.find(({ method }) => method === 'CreateSnapshot_Task');
    expect(call?.text).toContain(
      '<name>leeward run-1</name><description>d</description><memory>false</memory><quiesce>false</quiesce>',
    );
  });

  test('is done once for one name', async () => {
    await rig.client.createVmwareSnapshot('vm-1', wanted);
    const again = await rig.client.createVmwareSnapshot('vm-1', wanted);
    expect(again).toMatchObject({ moId: 'snapshot-1', existed: true });
    await rig.client.createVmwareSnapshot('vm-1', { ...wanted, name: 'leeward run-10' });
    expect(tree.map(([, name]) => name)).toEqual(['leeward run-1', 'leeward run-10']);
  });

  test.each(['before', 'after'] as const)('an answer lost %s acting leaves exactly one', async (cut) => {
    let left = 1;
    rig.fake.intercept = ({ method }) =>
      method === 'CreateSnapshot_Task' && left-- > 0 ? { cut } : undefined;
    await expect(rig.client.createVmwareSnapshot('vm-1', wanted)).resolves.toMatchObject({
      moId: 'snapshot-1',
    });
    expect(tree.length).toBe(1);
  });

  test('a lost call that still runs is waited for', async () => {
    let left = 1;
    rig.fake.handlers.set('CreateSnapshot_Task', () => {
      const task = startTask('running', '<progress>10</progress>');
      setTimeout(() => {
        tree.push(['snapshot-7', wanted.name]);
        showTree();
        rig.fake.objects.set('Task', task, { info: xml.task(task, 'success') });
      }, 300);
      return `<returnval type="Task">${task}</returnval>`;
    });
    rig.fake.intercept = ({ method }) =>
      method === 'CreateSnapshot_Task' && left-- > 0 ? { cut: 'after' } : undefined;
    await expect(rig.client.createVmwareSnapshot('vm-1', wanted)).resolves.toMatchObject({
      moId: 'snapshot-7',
    });
    expect(rig.fake.countOf('CreateSnapshot_Task')).toBe(1);
  });

  test('a busy VM is waited for', async () => {
    let left = 2;
    const blocker = startTask('success');
    const busy = () => ({ fault: 'TaskInProgress', inside: `<task type="Task">${blocker}</task>` });
    rig.fake.intercept = ({ method }) =>
      method === 'CreateSnapshot_Task' && left-- > 0 ? busy() : undefined;
    await expect(rig.client.createVmwareSnapshot('vm-1', wanted)).resolves.toMatchObject({
      moId: 'snapshot-1',
    });
    expect(tree.length).toBe(1);
  });

  test('a task that vCenter forgot: the tree decides', async () => {
    rig.fake.handlers.set('CreateSnapshot_Task', () => {
      tree.push(['snapshot-3', wanted.name]);
      showTree();
      return '<returnval type="Task">task-forgotten</returnval>';
    });
    await expect(rig.client.createVmwareSnapshot('vm-1', wanted)).resolves.toMatchObject({
      moId: 'snapshot-3',
    });
    expect(rig.fake.countOf('CreateSnapshot_Task')).toBe(1);
  });

  test('two of one name, because a cut call took effect late: one stays', async () => {
    rig.fake.handlers.set('CreateSnapshot_Task', () => {
      tree.push(['snapshot-1', wanted.name], ['snapshot-2', wanted.name]);
      showTree();
      return finished();
    });
    await expect(rig.client.createVmwareSnapshot('vm-1', wanted)).resolves.toMatchObject({
      moId: 'snapshot-2',
    });
    expect(tree).toEqual([['snapshot-2', wanted.name]]);
  });

  test('progress is told, rising, in whole percents', async () => {
    const task = 'task-slow';
    const show = (state: string, inside = '') =>
      rig.fake.objects.set('Task', task, { info: xml.task(task, state, inside) });
    show('running', '<progress>20</progress>');
    rig.fake.handlers.set('CreateSnapshot_Task', () => `<returnval type="Task">${task}</returnval>`);
    const seen: number[] = [];
    const onProgress = (percent: number) => {
      seen.push(percent);
      if (percent === 20) show('running', '<progress>70</progress>');
      if (percent !== 70) return;
      tree.push(['snapshot-1', wanted.name]);
      showTree();
      show('success');
    };
    await rig.client.createVmwareSnapshot('vm-1', wanted, { onProgress });
    expect(seen).toEqual([20, 70, 100]);
  });

  test.each([
    ['ApplicationQuiesceFault', '', 'L-VC-302'],
    ['SnapshotDisabled', '', 'L-VC-303'],
    ['TooManySnapshotLevels', '', 'L-VC-303'],
    ['SnapshotNoChange', '', 'L-VC-301'],
    ['NoDiskSpace', '<file>f</file><datastore>ds</datastore>', 'L-VC-304'],
    ['MethodDisabled', '<source>other</source>', 'L-VC-112'],
    ['RestrictedVersion', '', 'L-VC-111'],
    ['InaccessibleDatastore', '<name>ds</name>', 'L-VC-307'],
    ['CannotAccessVmDisk', '<device>d</device>', 'L-VC-306'],
    ['NeverHeardOfFault', '<x>y</x>', 'L-VC-114'],
  ])('%s', async (fault, inside, code) => {
    rig.fake.handlers.set('CreateSnapshot_Task', () => failed(fault, inside));
    const outcome = rig.client.createVmwareSnapshot('vm-1', wanted);
    await expect(outcome).rejects.toMatchObject({ code, message: expect.any(String) });
    await expect(outcome).rejects.not.toThrow(/unknown/);
    expect(rig.fake.countOf('CreateSnapshot_Task')).toBe(1);
  });

  test('a VM that is gone', async () => {
    await expect(rig.client.createVmwareSnapshot('vm-9', wanted)).rejects.toMatchObject({ code: 'L-VC-201' });
  });
});

describe('removing', () => {
  beforeEach(() => {
    tree = [
      ['snapshot-1', 'of the user'],
      ['snapshot-2', wanted.name],
    ];
    showTree();
  });

  test('by id, by name, and only when both match', async () => {
    await rig.client.removeVmwareSnapshot('vm-1', { moId: 'snapshot-2', name: 'another name' });
    expect(tree.length).toBe(2);
    await rig.client.removeVmwareSnapshot('vm-1', { name: wanted.name });
    expect(tree).toEqual([['snapshot-1', 'of the user']]);
    await rig.client.removeVmwareSnapshot('vm-1', { moId: 'snapshot-1' });
    expect(tree).toEqual([]);
    const call = rig.fake.calls.find(({ method }) => method === 'RemoveSnapshot_Task');
    expect(call?.text).toContain('<removeChildren>false</removeChildren><consolidate>true</consolidate>');
  });

  test('what is gone counts as removed, also with its VM', async () => {
    const done = { consolidationNeeded: false };
    expect(await rig.client.removeVmwareSnapshot('vm-1', { moId: 'snapshot-9' })).toEqual(done);
    rig.fake.handlers.set('RemoveSnapshot_Task', () => {
      tree.pop();
      showTree();
      return gone('VirtualMachineSnapshot', 'snapshot-2');
    });
    expect(await rig.client.removeVmwareSnapshot('vm-1', { moId: 'snapshot-2' })).toEqual(done);
    rig.fake.objects.remove('vm-1');
    expect(await rig.client.removeVmwareSnapshot('vm-1', { name: wanted.name })).toEqual(done);
  });

  test.each(['before', 'after'] as const)('an answer lost %s acting', async (cut) => {
    let left = 1;
    rig.fake.intercept = ({ method }) =>
      method === 'RemoveSnapshot_Task' && left-- > 0 ? { cut } : undefined;
    await rig.client.removeVmwareSnapshot('vm-1', { name: wanted.name });
    expect(tree).toEqual([['snapshot-1', 'of the user']]);
  });

  test('waits for what runs on the VM', async () => {
    const task = startTask('running');
    const outcome = rig.client.removeVmwareSnapshot('vm-1', { moId: 'snapshot-2' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(rig.fake.countOf('RemoveSnapshot_Task')).toBe(0);
    rig.fake.objects.set('Task', task, { info: xml.task(task, 'error') });
    await outcome;
    expect(tree.length).toBe(1);
  });

  test('a failed merge is no failed removal: consolidation is needed', async () => {
    rig.fake.handlers.set('RemoveSnapshot_Task', () => {
      tree.pop();
      showTree();
      rig.fake.objects.update('vm-1', { 'runtime.consolidationNeeded': xml.boolean(true) });
      return failed('FileLocked', '<file>[ds] a.vmdk</file>');
    });
    const merged = await rig.client.removeVmwareSnapshot('vm-1', { moId: 'snapshot-2' });
    expect(merged).toEqual({ consolidationNeeded: true });
    rig.fake.handlers.set('ConsolidateVMDisks_Task', () => failed('FileLocked', '<file>[ds] a.vmdk</file>'));
    await expect(rig.client.consolidate('vm-1')).rejects.toMatchObject({ code: 'L-VC-305' });
    rig.fake.handlers.set('ConsolidateVMDisks_Task', () => {
      rig.fake.objects.update('vm-1', { 'runtime.consolidationNeeded': xml.boolean(false) });
      return finished();
    });
    expect(await rig.client.consolidate('vm-1')).toEqual({ consolidationNeeded: false });
    const asked = rig.fake.countOf('ConsolidateVMDisks_Task');
    expect(await rig.client.consolidate('vm-1')).toEqual({ consolidationNeeded: false });
    expect(rig.fake.countOf('ConsolidateVMDisks_Task')).toBe(asked);
  });

  test('the janitor finds them by prefix', async () => {
    expect(await rig.client.findVmwareSnapshots('leeward ')).toMatchObject([
      { vmMoId: 'vm-1', vmName: 'one', moId: 'snapshot-2', name: wanted.name },
    ]);
  });
});

describe('frozen disks', () => {
  test('come from the VMware snapshot', async () => {
    rig.fake.objects.set('VirtualMachineSnapshot', 'snapshot-1', {
      'config.hardware.device': xml.devices(
        scsiController,
        flatDisk(0, '[ds] a/a.vmdk', '<changeId>52 2d/8</changeId>'),
      ),
    });
    expect(await rig.client.frozenDisks('snapshot-1')).toMatchObject([
      { key: 2000, fileName: '[ds] a/a.vmdk', changeId: '52 2d/8', parents: [] },
    ]);
  });

  test('stand on others, as their backings tell', async () => {
    const parent = '<parent><fileName>[ds] a/a.vmdk</fileName><diskMode>persistent</diskMode></parent>';
    rig.fake.objects.set('VirtualMachineSnapshot', 'snapshot-1', {
      'config.hardware.device': xml.devices(scsiController, flatDisk(0, '[ds] a/a-000002.vmdk', parent)),
    });
    expect(await rig.client.frozenDisks('snapshot-1')).toMatchObject([
      { key: 2000, fileName: '[ds] a/a-000002.vmdk', parents: ['[ds] a/a.vmdk'] },
    ]);
  });

  test('of one that is gone', async () => {
    await expect(rig.client.frozenDisks('snapshot-1')).rejects.toMatchObject({ code: 'L-VC-409' });
  });
});

describe('switching on CBT', () => {
  const switchedOff = {
    'config.changeTrackingEnabled': xml.boolean(false),
    'capability.changeTrackingSupported': xml.boolean(true),
    'config.version': xml.string('vmx-19'),
  };

  test('sends the switch and nothing else, once', async () => {
    rig.fake.objects.update('vm-1', switchedOff);
    rig.fake.handlers.set('ReconfigVM_Task', () => {
      rig.fake.objects.update('vm-1', { 'config.changeTrackingEnabled': xml.boolean(true) });
      return finished();
    });
    expect(await rig.client.enableCbt('vm-1')).toEqual({ wasEnabled: false });
    expect(await rig.client.enableCbt('vm-1')).toEqual({ wasEnabled: true });
    const calls = rig.fake.calls.filter(({ method }) => method === 'ReconfigVM_Task');
    expect(calls.length).toBe(1);
    expect(calls[0]?.text).toContain('<spec><changeTrackingEnabled>true</changeTrackingEnabled></spec>');
  });

  test.each([
    ['L-VC-410', { snapshot: xml.snapshots(snapshotNode('rootSnapshotList', 'snapshot-1', 'x')) }],
    ['L-VC-411', { 'capability.changeTrackingSupported': xml.boolean(false) }],
    ['L-VC-411', { 'config.version': xml.string('vmx-04') }],
  ])('is refused: %s', async (code, values) => {
    rig.fake.objects.update('vm-1', { ...switchedOff, ...values });
    await expect(rig.client.enableCbt('vm-1')).rejects.toMatchObject({ code });
    expect(rig.fake.countOf('ReconfigVM_Task')).toBe(0);
  });
});
