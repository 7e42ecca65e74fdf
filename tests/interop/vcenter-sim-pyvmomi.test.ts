import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type SmallLab, startSmallLab } from '@leeward/lab/vcenter/testing/small-lab';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const probe = 'from importlib.metadata import version; import pyVmomi; print(version("pyvmomi"))';
const version = spawnSync('python3', ['-c', probe], { encoding: 'utf8' }).stdout?.trim();
console.log(version ? `judge: pyvmomi ${version} ran` : 'judge: pyvmomi absent, its tests are skipped');

const prelude = `
import json, ssl, sys, time
from pyVim.connect import SmartConnect, Disconnect
from pyVim.task import WaitForTask
from pyVmomi import vim, vmodl
si = SmartConnect(host='127.0.0.1', port=int(sys.argv[1]), user='admin@lab', pwd='secret', sslContext=ssl._create_unverified_context())
content = si.content
view = content.viewManager.CreateContainerView(content.rootFolder, [vim.VirtualMachine], True)
vms = list(view.view)
vm = [x for x in vms if x._moId == 'vm-100'][0]
out = {}
`;

describe.skipIf(!version)('pyvmomi (strict decoder) against the simulated vCenter', () => {
  let lab: SmallLab;
  beforeAll(async () => {
    lab = await startSmallLab((config) => ({
      ...config,
      vms: config.vms.map((vm, index) =>
        index === 0 ? { ...vm, guest: { seed: 2, bytesPerSecond: 3_000_000 } } : vm,
      ),
    }));
  });
  afterAll(() => lab.close());

  const python = async (script: string) => {
    const whole = `${prelude}\n${script}\nDisconnect(si)\nprint(json.dumps(out))`;
    const { stdout } = await promisify(execFile)('python3', ['-c', whole, String(lab.simulator.port)], {
      timeout: 120_000,
    });
    return JSON.parse(stdout.trim().split('\n').at(-1)!);
  };

  test('decodes every property that any object has, in the newest version it shares', async () => {
    const seen = await python(`
out['version'] = si._stub.version
objects = [content.rootFolder]
everything = content.viewManager.CreateContainerView(content.rootFolder, [], True)
count = 0
for obj in list(everything.view) + [content.rootFolder]:
    spec = vmodl.query.PropertyCollector.FilterSpec(
        objectSet=[vmodl.query.PropertyCollector.ObjectSpec(obj=obj)],
        propSet=[vmodl.query.PropertyCollector.PropertySpec(type=type(obj), all=True)])
    for content_ in content.propertyCollector.RetrieveContents([spec]):
        count += len(content_.propSet)
        assert not content_.missingSet, content_.missingSet
out['count'] = count
out['names'] = sorted(x.name for x in vms)
out['inaccessible'] = [x.name for x in vms if x.config is None]
out['datastores'] = {d.name: [d.summary.type, getattr(getattr(d.info, 'nas', None), 'remotePath', None)] for d in vm.runtime.host.datastore}
`);
    expect(seen.version).toBe('vim.version.v8_0_3_0');
    expect(seen.count).toBeGreaterThan(200);
    expect(seen.inaccessible).toEqual(['gone']);
    expect(seen.names).toContain('Büro [alt] Server 01');
    expect(seen.datastores).toEqual({ ds1: ['NFS', '/vol1'], vvol1: ['VVOL', null] });
  });

  test('leaves out what is newer than the version that the client chose', async () => {
    const seen = await python(`
old = SmartConnect(host='127.0.0.1', port=int(sys.argv[1]), user='admin@lab', pwd='secret', sslContext=ssl._create_unverified_context(), preferredApiVersions=['vim.version.version11'])
out['version'] = old._stub.version
out['patchLevel'] = [si.content.about.patchLevel, old.content.about.patchLevel]
older = old.content.viewManager.CreateContainerView(old.content.rootFolder, [vim.VirtualMachine], True)
out['vms'] = len([x.config for x in older.view])
device = [d for x in older.view if x._moId == 'vm-100' for d in x.config.hardware.device][0]
out['key'] = device.key
Disconnect(old)
`);
    expect(seen).toEqual({
      version: 'vim.version.version11',
      patchLevel: ['00000', null],
      vms: 10,
      key: 200,
    });
  });

  test('the calls of one backup: change tracking, VMware snapshots, changed areas, removal', async () => {
    const seen = await python(`
def disks(config): return {d.key: d for d in config.hardware.device if isinstance(d, vim.vm.device.VirtualDisk)}
WaitForTask(vm.ReconfigVM_Task(vim.vm.ConfigSpec(changeTrackingEnabled=True)))
task = vm.CreateSnapshot_Task('leeward-1', 'first', False, True)
WaitForTask(task)
first = task.info.result
assert task.info.entity == vm and task.info.descriptionId == 'VirtualMachine.createSnapshot'
ids = {k: d.backing.changeId for k, d in disks(first.config).items()}
frozen = disks(first.config)[2000].backing
current = disks(vm.config)[2000].backing
assert current.parent.fileName == frozen.fileName and frozen.parent is None
assert vm.snapshot.rootSnapshotList[0].quiesced
WaitForTask(first.RemoveSnapshot_Task(False))
time.sleep(0.5)
task = vm.CreateSnapshotEx_Task('leeward-2', None, False, vim.vm.GuestQuiesceSpec(timeout=15))
WaitForTask(task)
second = task.info.result
out['areas'] = {}
for key, disk in disks(second.config).items():
    offset, areas = 0, []
    while offset < disk.capacityInBytes:
        info = vm.QueryChangedDiskAreas(second, key, offset, ids[key])
        areas += [[a.start, a.length] for a in info.changedArea]
        assert info.length > 0
        offset = info.startOffset + info.length
    out['areas'][key] = areas
faults = {}
for name, call in {
    'epoch': lambda: vm.QueryChangedDiskAreas(second, 2000, 0, '52 00 00 00 00 00 00 00-00 00 00 00 00 00 00 00/1'),
    'malformed': lambda: vm.QueryChangedDiskAreas(second, 2000, 0, 'x'),
    'key': lambda: vm.QueryChangedDiskAreas(second, 4711, 0, '*'),
    'gone': lambda: vm.QueryChangedDiskAreas(first, 2000, 0, '*'),
}.items():
    try: call()
    except vmodl.MethodFault as fault: faults[name] = type(fault).__name__
    except vim.fault.VimFault as fault: faults[name] = type(fault).__name__
out['faults'] = faults
WaitForTask(second.RemoveSnapshot_Task(False))
out['left'] = vm.snapshot is not None
out['consolidate'] = vm.runtime.consolidationNeeded
`);
    expect(seen.areas['2000'].length).toBeGreaterThan(0);
    for (const [start, length] of seen.areas['2000']) expect((start + length) % 65_536).toBe(0);
    expect(seen.faults).toEqual({
      epoch: 'vim.fault.FileFault',
      malformed: 'vmodl.fault.InvalidArgument',
      key: 'vmodl.fault.InvalidArgument',
      gone: 'vmodl.fault.ManagedObjectNotFound',
    });
    expect(seen.left).toBe(false);
    expect(seen.consolidate).toBe(false);
  });

  test('searches datastores, decodes faults with their properties', async () => {
    const seen = await python(`
spec = vim.host.DatastoreBrowser.SearchSpec(matchPattern=['*.vmx'], details=vim.host.DatastoreBrowser.FileInfo.Details(fileType=True, fileSize=True, modification=True, fileOwner=False))
task = vm.datastore[0].browser.SearchDatastoreSubFolders_Task('[ds1]', spec)
WaitForTask(task)
out['files'] = sorted(f.path for r in task.info.result for f in r.file)
out['types'] = sorted({type(f).__name__ for r in task.info.result for f in r.file})
template = [x for x in vms if x.name == 'tmpl'][0]
task = template.CreateSnapshot_Task('x', '', False, False)
try: WaitForTask(task)
except vmodl.fault.NotSupported as fault: out['template'] = type(fault).__name__
found = content.searchIndex.FindByUuid(None, vm.config.instanceUuid, True, True)
out['found'] = found == vm
out['path'] = content.searchIndex.FindByInventoryPath('DC1/vm/a/b/Büro [alt] Server 01') == vm
privileges = content.authorizationManager.HasPrivilegeOnEntities([vm], si.content.sessionManager.currentSession.key, ['VirtualMachine.State.CreateSnapshot'])
out['granted'] = privileges[0].privAvailability[0].isGranted
`);
    expect(seen.files).toContain('Büro [alt] Server 01.vmx');
    expect(seen.types).toEqual(['vim.host.DatastoreBrowser.VmConfigInfo']);
    expect(seen.template).toBe('vmodl.fault.NotSupported');
    expect(seen).toMatchObject({ found: true, path: true, granted: true });
  });

  test.skipIf(version !== '9.1.1.0')('our tables of the API are what pyvmomi describes', () => {
    const schema = fileURLToPath(new URL('../../packages/lab/src/vcenter/schema/', import.meta.url));
    const folder = mkdtempSync(join(tmpdir(), 'leeward-schema-'));
    const made = spawnSync('python3', [join(schema, 'generate.py'), folder], { encoding: 'utf8' });
    expect(made.stderr).toBe('');
    for (const name of readdirSync(folder))
      expect(readFileSync(join(schema, name), 'utf8'), name).toBe(readFileSync(join(folder, name), 'utf8'));
    rmSync(folder, { recursive: true });
  });
});
