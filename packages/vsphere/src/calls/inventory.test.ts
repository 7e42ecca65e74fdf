import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock } from '@leeward/platform';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { flatDisk, scsiController, snapshotNode, xml } from '../testing/property-xml.ts';
import { type Rig, startRig } from '../testing/rig.ts';

const tls = await createSelfSignedCertificate({
  commonName: 'x',
  altNames: ['127.0.0.1'],
  clock: systemClock,
});
let rig: Rig;

beforeEach(async () => {
  rig = await startRig(tls);
  const { objects } = rig.fake;
  objects.set('Datacenter', 'datacenter-1', {
    name: xml.string('Süd%2fWest'),
    parent: xml.ref('Folder', 'group-1'),
  });
  objects.set('Folder', 'group-1', { name: xml.string('Sites'), parent: xml.ref('Folder', 'group-d1') });
  objects.set('Folder', 'group-v1', {
    name: xml.string('vm'),
    parent: xml.ref('Datacenter', 'datacenter-1'),
  });
  objects.set('VirtualApp', 'resgroup-v1', {
    name: xml.string('shop'),
    parentFolder: xml.ref('Folder', 'group-v1'),
    parent: xml.ref('ResourcePool', 'resgroup-1'),
  });
});

afterEach(() => rig.close());

const fullVm = {
  name: xml.string('a%2fb %25 [1]'),
  parent: xml.ref('Folder', 'group-v1'),
  datastore: xml.refs('Datastore', ['datastore-9']),
  'runtime.host': xml.ref('HostSystem', 'host-1'),
  'runtime.powerState': xml.object('VirtualMachinePowerState', 'poweredOn'),
  'runtime.connectionState': xml.object('VirtualMachineConnectionState', 'connected'),
  'runtime.consolidationNeeded': xml.boolean(false),
  'config.uuid': xml.string('bios'),
  'config.instanceUuid': xml.string('instance'),
  'config.version': xml.string('vmx-20'),
  'config.template': xml.boolean(false),
  'config.files.vmPathName': xml.string('[ds] a/a.vmx'),
  'config.changeTrackingEnabled': xml.boolean(true),
  'capability.changeTrackingSupported': xml.boolean(true),
  'config.hardware.device': xml.devices(
    scsiController,
    flatDisk(
      0,
      '[ds] a/a-000001.vmdk',
      '<uuid>6000C29x</uuid><changeId>52 2d/7</changeId><parent><fileName>[base] t/t.vmdk</fileName><datastore type="Datastore">datastore-2</datastore><diskMode>persistent</diskMode></parent>',
    ),
    '<VirtualDevice xsi:type="VirtualDisk"><key>2001</key><backing xsi:type="VirtualDiskRawDiskMappingVer1BackingInfo"><fileName>[ds] a/r.vmdk</fileName><lunUuid>0200</lunUuid><compatibilityMode>virtualMode</compatibilityMode><diskMode>independent_persistent</diskMode><sharing>sharingMultiWriter</sharing></backing><controllerKey>15000</controllerKey><unitNumber>3</unitNumber><capacityInKB>2048</capacityInKB></VirtualDevice>',
    '<VirtualDevice xsi:type="VirtualAHCIController"><key>15000</key><busNumber>1</busNumber></VirtualDevice>',
    '<VirtualDevice xsi:type="VirtualFromTheFuture"><key>1</key><wonder>x</wonder></VirtualDevice>',
  ),
  snapshot: xml.snapshots(
    snapshotNode('rootSnapshotList', 'snapshot-1', 'outer', [
      snapshotNode('childSnapshotList', 'snapshot-2', 'inner'),
    ]),
  ),
};

