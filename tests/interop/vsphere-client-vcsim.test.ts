import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchFingerprint, systemClock, systemRandomness } from '@leeward/platform';
import { type CallEvent, connectVcenter, type VcenterClient, type VcenterOptions } from '@leeward/vsphere';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startVcsim, type Vcsim } from './vcsim.ts';

const version = 'v0.46.3';
const folder = process.env['LEEWARD_JUDGES'] ?? join(tmpdir(), 'leeward-judges');
const missing = ['vcsim', 'govc'].map(provide).find((reason) => reason !== '');
for (const name of ['vcsim', 'govc'])
  console.log(`judge: ${name} ${version} ${missing ? `absent (${missing})` : 'ran'}`);

/** Builds a program of govmomi unless it is there; returns why it cannot be had, or nothing. */
function provide(name: string): string {
  if (existsSync(join(folder, name))) return '';
  mkdirSync(folder, { recursive: true });
  const path = `${process.env['PATH']}:/usr/local/go/bin`;
  const env = { ...process.env, PATH: path, GOBIN: folder };
  try {
    execFileSync('go', ['install', `github.com/vmware/govmomi/${name}@${version}`], { env, stdio: 'pipe' });
    return '';
  } catch (error) {
    return `${name} cannot be built: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown'}`;
  }
}

