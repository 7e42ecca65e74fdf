import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock } from '@leeward/platform';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { flatDisk, scsiController, xml } from '../testing/property-xml.ts';
import { type Rig, startRig } from '../testing/rig.ts';

const tls = await createSelfSignedCertificate({
  commonName: 'x',
  altNames: ['127.0.0.1'],
  clock: systemClock,
});
let rig: Rig;

beforeEach(async () => {
  rig = await startRig(tls);
});
afterEach(() => rig.close());

const plain = {
  name: xml.string('vm'),
  'runtime.connectionState': xml.string('connected'),
  'config.files.vmPathName': xml.string('[ds] a/a.vmx'),
  'config.hardware.device': xml.devices(scsiController, flatDisk(0, '[ds] a/a.vmdk')),
};

/** A VM with these properties besides, as one VM and as part of the inventory. */
async function seen(values: Record<string, string>) {
  rig.fake.objects.set('VirtualMachine', 'vm-1', { ...plain, ...values });
  const [alone, { vms }] = [await rig.client.vm('vm-1'), await rig.client.inventory()];
  expect(vms).toEqual([alone]);
  return alone;
}

const task = (descriptionId: string, state: string, inside = '') =>
  xml.task('task-1', state, inside).replace('<descriptionId>x<', `<descriptionId>${descriptionId}<`);

describe('what tells kinds of VMs apart', () => {
  test('a VM of which vCenter says nothing special', async () => {
    const vm = await seen({});
    expect(vm).toMatchObject({ vtpm: false, faultTolerance: 'notConfigured', snapshotsDisabled: false });
    expect(vm.tools).toBe('unknown');
    expect(vm.migration).toBeUndefined();
  });

  test('a virtual TPM', async () => {
    const tpm =
      '<VirtualDevice xsi:type="VirtualTPM"><key>11000</key><endorsementKeyCertificate>MIIB</endorsementKeyCertificate></VirtualDevice>';
    const devices = xml.devices(scsiController, flatDisk(0, '[ds] a/a.vmdk'), tpm);
    expect((await seen({ 'config.hardware.device': devices })).vtpm).toBe(true);
  });

  test('Fault Tolerance', async () => {
    const state = xml.object('VirtualMachineFaultToleranceState', 'needSecondary');
    expect((await seen({ 'runtime.faultToleranceState': state })).faultTolerance).toBe('needSecondary');
  });

  test.each(['snapshotDisabled', 'snapshotLocked'])('the flag %s', async (flag) => {
    expect((await seen({ [`config.flags.${flag}`]: xml.boolean(true) })).snapshotsDisabled).toBe(true);
  });

  test.each([
    ['guestToolsRunning', 'guestToolsCurrent', 'running'],
    ['guestToolsExecutingScripts', 'guestToolsUnmanaged', 'running'],
    ['guestToolsNotRunning', 'guestToolsCurrent', 'notRunning'],
    ['guestToolsNotRunning', 'guestToolsNotInstalled', 'notInstalled'],
    ['guestToolsFromTheFuture', 'guestToolsCurrent', 'unknown'],
  ])('VMware Tools: %s, %s', async (running, version, tools) => {
    const guest = {
      'guest.toolsRunningStatus': xml.string(running),
      'guest.toolsVersionStatus2': xml.string(version),
    };
    expect((await seen(guest)).tools).toBe(tools);
  });
});

describe('a VM that is being migrated', () => {
  const recent = { recentTask: xml.refs('Task', ['task-0', 'task-1', 'task-2']) };

  beforeEach(() => {
    // One that vCenter has forgotten meanwhile, and one that the account may not read.
    rig.fake.objects.set('Task', 'task-2', {}, { info: 'NoPermission' });
  });

  test.each([
    ['VirtualMachine.relocate', 'running', true],
    ['VirtualMachine.migrate', 'queued', true],
    ['Drm.ExecuteVMotionLRO', 'running', true],
    ['VirtualMachine.relocate', 'success', false],
    ['VirtualMachine.relocate', 'error', false],
    ['VirtualMachine.createSnapshot', 'running', false],
  ])('%s that is %s: %s', async (descriptionId, state, isMigrating) => {
    rig.fake.objects.set('Task', 'task-1', { info: task(descriptionId, state, '<progress>42</progress>') });
    const { migration } = await seen(recent);
    expect(migration).toEqual(isMigrating ? { task: descriptionId, progress: 42 } : undefined);
  });
});