test('a VM with everything', async () => {
  rig.fake.objects.set('VirtualMachine', 'vm-1', fullVm);
  const vm = await rig.client.vm('vm-1');
  expect(vm).toMatchObject({
    name: 'a/b % [1]',
    path: '/Sites/Süd%2fWest/vm/a%2fb %25 [1]',
    config: 'read',
    instanceUuid: 'instance',
    biosUuid: 'bios',
    hardwareVersion: 20,
    cbtEnabled: true,
    encrypted: false,
    vmxPath: '[ds] a/a.vmx',
    hostMoId: 'host-1',
    datastores: ['datastore-9', 'datastore-1', 'datastore-2'],
  });
  expect(vm.disks).toEqual([
    {
      key: 2000,
      label: 'Hard disk 1',
      node: 'scsi0:0',
      sizeBytes: 1 << 30,
      backing: 'flat',
      fileName: '[ds] a/a-000001.vmdk',
      datastoreMoId: 'datastore-1',
      diskMode: 'persistent',
      sharing: 'sharingNone',
      sharedBus: false,
      uuid: '6000C29x',
      changeId: '52 2d/7',
      encrypted: false,
      parents: ['[base] t/t.vmdk'],
      datastoreMoIds: ['datastore-1', 'datastore-2'],
    },
    expect.objectContaining({
      key: 2001,
      node: 'sata1:3',
      sizeBytes: 2 << 20,
      backing: 'rdm-virtual',
      diskMode: 'independent_persistent',
      sharing: 'sharingMultiWriter',
      rdm: { lunUuid: '0200' },
    }),
  ]);
  expect(vm.vmSnapshots[0]).toMatchObject({
    moId: 'snapshot-1',
    name: 'outer',
    createTime: '2026-01-02T03:04:05.123Z',
    children: [{ moId: 'snapshot-2', name: 'inner', children: [] }],
  });
});

test('the whole inventory, whatever the size of the pages', async () => {
  rig.fake.objects.set('VirtualMachine', 'vm-1', fullVm);
  rig.fake.objects.set('VirtualMachine', 'vm-2', {
    ...fullVm,
    name: xml.string('in a vApp'),
    parent: '',
    parentVApp: xml.ref('VirtualApp', 'resgroup-v1'),
    'config.keyId': xml.object('CryptoKeyId', '<keyId>k</keyId>'),
  });
  rig.fake.objects.set('HostSystem', 'host-1', {
    name: xml.string('esx'),
    'runtime.connectionState': xml.string('connected'),
  });
  const info = (type: string, inside: string) => xml.object(type, `<name>n</name><url>u</url>${inside}`);
  const summary = (type: string) =>
    xml.object(
      'DatastoreSummary',
      `<name>n</name><url>ds:///vmfs/volumes/1/</url><capacity>1099511627776</capacity><freeSpace>1</freeSpace><accessible>true</accessible><type>${type}</type>`,
    );
  rig.fake.objects.set('Folder', 'group-s1', {
    name: xml.string('datastore'),
    parent: xml.ref('Datacenter', 'datacenter-1'),
  });
  rig.fake.objects.set('StoragePod', 'group-p1', {
    name: xml.string('pod'),
    parent: xml.ref('Folder', 'group-s1'),
  });
  rig.fake.objects.set('Datastore', 'datastore-1', {
    name: xml.string('nfs'),
    parent: xml.ref('StoragePod', 'group-p1'),
    summary: summary('NFS41'),
    info: info(
      'NasDatastoreInfo',
      '<nas><type>NFS41</type><name>n</name><capacity>1</capacity><remoteHost>a</remoteHost><remotePath>/vol/x</remotePath><remoteHostNames>a</remoteHostNames><remoteHostNames>b</remoteHostNames></nas>',
    ),
  });
  rig.fake.objects.set('Datastore', 'datastore-2', {
    name: xml.string('vmfs'),
    parent: xml.ref('Folder', 'group-s1'),
    summary: summary('VMFS'),
    info: info(
      'VmfsDatastoreInfo',
      '<vmfs><type>VMFS</type><name>n</name><capacity>1</capacity><blockSizeMb>1</blockSizeMb><maxBlocks>1</maxBlocks><majorVersion>6</majorVersion><version>6.82</version><uuid>5f3c</uuid><extent><diskName>naa.1</diskName><partition>1</partition></extent><extent><diskName>naa.2</diskName><partition>1</partition></extent><vmfsUpgradable>false</vmfsUpgradable></vmfs>',
    ),
  });
  for (const pageSize of [1, 2, 3, 100]) {
    rig.fake.objects.pageSize = pageSize;
    const inventory = await rig.client.inventory();
    expect(inventory.vms.map(({ path, encrypted }) => [path, encrypted])).toEqual([
      ['/Sites/Süd%2fWest/vm/a%2fb %25 [1]', false],
      ['/Sites/Süd%2fWest/vm/shop/in a vApp', true],
    ]);
    expect(inventory.datacenters).toEqual([
      {
        kind: 'datacenter',
        moId: 'datacenter-1',
        name: 'Süd/West',
        path: '/Sites/Süd%2fWest',
        parentMoId: 'group-1',
      },
    ]);
    expect(inventory.hosts).toMatchObject([{ moId: 'host-1', name: 'esx', connectionState: 'connected' }]);
    expect(inventory.datastores).toMatchObject([
      {
        type: 'NFS41',
        datacenterPath: '/Sites/Süd%2fWest',
        capacityBytes: 1_099_511_627_776,
        nfs: { remoteHost: 'a', remoteHosts: ['a', 'b'], remotePath: '/vol/x' },
      },
      {
        type: 'VMFS',
        vmfs: {
          uuid: '5f3c',
          version: '6.82',
          extents: [
            { diskName: 'naa.1', partition: 1 },
            { diskName: 'naa.2', partition: 1 },
          ],
        },
      },
    ]);
  }
});