describe.skipIf(missing)('our vCenter client against vcsim', () => {
  let vcsim: Vcsim;
  const clients: VcenterClient[] = [];

  beforeAll(async () => {
    // More objects than fit into one page, in folders, vApps and storage pods.
    const size = ['-vm', '130', '-ds', '3', '-app', '1', '-pod', '1', '-folder', '1'];
    vcsim = await startVcsim(folder, '-api-version', '7.0.3.0', ...size);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
  });
  afterAll(() => vcsim?.stop());

  async function connect(options: Partial<VcenterOptions> = {}): Promise<VcenterClient> {
    const client = connectVcenter({
      host: '127.0.0.1',
      port: vcsim.port,
      username: 'somebody',
      password: 'right',
      trust: { kind: 'fingerprint', sha256: await fetchFingerprint('127.0.0.1', vcsim.port) },
      clock: systemClock,
      randomness: systemRandomness,
      ...options,
    });
    clients.push(client);
    return client;
  }

  async function firstVm(client: VcenterClient) {
    const [vm] = (await client.inventory()).vms;
    if (!vm) throw new Error('vcsim has no VM');
    return vm;
  }

  test('login, and what govc says of it', async () => {
    const about = await (await connect()).about();
    const said = JSON.parse(vcsim.govc('about', '-json')).about;
    expect(about).toMatchObject({
      instanceUuid: said.instanceUuid,
      build: said.build,
      apiVersion: '7.0.3.0',
    });
  });

  test('wrong password, another certificate, too old', async () => {
    await expect((await connect({ password: 'wrong' })).about()).rejects.toMatchObject({ code: 'L-VC-102' });
    const trust = { kind: 'fingerprint', sha256: '00'.repeat(32) } as const;
    await expect((await connect({ trust })).about()).rejects.toMatchObject({ code: 'L-VC-103' });
    await expect((await connect({ trust: { kind: 'ca' } })).about()).rejects.toMatchObject({
      code: 'L-VC-104',
    });
    const old = await connect({ oldestApiVersion: '8.0' });
    await expect(old.about()).rejects.toMatchObject({ code: 'L-VC-105' });
  });

  test('the inventory is what govc finds, page by page', async () => {
    const calls: CallEvent[] = [];
    const client = await connect({ onCall: (call) => calls.push(call) });
    const inventory = await client.inventory();
    const found = (type: string) => vcsim.govc('find', '/', '-type', type).trim().split('\n').sort();
    const paths = (places: readonly { path: string }[]) => places.map(({ path }) => path).sort();
    expect(inventory.vms.length).toBeGreaterThan(250);
    expect(paths(inventory.vms)).toEqual(found('m'));
    expect(paths(inventory.datacenters)).toEqual(found('d'));
    expect(paths(inventory.folders.filter(({ kind }) => kind === 'folder'))).toEqual(
      found('f').filter((path) => path !== '/'),
    );
    expect(inventory.datastores.map(({ name }) => name).sort()).toEqual(
      found('s').map((path) => path.split('/').at(-1)),
    );
    expect(inventory.hosts.length).toBe(found('h').length);
    expect(inventory.vms.every(({ config, disks }) => config === 'read' && disks.length === 1)).toBe(true);
    expect(calls.filter(({ method }) => method === 'ContinueRetrievePropertiesEx').length).toBeGreaterThan(0);
    expect(calls.filter(({ method }) => method === 'DestroyView').length).toBe(1);
  });

  test('a VM is what govc shows', async () => {
    const client = await connect();
    const vm = await client.vm((await firstVm(client)).moId);
    const [said] = JSON.parse(vcsim.govc('vm.info', '-json', vm.path)).virtualMachines;
    expect(vm).toMatchObject({
      name: said.name,
      instanceUuid: said.config.instanceUuid,
      biosUuid: said.config.uuid,
      powerState: said.runtime.powerState,
      connectionState: 'connected',
      vmxPath: said.config.files.vmPathName,
      datastores: said.datastore.map((ref: { value: string }) => ref.value),
    });
    const [disk] = JSON.parse(vcsim.govc('device.info', '-vm', vm.path, '-json', 'disk-*')).devices;
    expect(vm.disks).toMatchObject([
      {
        key: disk.key,
        sizeBytes: disk.capacityInKB * 1024,
        fileName: disk.backing.fileName,
        backing: 'flat',
      },
    ]);
  });

  test('VMware snapshots: once per name, found by prefix, frozen disks, removal, also twice', async () => {
    const client = await connect();
    const vm = await firstVm(client);
    const wanted = { name: 'leeward "run" <1> & ü', description: 'of a test', quiesce: false };
    const progress: number[] = [];
    const onProgress = (percent: number) => progress.push(percent);
    const made = await client.createVmwareSnapshot(vm.moId, wanted, { onProgress });
    expect(progress.at(-1)).toBe(100);
    expect(await client.createVmwareSnapshot(vm.moId, wanted)).toMatchObject({
      moId: made.moId,
      existed: true,
    });
    expect(vcsim.govc('snapshot.tree', '-vm', vm.path, '-i')).toContain(made.moId);
    expect(await client.findVmwareSnapshots('leeward "run"')).toMatchObject([
      { vmMoId: vm.moId, moId: made.moId, name: wanted.name, description: 'of a test' },
    ]);
    expect(await client.frozenDisks(made.moId)).toMatchObject([{ key: vm.disks[0]?.key }]);
    const child = await client.createVmwareSnapshot(vm.moId, { ...wanted, name: 'child' });
    expect((await client.vm(vm.moId)).vmSnapshots).toMatchObject([
      { moId: made.moId, children: [{ moId: child.moId, name: 'child' }] },
    ]);
    const merged = { consolidationNeeded: false };
    expect(await client.removeVmwareSnapshot(vm.moId, { name: wanted.name })).toEqual(merged);
    expect(vcsim.govc('snapshot.tree', '-vm', vm.path)).toBe('child\n.\n');
    expect(await client.removeVmwareSnapshot(vm.moId, { moId: made.moId })).toEqual(merged);
    expect(await client.removeVmwareSnapshot(vm.moId, { moId: child.moId })).toEqual(merged);
    await expect(client.frozenDisks(child.moId)).rejects.toMatchObject({ code: 'L-VC-409' });
    expect(await client.consolidate(vm.moId)).toEqual(merged);
  });

  test('CBT is switched on, but not under a VMware snapshot', async () => {
    const client = await connect();
    const { moId, path } = (await client.inventory()).vms[1] ?? (await firstVm(client));
    await client.createVmwareSnapshot(moId, { name: 's', description: '', quiesce: false });
    await expect(client.enableCbt(moId)).rejects.toMatchObject({ code: 'L-VC-410' });
    await client.removeVmwareSnapshot(moId, { name: 's' });
    expect(await client.enableCbt(moId)).toEqual({ wasEnabled: false });
    const [said] = JSON.parse(vcsim.govc('vm.info', '-json', path)).virtualMachines;
    expect(said.config.changeTrackingEnabled).toBe(true);
    expect(await client.enableCbt(moId)).toEqual({ wasEnabled: true });
  });

  test('a session that was ended is renewed, for all at once', async () => {
    const calls: CallEvent[] = [];
    const client = await connect({ onCall: (call) => calls.push(call) });
    const vm = await firstVm(client);
    endForeignSessions();
    const seen = await Promise.all(Array.from({ length: 10 }, () => client.vm(vm.moId)));
    expect(seen.map(({ name }) => name)).toEqual(Array.from({ length: 10 }, () => vm.name));
    expect(calls.filter(({ method, outcome }) => method === 'Login' && outcome === 'ok').length).toBe(2);
    expect(calls.some(({ outcome }) => outcome === 'L-VC-109')).toBe(true);
  });

  /** Everything but govc's own session, as an administrator would. */
  function endForeignSessions(): void {
    const { currentSession, sessions } = listSessions();
    for (const key of sessions) if (key !== currentSession) vcsim.govc('session.rm', key);
  }

  function listSessions(): { currentSession: string; sessions: string[] } {
    const list = JSON.parse(vcsim.govc('session.ls', '-json'));
    return {
      currentSession: list.currentSession?.key,
      sessions: list.sessionList.map(({ key }: { key: string }) => key),
    };
  }

  test('closing logs out', async () => {
    const before = listSessions().sessions.length;
    const client = await connect();
    await client.about();
    expect(listSessions().sessions.length).toBe(before + 1);
    await client.close();
    expect(listSessions().sessions.length).toBe(before);
  });

  test('objects that do not exist, methods that vcsim does not have', async () => {
    const client = await connect();
    const vm = await firstVm(client);
    await expect(client.vm('vm-0')).rejects.toMatchObject({ code: 'L-VC-201' });
    const wanted = { name: 'x', description: '', quiesce: false };
    await expect(client.createVmwareSnapshot('vm-0', wanted)).rejects.toMatchObject({ code: 'L-VC-201' });
    expect(await client.removeVmwareSnapshot('vm-0', { name: 'x' })).toEqual({ consolidationNeeded: false });
    const disk = { key: 1, label: 'd', sizeBytes: 1, changeId: 'a/2' };
    const query = { vmMoId: vm.moId, snapshotMoId: 'snapshot-0', disk, changeId: 'a/1' };
    await expect(client.changedAreas(query)).rejects.toMatchObject({
      code: 'L-VC-113',
      details: { fault: 'MethodNotFound' },
    });
  });

  test('files of a datastore, whole and in parts', async () => {
    const client = await connect();
    const [datastore] = (await client.inventory()).datastores;
    if (!datastore) throw new Error('vcsim has no datastore');
    const content = randomBytes(3_000_000);
    const work = mkdtempSync(join(tmpdir(), 'leeward-file-'));
    writeFileSync(join(work, 'x'), content);
    vcsim.govc('datastore.upload', '-ds', datastore.name, join(work, 'x'), 'dir ä/x [1].nvram');
    rmSync(work, { recursive: true });
    const { datacenterPath, name } = datastore;
    const file = { datacenterPath, datastore: name, path: 'dir ä/x [1].nvram' };
    expect(await client.datastoreFileSize(file)).toBe(content.length);
    const read = async (range?: { offsetBytes: number; lengthBytes: number }) => {
      const hash = createHash('sha256');
      for await (const chunk of client.readDatastoreFile(file, range)) hash.update(chunk);
      return hash.digest('hex');
    };
    const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(await read()).toBe(hashOf(content));
    const range = { offsetBytes: 1_000_001, lengthBytes: 54_321 };
    expect(await read(range)).toBe(hashOf(content.subarray(1_000_001, 1_054_322)));
    await expect(client.datastoreFileSize({ ...file, path: 'none' })).rejects.toMatchObject({
      code: 'L-VC-501',
    });
  });

  test('privileges: vcsim grants everything', async () => {
    const client = await connect();
    const vm = await firstVm(client);
    expect(await client.missingPrivileges([{ kind: 'root' }, { kind: 'vm', moId: vm.moId }])).toEqual([]);
  });

  test('datastores on arrays, from a saved inventory that vcsim loads', async () => {
    const small = await startVcsim(folder, '-api-version', '7.0.3.0', '-vm', '1', '-ds', '3');
    const saved = mkdtempSync(join(tmpdir(), 'leeward-saved-'));
    small.govc('object.save', '-f', '-d', saved);
    small.stop();
    const files = readdirSync(saved)
      .filter((name) => name.includes('-Datastore-'))
      .sort();
    const written = [nfs3, nfs41, vmfs];
    for (const [index, name] of files.entries()) describeAs(join(saved, name), written[index] ?? vmfs);
    const loaded = await startVcsim(folder, '-api-version', '7.0.3.0', '-load', saved);
    try {
      const client = await connect({
        port: loaded.port,
        trust: { kind: 'fingerprint', sha256: await fetchFingerprint('127.0.0.1', loaded.port) },
      });
      const { datastores } = await client.inventory();
      expect(
        datastores.map(({ type, nfs, vmfs, datacenterPath }) => ({ type, nfs, vmfs, datacenterPath })),
      ).toEqual([
        {
          type: 'NFS',
          nfs: { remoteHost: 'filer', remoteHosts: ['filer'], remotePath: '/vol/a b' },
          vmfs: undefined,
          datacenterPath: '/DC0',
        },
        {
          type: 'NFS41',
          nfs: { remoteHost: '10.0.0.1', remoteHosts: ['10.0.0.1', '10.0.0.2'], remotePath: '/vol/b' },
          vmfs: undefined,
          datacenterPath: '/DC0',
        },
        {
          type: 'VMFS',
          nfs: undefined,
          vmfs: {
            uuid: '5f3c8a12-1b2c3d4e-5f60-0025b5000001',
            version: '6.82',
            extents: [
              { diskName: 'naa.600a0980', partition: 1 },
              { diskName: 'naa.600a0981', partition: 2 },
            ],
          },
          datacenterPath: '/DC0',
        },
      ]);
    } finally {
      loaded.stop();
      rmSync(saved, { recursive: true, force: true });
    }
  });
});

