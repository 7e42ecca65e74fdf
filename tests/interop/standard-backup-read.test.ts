import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type SmallLab, startSmallLab } from '@leeward/lab/vcenter/testing/small-lab';
import {
  type ChainSource,
  type FolderAccess,
  type HttpFolderAccess,
  openDisk,
  openFolder,
  openHostGate,
  sessionKeys,
  ticketKeys,
} from '@leeward/mover';
import { hurriedClock } from '@leeward/mover/testing/hurried-clock';
import { fetchFingerprint, SeededRandomness, systemClock, systemRandomness } from '@leeward/platform';
import { connectVcenter, type VcenterClient } from '@leeward/vsphere';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../free-port.ts';
import { findGovc, govcAgainst, govcVersion } from './vcenter-govc.ts';
import { startVcsim, type Vcsim } from './vcsim.ts';

const govc = findGovc();
console.log(govc ? `judge: govc ${govcVersion} ran` : 'judge: govc absent, its tests are skipped');
const judges = process.env['LEEWARD_JUDGES'] ?? join(tmpdir(), 'leeward-judges');
const vcsim = [join(judges, 'vcsim')].find((path) => existsSync(path));
console.log(vcsim ? 'judge: vcsim ran' : 'judge: vcsim absent, its tests are skipped');
const curl = canRun('curl', '--version');
console.log(curl ? 'judge: curl ran' : 'judge: curl absent, its tests are skipped');

const tools = { clock: hurriedClock(systemClock), randomness: systemRandomness };
const name = 'Büro [alt] Server 01';
const frozen = `${name}/${name}-flat.vmdk`;
const disk = { path: `${name}/${name}.vmdk`, sizeBytes: 24 * 2 ** 20 };
const delta = `${name}/${name}-000001.vmdk`;