test('a VM without configuration is listed as such, and refused when asked for', async () => {
  rig.fake.objects.set('VirtualMachine', 'vm-1', {
    name: xml.string('lost'),
    'runtime.connectionState': xml.string('inaccessible'),
  });
  const { vms } = await rig.client.inventory();
  expect(vms).toMatchObject([{ name: 'lost', config: 'absent', connectionState: 'inaccessible', disks: [] }]);
  await expect(rig.client.vm('vm-1')).rejects.toMatchObject({
    code: 'L-VC-203',
    details: { vm: 'lost', reason: expect.stringContaining('inaccessible') },
  });
});

test('what may not be read is no absence', async () => {
  rig.fake.objects.set('VirtualMachine', 'vm-1', fullVm, { snapshot: 'NoPermission' });
  const { vms } = await rig.client.inventory();
  expect(vms).toMatchObject([
    { config: 'unreadable', unread: [{ path: 'snapshot', fault: 'NoPermission', privilege: 'System.Read' }] },
  ]);
  const denied = { code: 'L-VC-110', details: { privilege: 'System.Read' } };
  await expect(rig.client.findVmwareSnapshots('lw')).rejects.toMatchObject(denied);
  await expect(rig.client.vm('vm-1')).rejects.toMatchObject(denied);
  await expect(rig.client.enableCbt('vm-1')).rejects.toMatchObject(denied);
  const wanted = { name: 'x', description: '', quiesce: false };
  await expect(rig.client.createVmwareSnapshot('vm-1', wanted)).rejects.toMatchObject(denied);
  await expect(rig.client.removeVmwareSnapshot('vm-1', { name: 'x' })).rejects.toMatchObject(denied);
});

test('a property that cannot be understood spoils its VM only', async () => {
  rig.fake.objects.set('VirtualMachine', 'vm-1', fullVm);
  rig.fake.objects.set('VirtualMachine', 'vm-2', { ...fullVm, 'config.template': xml.string('perhaps') });
  const { vms } = await rig.client.inventory();
  expect(vms.map(({ config }) => config)).toEqual(['read', 'unreadable']);
});

test('a VM that is gone', async () => {
  await expect(rig.client.vm('vm-404')).rejects.toMatchObject({
    code: 'L-VC-201',
    details: { vm: 'vm-404' },
  });
});

test('privileges that are missing, per entity', async () => {
  rig.fake.handlers.set('HasPrivilegeOnEntities', ({ text }) => {
    const id = /<entity type="(\w+)">([^<]+)</.exec(text);
    const granted = [...text.matchAll(/<privId>([^<]+)</g)].map(([, name]) => name ?? '');
    const availability = granted.map(
      (name) =>
        `<privAvailability><privId>${name}</privId><isGranted>${!name.includes('DiskRandomRead')}</isGranted></privAvailability>`,
    );
    return `<returnval><entity type="${id?.[1]}">${id?.[2]}</entity>${availability.join('')}</returnval>`;
  });
  const missing = await rig.client.missingPrivileges([
    { kind: 'vm', moId: 'vm-1' },
    { kind: 'datastore', moId: 'datastore-1' },
    { kind: 'root' },
  ]);
  expect(missing).toEqual([
    { kind: 'vm', moId: 'vm-1', privileges: ['VirtualMachine.Provisioning.DiskRandomRead'] },
    { kind: 'root', moId: 'group-d1', privileges: ['VirtualMachine.Provisioning.DiskRandomRead'] },
  ]);
});
