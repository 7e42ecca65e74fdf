import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { type SmallLab, startSmallLab } from '@leeward/lab/vcenter/testing/small-lab';
import { withVmKinds } from '@leeward/lab/vcenter/testing/vm-kinds';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findGovc, govcAgainst, govcVersion } from './vcenter-govc.ts';

const probe = 'from importlib.metadata import version; import pyVmomi; print(version("pyvmomi"))';
const version = spawnSync('python3', ['-c', probe], { encoding: 'utf8' }).stdout?.trim();
console.log(version ? `judge: pyvmomi ${version} ran` : 'judge: pyvmomi absent, its tests are skipped');
const govc = findGovc();
console.log(govc ? `judge: govc ${govcVersion} ran` : 'judge: govc absent, its tests are skipped');

let lab: SmallLab;
beforeAll(async () => {
  lab = await startSmallLab(withVmKinds);
});
afterAll(() => lab?.close());

/** Every property of every object, decoded strictly; then what tells the kinds apart. */
const script = `
import json, ssl, sys
from pyVim.connect import SmartConnect, Disconnect
from pyVmomi import vim, vmodl
si = SmartConnect(host='127.0.0.1', port=int(sys.argv[1]), user='admin@lab', pwd='secret', sslContext=ssl._create_unverified_context())
content = si.content
everything = content.viewManager.CreateContainerView(content.rootFolder, [], True)
out = {'vms': {}, 'datastores': {}, 'count': 0}
for obj in everything.view:
    spec = vmodl.query.PropertyCollector.FilterSpec(
        objectSet=[vmodl.query.PropertyCollector.ObjectSpec(obj=obj)],
        propSet=[vmodl.query.PropertyCollector.PropertySpec(type=type(obj), all=True)])
    for found in content.propertyCollector.RetrieveContents([spec]):
        out['count'] += len(found.propSet)
        assert not found.missingSet, found.missingSet
    if isinstance(obj, vim.Datastore):
        extents = [e.diskName for e in obj.info.vmfs.extent] if isinstance(obj.info, vim.host.VmfsDatastoreInfo) else []
        out['datastores'][obj.name] = [type(obj.info).__name__.split('.')[-1], obj.summary.type, obj.summary.accessible, len(extents)]
    if isinstance(obj, vim.VirtualMachine):
        devices = obj.config.hardware.device if obj.config else []
        running = [t.info.descriptionId for t in obj.recentTask if t.info.state in ('queued', 'running')]
        out['vms'][obj.name] = {
            'connection': obj.runtime.connectionState,
            'config': obj.config is not None,
            'ft': obj.runtime.faultToleranceState,
            'tpm': any(isinstance(d, vim.vm.device.VirtualTPM) for d in devices),
            'key': bool(obj.config and obj.config.keyId),
            'shared': [d.sharedBus for d in devices if isinstance(d, vim.vm.device.VirtualSCSIController)],
            'disabled': bool(obj.config and obj.config.flags.snapshotDisabled),
            'tools': [obj.guest.toolsRunningStatus, obj.guest.toolsVersionStatus2] if obj.guest else None,
            'tasks': running,
        }
Disconnect(si)
print(json.dumps(out))
`;

describe.skipIf(!version)('pyvmomi (strict decoder) against every kind of VM', () => {
  test('decodes all of them, and sees what makes each what it is', async () => {
    const { stdout } = await promisify(execFile)('python3', ['-c', script, String(lab.simulator.port)], {
      timeout: 120_000,
    });
    const { vms, datastores, count } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(count).toBeGreaterThan(500);
    const { plain } = vms;
    expect(plain).toEqual({
      ...{ connection: 'connected', config: true, ft: 'notConfigured', tpm: false, key: false },
      ...{ shared: ['noSharing'], disabled: false, tasks: [] },
      tools: ['guestToolsRunning', 'guestToolsUnmanaged'],
    });
    expect(vms.vtpm).toEqual({ ...plain, tpm: true, key: true });
    expect(vms.encrypted).toEqual({ ...plain, key: true });
    expect(vms['fault tolerant']).toEqual({ ...plain, ft: 'running' });
    expect(vms['snapshots disabled']).toEqual({ ...plain, disabled: true });
    expect(vms['shared bus']).toEqual({ ...plain, shared: ['noSharing', 'physicalSharing'] });
    expect(vms.relocating).toEqual({ ...plain, tasks: ['VirtualMachine.relocate'] });
    expect(vms.vmotion).toEqual({ ...plain, tasks: ['VirtualMachine.migrate'] });
    expect(vms.drs).toEqual({ ...plain, tasks: ['Drm.ExecuteVMotionLRO'] });
    expect(vms.disconnected).toEqual({ ...plain, connection: 'disconnected' });
    for (const state of ['orphaned', 'inaccessible', 'invalid'])
      expect(vms[state]).toMatchObject({ connection: state, config: false });
    expect(vms['tools stopped'].tools).toEqual(['guestToolsNotRunning', 'guestToolsUnmanaged']);
    expect(vms['no tools'].tools).toEqual(['guestToolsNotRunning', 'guestToolsNotInstalled']);
    expect(datastores).toMatchObject({
      vsan1: ['VsanDatastoreInfo', 'vsan', true, 0],
      vvol1: ['VvolDatastoreInfo', 'VVOL', true, 0],
      vmfs2: ['VmfsDatastoreInfo', 'VMFS', true, 2],
      vmfs3: ['VmfsDatastoreInfo', 'VMFS', false, 1],
      nfs41: ['NasDatastoreInfo', 'NFS41', true, 0],
    });
  });
});

describe.skipIf(!govc)('govc against every kind of VM', () => {
  test('shows the virtual TPM, and is refused a VMware snapshot where no client gets one', async () => {
    if (!govc) throw new Error('skipped');
    const run = govcAgainst(govc, lab.simulator.port);
    expect(await run('device.ls', '-vm', '/DC1/vm/vtpm')).toMatch(/VirtualTPM|TPM/);
    for (const name of [
      'fault tolerant',
      'shared bus',
      'prdm',
      'multi-writer',
      'snapshots disabled',
      'template',
    ])
      await expect(run('snapshot.create', '-vm', `/DC1/vm/${name}`, '-m=false', 'x')).rejects.toThrow();
    await run('snapshot.create', '-vm', '/DC1/vm/vrdm', '-m=false', 'x');
  });
});