interface Described {
  readonly type: string;
  readonly info: string;
  readonly inside: string;
}

const nfs3: Described = {
  type: 'NFS',
  info: 'NasDatastoreInfo',
  inside:
    '<nas><type>NFS</type><name>n</name><capacity>1</capacity><remoteHost>filer</remoteHost><remotePath>/vol/a b</remotePath></nas>',
};
const nfs41: Described = {
  type: 'NFS41',
  info: 'NasDatastoreInfo',
  inside:
    '<nas><type>NFS41</type><name>n</name><capacity>1</capacity><remoteHost>10.0.0.1</remoteHost><remotePath>/vol/b</remotePath><remoteHostNames>10.0.0.1</remoteHostNames><remoteHostNames>10.0.0.2</remoteHostNames></nas>',
};
const vmfs: Described = {
  type: 'VMFS',
  info: 'VmfsDatastoreInfo',
  inside:
    '<maxPhysicalRDMFileSize>1</maxPhysicalRDMFileSize><maxVirtualRDMFileSize>1</maxVirtualRDMFileSize><vmfs><type>VMFS</type><name>n</name><capacity>1</capacity><blockSizeMb>1</blockSizeMb><maxBlocks>1</maxBlocks><majorVersion>6</majorVersion><version>6.82</version><uuid>5f3c8a12-1b2c3d4e-5f60-0025b5000001</uuid><extent><diskName>naa.600a0980</diskName><partition>1</partition></extent><extent><diskName>naa.600a0981</diskName><partition>2</partition></extent><vmfsUpgradable>false</vmfsUpgradable></vmfs>',
};

/** Rewrites a saved datastore as one on an array. */
function describeAs(path: string, { type, info, inside }: Described): void {
  const text = readFileSync(path, 'utf8');
  const value = `<val xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:type="${info}"><name>n</name><url>ds:///vmfs/volumes/1/</url><freeSpace>1</freeSpace><maxFileSize>1</maxFileSize>${inside}</val>`;
  const described = text
    .replace(/(<name>info<\/name>\s*)<val[\s\S]*?<\/val>/, `$1${value}`)
    .replace('<type>OTHER</type>', `<type>${type}</type>`);
  writeFileSync(path, described);
}