function canRun(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function wholeOf(access: FolderAccess, path: string, sizeBytes: number): Promise<Buffer> {
  const source: ChainSource = {
    kind: 'chain',
    folders: [{ name: 'ds1', hints: [], access }],
    ...{ folder: 0, path, sizeBytes },
  };
  const opened = await openDisk(source, tools);
  try {
    const whole = Buffer.alloc(sizeBytes, 0xee);
    await opened.read(0, whole);
    return whole;
  } finally {
    await opened.close();
  }
}

describe('frozen disks of the simulated vCenter', () => {
  let lab: SmallLab;
  let client: VcenterClient;
  let viaVcenter: HttpFolderAccess;
  let viaHost: HttpFolderAccess;
  let hostName: string;
  const truths = new Map<string, string>();
  const gates: { close(): void }[] = [];

  beforeAll(async () => {
    // govc goes to hosts by their names, and to port 443 unless the name says otherwise.
    const port = await freePort();
    hostName = `127.0.0.1:${port}`;
    lab = await startSmallLab((config) => ({
      ...config,
      hosts: config.hosts.map((host) => ({
        ...host,
        name: hostName,
        maxTransfers: 3,
        door: { listen: { port } },
      })),
      vms: config.vms.map((vm) => ({
        ...vm,
        host: hostName,
        ...(vm.name === name ? { guest: { bytesPerSecond: 20_000_000, seed: 4 } } : {}),
      })),
    }));
    const { simulator } = lab;
    const common = { protocol: 'http', host: '127.0.0.1', datastore: 'ds1', rootPath: '' } as const;
    client = connectVcenter({
      host: '127.0.0.1',
      ...{ port: simulator.port, username: 'admin@lab', password: 'secret' },
      trust: { kind: 'fingerprint', sha256: simulator.fingerprintSha256 },
      ...tools,
    });
    const bySession = openHostGate({ keys: sessionKeys((old) => client.folderCookie(old)), ...tools });
    const byTicket = openHostGate({
      keys: ticketKeys(async (request, signal) => (await client.folderTicket(request, signal)).id),
      maxRequests: 3,
      ...tools,
    });
    gates.push(bySession, byTicket);
    const [door] = simulator.hostDoors;
    if (!door) throw new Error('the host has no door');
    viaVcenter = {
      ...common,
      port: simulator.port,
      trust: { kind: 'fingerprint', sha256: simulator.fingerprintSha256 },
      datacenterPath: 'DC1',
      login: bySession.login,
    };
    viaHost = {
      ...common,
      port: door.port,
      trust: { kind: 'fingerprint', sha256: door.fingerprintSha256 },
      datacenterPath: '',
      login: byTicket.login,
    };
    await systemClock.sleep(300);
    for (const [at, snapshot] of ['one', 'two'].entries()) {
      await lab.probe.createSnapshot('vm-100', snapshot);
      await systemClock.sleep(300);
      const [truth] = Object(await lab.probe.control('GET', `/truth?snapshot=${snapshot}`)) as {
        disks: { sha256: string }[];
      }[];
      truths.set(at === 0 ? disk.path : delta, truth?.disks[0]?.sha256 ?? '');
    }
  });
  afterAll(async () => {
    for (const gate of gates) gate.close();
    await client?.close();
    await lab?.close();
  });

  const figures = async () => Object(await lab.probe.control('GET', '/counters')).folders;
  const resetFigures = () => lab.probe.control('DELETE', '/counters');

  test.each([
    ['through vCenter, by its session', () => viaVcenter],
    ['from the host, by tickets', () => viaHost],
  ])('base and delta are what the guest had written: %s', async (_, access) => {
    for (const path of [disk.path, delta])
      expect(sha256(await wholeOf(access(), path, disk.sizeBytes))).toBe(truths.get(path));
    // The newest delta, which the guest writes to, is not to be had.
    await expect(wholeOf(access(), `${name}/${name}-000002.vmdk`, disk.sizeBytes)).rejects.toMatchObject({
      code: 'L-NET-407',
    });
  });

  test('bytes are read where they should be, within the limit of the host', async () => {
    await resetFigures();
    await wholeOf(viaVcenter, disk.path, disk.sizeBytes);
    const first = await figures();
    expect(first.vcenter.bytesSent).toBeGreaterThanOrEqual(disk.sizeBytes);
    expect(first[hostName].bytesForVcenter).toBe(first.vcenter.bytesSent);
    await resetFigures();
    await Promise.all([1, 2, 3].map(() => wholeOf(viaHost, disk.path, disk.sizeBytes)));
    const second = await figures();
    expect(second.vcenter.bytesSent).toBe(0);
    expect(second[hostName]).toMatchObject({ bytesForVcenter: 0, refusedByLimit: 0 });
    expect(second[hostName].peak).toBeLessThanOrEqual(3);
    expect(second[hostName].ticketsUsed).toBe(second[hostName].requests);
  });

  test('breaks, trouble and lost sessions on the way change nothing', async () => {
    for (const action of [
      { kind: 'cut', afterBytes: 700_001 },
      { kind: 'cut' },
      { kind: 'status', status: 503 },
      { kind: 'delay', delayMs: 50 },
      { kind: 'locked' },
    ])
      await lab.probe.control('POST', '/faults', { path: `/folder/${name}/`, nth: 3, times: 2, action });
    const reading = wholeOf(viaVcenter, delta, disk.sizeBytes);
    await lab.probe.control('DELETE', '/sessions?user=admin@lab');
    expect(sha256(await reading)).toBe(truths.get(delta));
    await lab.probe.control('DELETE', '/faults');
    lab.probe.cookie = '';
    await lab.probe.login('admin@lab', 'secret');
  });

  test('names in the folder, read from the page of the server', async () => {
    const seen = [];
    for (const access of [viaVcenter, viaHost]) {
      const folder = await openFolder(access, 'ds1', tools);
      seen.push(await folder.names(name));
      await folder.close();
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).toEqual(expect.arrayContaining([`${name}.vmx`, `${name}.vmdk`, `${name}-flat.vmdk`]));
  });

  test.skipIf(!govc)(
    'govc downloads the same bytes, through vCenter and with tickets from the host',
    async () => {
      const work = mkdtempSync(join(tmpdir(), 'leeward-download-'));
      onTestFinished(() => rmSync(work, { recursive: true, force: true }));
      for (const usesTickets of [false, true]) {
        await resetFigures();
        const target = join(work, `flat-${usesTickets}`);
        if (usesTickets) vi.stubEnv('GOVMOMI_USE_SERVICE_TICKET', '1');
        const run = govcAgainst(govc ?? '', lab.simulator.port);
        try {
          await run('datastore.download', '-ds', 'ds1', frozen, target);
        } finally {
          vi.unstubAllEnvs();
        }
        const hash = execFileSync('sha256sum', [target], { encoding: 'utf8' }).slice(0, 64);
        expect(hash).toBe(truths.get(disk.path));
        const { vcenter, [hostName]: host } = await figures();
        expect([vcenter.bytesSent, host.ticketsUsed]).toEqual(usesTickets ? [0, 1] : [disk.sizeBytes, 0]);
      }
    },
  );

  test.skipIf(!curl)('curl reads the same ranges, and sees the same refusals', async () => {
    const base = `https://127.0.0.1:${lab.simulator.port}/folder/${encodeURIComponent(name)}/`;
    const get = async (file: string, ...more: readonly string[]) => {
      const url = `${base}${encodeURIComponent(file)}?dcPath=DC1&dsName=ds1`;
      const args = ['-sk', '-u', 'admin@lab:secret', '-w', '%{stderr}%{http_code}', ...more, url];
      const options = { encoding: 'buffer', maxBuffer: 1 << 26 } as const;
      const { stdout, stderr } = await promisify(execFile)('curl', args, options);
      return { status: stderr.toString(), body: stdout };
    };
    const whole = await wholeOf(viaVcenter, disk.path, disk.sizeBytes);
    const part = await get(`${name}-flat.vmdk`, '-r', '1000001-5000000');
    expect(part.status).toBe('206');
    expect(part.body.equals(whole.subarray(1_000_001, 5_000_001))).toBe(true);
    expect((await get(`${name}-flat.vmdk`)).body.equals(whole)).toBe(true);
    expect((await get(`${name}-000002-delta.vmdk`)).status).toBe('500');
    expect((await get('none.vmdk')).status).toBe('404');
  });
});

describe.skipIf(!vcsim || !govc)('our reader against vcsim', () => {
  let simulator: Vcsim;

  beforeAll(async () => {
    simulator = await startVcsim(judges, '-vm', '1');
  });
  afterAll(() => simulator?.stop());

  test('ranges of a file, sizes, what is missing', async () => {
    const content = Buffer.from(new SeededRandomness(9).bytes(9 * 2 ** 20 + 77));
    const local = join(simulator.home, 'content');
    writeFileSync(local, content);
    simulator.govc('datastore.upload', '-ds', 'LocalDS_0', local, 'dir ä/x [1]-flat.vmdk');
    const { port } = simulator;
    const access: HttpFolderAccess = {
      ...{ protocol: 'http', host: '127.0.0.1', port, datacenterPath: 'DC0', datastore: 'LocalDS_0' },
      trust: { kind: 'fingerprint', sha256: await fetchFingerprint('127.0.0.1', port) },
      rootPath: 'dir ä',
      login: { kind: 'basic', username: 'somebody', password: 'right' },
    };
    const folder = await openFolder(access, 'LocalDS_0', tools);
    const file = await folder.folder.open('x [1]-flat.vmdk');
    expect(file?.sizeBytes).toBe(content.length);
    for (const [at, length] of [
      [0, content.length],
      [1_000_003, 4_500_000],
      [content.length - 10, 10],
    ] as const) {
      const target = Buffer.alloc(length);
      await file?.read(at, target);
      expect(target.equals(content.subarray(at, at + length))).toBe(true);
    }
    await expect(folder.readFile('none', 10)).rejects.toMatchObject({ code: 'L-NET-406' });
    await folder.close();
  });
});
