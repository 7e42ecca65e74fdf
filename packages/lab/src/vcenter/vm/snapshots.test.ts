import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SmallLab, startSmallLab } from '../testing/small-lab.ts';

let lab: SmallLab;
beforeAll(async () => {
  lab = await startSmallLab();
});
afterAll(() => lab.close());

const name = 'Büro [alt] Server 01';
const files = () => readdirSync(join(lab.datastore, name)).sort();
const text = (file: string) => readFileSync(join(lab.datastore, name, file), 'utf8');
const state = async (vm: string) =>
  (await lab.probe.control('GET', `/vms/${vm}`)) as {
    snapshots: { name: string }[];
    consolidationNeeded: boolean;
    disks: { chain: string[] }[];
  };

test('a VMware snapshot changes the files as a host does, and its removal changes them back', async () => {
  const before = files();
  expect(text(`${name}.vmdk`)).toContain('parentCID=ffffffff');
  const snapshot = await lab.probe.createSnapshot('vm-100', 'first');
  expect(text(`${name}.vmx`)).toContain(`scsi0:0.fileName = "${name}-000001.vmdk"`);
  expect(text(`${name}.vmsd`)).toContain(`snapshot0.disk0.fileName = "${name}.vmdk"`);
  const cid = /^CID=(\w+)/m.exec(text(`${name}.vmdk`))![1];
  expect(text(`${name}-000001.vmdk`)).toContain(`parentCID=${cid}`);
  expect(text(`${name}-000001.vmdk`)).toContain(`parentFileNameHint="${name}.vmdk"`);
  await lab.probe.removeSnapshot(snapshot);
  expect(files()).toEqual(before);
  expect(text(`${name}.vmx`)).toContain(`scsi0:0.fileName = "${name}.vmdk"`);
});

test('a second operation meanwhile gets TaskInProgress', async () => {
  const args = '<name>x</name><memory>false</memory><quiesce>false</quiesce>';
  const create = () => lab.probe.task('CreateSnapshot_Task', 'VirtualMachine:vm-100', args);
  const [first, second] = await Promise.allSettled([create(), create()]);
  const [won, lost] = first.status === 'fulfilled' ? [first, second] : [second, first];
  expect(String((lost as PromiseRejectedResult).reason)).toContain('TaskInProgress');
  await lab.probe.removeSnapshot((won as PromiseFulfilledResult<string>).value);
});

test('refusals: template, physical RDM, inaccessible VM, depth', async () => {
  await expect(lab.probe.createSnapshot('vm-104', 'x')).rejects.toThrow('NotSupported');
  await expect(lab.probe.createSnapshot('vm-106', 'x')).rejects.toThrow('SnapshotIncompatibleDeviceInVm');
  await expect(lab.probe.createSnapshot('vm-103', 'x')).rejects.toThrow('InvalidState');
  for (let depth = 1; depth <= 32; depth++) await lab.probe.createSnapshot('vm-101', `level ${depth}`);
  await expect(lab.probe.createSnapshot('vm-101', 'too deep')).rejects.toThrow('TooManySnapshotLevels');
  await lab.probe.task('RemoveAllSnapshots_Task', 'VirtualMachine:vm-101');
  expect((await state('vm-101')).disks[0]!.chain).toEqual(['twin.vmdk']);
});

test('independent disks stay out of it, virtual RDMs take part', async () => {
  const snapshot = await lab.probe.createSnapshot('vm-107', 'x');
  const chains = (await state('vm-107')).disks.map((disk) => disk.chain.length);
  expect(chains).toEqual([2, 1, 2]);
  await lab.probe.removeSnapshot(snapshot);
});

test('a locked file at the removal: the record is gone, the delta stays, consolidation mends it', async () => {
  await lab.probe.control('POST', '/faults', {
    method: 'RemoveSnapshot_Task',
    stage: 'task',
    vm: name,
    action: { kind: 'fault', type: 'FileLocked', properties: { file: 'x' } },
  });
  const snapshot = await lab.probe.createSnapshot('vm-100', 'locked');
  await expect(lab.probe.removeSnapshot(snapshot)).rejects.toThrow('FileLocked');
  const after = await state('vm-100');
  expect(after.snapshots).toEqual([]);
  expect(after.consolidationNeeded).toBe(true);
  expect(after.disks[0]!.chain).toHaveLength(2);
  await lab.probe.task('ConsolidateVMDisks_Task', 'VirtualMachine:vm-100');
  const mended = await state('vm-100');
  expect(mended.consolidationNeeded).toBe(false);
  expect(mended.disks[0]!.chain).toEqual([`${name}.vmdk`]);
});

test('a refused quiesce leaves nothing behind', async () => {
  const before = files();
  await lab.probe.control('POST', '/faults', {
    method: 'CreateSnapshot_Task',
    stage: 'task',
    action: { kind: 'fault', type: 'ApplicationQuiesceFault' },
  });
  await expect(lab.probe.createSnapshot('vm-100', 'x')).rejects.toThrow('ApplicationQuiesceFault');
  expect(files()).toEqual(before);
});

test('a lost answer: the VMware snapshot is there although the client never heard of it', async () => {
  await lab.probe.control('POST', '/faults', {
    method: 'CreateSnapshot_Task',
    stage: 'after',
    action: { kind: 'cut' },
  });
  await expect(lab.probe.createSnapshot('vm-100', 'lost')).rejects.toThrow();
  await expect.poll(async () => (await state('vm-100')).snapshots.map((each) => each.name)).toEqual(['lost']);
  // Its record is there before its task has ended, and until then nothing else may work on the VM.
  const removed = () => lab.probe.task('RemoveAllSnapshots_Task', 'VirtualMachine:vm-100').catch(String);
  await expect.poll(removed).not.toContain('TaskInProgress');
  expect((await state('vm-100')).snapshots).toEqual([]);
});

test('truth: what a disk was at its VMware snapshot, also after revert and removal', async () => {
  const hash = async (snapshot: string) => {
    const [record] = (await lab.probe.control('GET', `/truth?snapshot=${snapshot}`)) as {
      removedAt: string | null;
      disks: { sha256: string }[];
    }[];
    return record!;
  };
  const one = await lab.probe.createSnapshot('vm-100', 'truth-1');
  await lab.probe.control('POST', '/vms/vm-100/guest', { bytesPerSecond: 4_000_000 });
  await new Promise((resolve) => setTimeout(resolve, 400));
  await lab.probe.createSnapshot('vm-100', 'truth-2');
  await lab.probe.task('RevertToSnapshot_Task', `VirtualMachineSnapshot:${one}`);
  await lab.probe.createSnapshot('vm-100', 'truth-3');
  const [first, second, third] = await Promise.all(['truth-1', 'truth-2', 'truth-3'].map(hash));
  expect(first!.disks[0]!.sha256).not.toBe(second!.disks[0]!.sha256);
  expect(third!.disks.map((disk) => disk.sha256)).toEqual(first!.disks.map((disk) => disk.sha256));
  await lab.probe.task('RemoveAllSnapshots_Task', 'VirtualMachine:vm-100');
  expect((await hash('truth-2')).removedAt).not.toBeNull();
  expect((await hash('truth-2')).disks).toEqual(second!.disks);
  expect((await state('vm-100')).disks.map((disk) => disk.chain.length)).toEqual([1, 1]);
});
