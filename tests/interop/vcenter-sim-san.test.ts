import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { type SanLab, sanInitiator, sanSerials, startSanLab } from '@leeward/lab/vcenter/testing/san-lab';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findGovc, govcAgainst, govcVersion } from './vcenter-govc.ts';

const probe = 'from importlib.metadata import version; import pyVmomi; print(version("pyvmomi"))';
const pyvmomi = spawnSync('python3', ['-c', probe], { encoding: 'utf8' }).stdout?.trim();
const govc = findGovc();
console.log(pyvmomi ? `judge: pyvmomi ${pyvmomi} ran` : 'judge: pyvmomi absent, its tests are skipped');
console.log(govc ? `judge: govc ${govcVersion} ran` : 'judge: govc absent, its tests are skipped');

const mebibyte = 1 << 20;
const luns = [`eui.${sanSerials.ds1}`, `eui.${sanSerials.ds2}`];
const name = 'Büro [alt] Server 01';

const script = `
import json, ssl, sys
from pyVim.connect import SmartConnect, Disconnect
from pyVim.task import WaitForTask
from pyVmomi import vim, vmodl
si = SmartConnect(host='127.0.0.1', port=int(sys.argv[1]), user='admin@lab', pwd='secret', sslContext=ssl._create_unverified_context())
content = si.content
out = {}
view = content.viewManager.CreateContainerView(content.rootFolder, [], True)
host = [x for x in view.view if isinstance(x, vim.HostSystem)][0]
datastore = [x for x in view.view if isinstance(x, vim.Datastore)][0]
vm = [x for x in view.view if isinstance(x, vim.VirtualMachine)][0]
count = 0
for obj in list(view.view) + [host.configManager.storageSystem]:
    spec = vmodl.query.PropertyCollector.FilterSpec(
        objectSet=[vmodl.query.PropertyCollector.ObjectSpec(obj=obj)],
        propSet=[vmodl.query.PropertyCollector.PropertySpec(type=type(obj), all=True)])
    for found in content.propertyCollector.RetrieveContents([spec]):
        count += len(found.propSet)
        assert not found.missingSet, found.missingSet
out['count'] = count
storage = host.configManager.storageSystem
storage.RescanAllHba()
storage.RescanVmfs()
def shown(info): return [[x.canonicalName, x.vendor, x.model, x.capacity.block * x.capacity.blockSize,
    bytes(b & 0xff for n in x.alternateName if n.namespace == 'SERIALNUM' for b in n.data).decode(), x.operationalState] for x in info.scsiLun]
out['luns'] = shown(storage.storageDeviceInfo)
out['same'] = out['luns'] == shown(host.config.storageDevice)
out['adapter'] = [a.iScsiName for a in storage.storageDeviceInfo.hostBusAdapter if isinstance(a, vim.host.InternetScsiHba)]
out['mounts'] = [[m.volume.type, m.volume.name] for m in storage.fileSystemVolumeInfo.mountInfo]
vmfs = datastore.info.vmfs
out['extents'] = [[e.diskName, e.partition] for e in vmfs.extent]
out['version'] = [vmfs.majorVersion, vmfs.version, vmfs.uuid in datastore.summary.url]
out['space'] = [datastore.summary.capacity, datastore.summary.freeSpace]
def chain(backing):
    names = []
    while backing: names.append([backing.fileName, backing.deltaDiskFormat]); backing = backing.parent
    return names
task = vm.CreateSnapshot_Task('ours', '', False, False)
WaitForTask(task)
snapshot = task.info.result
disk = [d for d in snapshot.config.hardware.device if isinstance(d, vim.vm.device.VirtualDisk)][0]
out['chain'] = chain(disk.backing)
out['areas'] = len(vm.QueryChangedDiskAreas(snapshot, disk.key, 0, '*').changedArea)
WaitForTask(snapshot.RemoveSnapshot_Task(False))
out['left'] = [x.name for x in vm.snapshot.rootSnapshotList]
Disconnect(si)
print(json.dumps(out))
`;

describe.skipIf(!pyvmomi && !govc)('hosts with LUNs and VMFS in the simulated vCenter', () => {
  let lab: SanLab;
  beforeAll(async () => {
    lab = await startSanLab({
      vcenter: (config) => ({
        ...config,
        datastores: [{ name: 'vmfs1', datacenter: 'DC1', type: 'VMFS', vmfs: { luns } }],
        vms: [
          {
            ...{ name, datacenter: 'DC1', host: 'esx1.lab', datastore: 'vmfs1', changeTracking: true },
            disks: [{ sizeBytes: 16 * mebibyte, fill: { seed: 3, ratio: 0.5 } }],
            snapshots: [{ name: 'user', writesAfter: { seed: 1, bytes: mebibyte } }],
            guest: { seed: 2, bytesPerSecond: 1_000_000 },
          },
        ],
      }),
    });
  });
  afterAll(() => lab.close());

  test.skipIf(!pyvmomi)('pyvmomi: every property, LUNs, extents, a chain of deltas', async () => {
    const port = String(lab.simulator.port);
    const { stdout } = await promisify(execFile)('python3', ['-c', script, port], { timeout: 120_000 });
    const seen = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(seen.count).toBeGreaterThan(60);
    const lun = (index: number, mebibytes: number) => [
      ...[luns[index], 'Nimble  ', 'Server          ', mebibytes * mebibyte],
      ...[luns[index]?.slice(4), ['ok']],
    ];
    expect(seen.luns.slice(0, 2)).toEqual([lun(0, 2048), lun(1, 1024)]);
    expect(seen).toMatchObject({
      same: true,
      adapter: [sanInitiator],
      mounts: [['VMFS', 'vmfs1']],
      extents: luns.map((each) => [each, 1]),
      version: [6, '6.82', true],
      left: ['user'],
    });
    expect(seen.space[0]).toBeGreaterThan(2500 * mebibyte);
    expect(seen.space[1]).toBeLessThan(seen.space[0]);
    expect(seen.chain).toEqual([
      [`[vmfs1] ${name}/${name}-000001.vmdk`, 'seSparseFormat'],
      [`[vmfs1] ${name}/${name}.vmdk`, null],
    ]);
    expect(seen.areas).toBeGreaterThan(0);
  });

  test.skipIf(!govc)('govc: storage of the host, the datastore, its files', async () => {
    const run = govcAgainst(govc ?? '', lab.simulator.port);
    const disks = await run('host.storage.info', '-host', 'esx1.lab', '-t', 'lun', '-rescan');
    for (const each of luns) expect(disks).toContain(each);
    expect(await run('host.storage.info', '-host', 'esx1.lab', '-t', 'hba')).toContain('vmhba64');
    const info = JSON.parse(await run('datastore.info', '-json', 'vmfs1')).datastores[0];
    expect(info.info.vmfs.extent.map(({ diskName }: { diskName: string }) => diskName)).toEqual(luns);
    expect(info.summary.type).toBe('VMFS');
    const names = (await run('datastore.ls', '-ds', 'vmfs1', name)).trim().split('\n');
    expect(names).toEqual(expect.arrayContaining([`${name}-flat.vmdk`, `${name}-000001-sesparse.vmdk`]));
    const vmdk = await run('datastore.download', '-ds', 'vmfs1', `${name}/${name}-000001.vmdk`, '-');
    expect(vmdk).toContain('createType="seSparse"');
  });
});
