import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@leeward/platform';
import { createNfsServer, type NfsServer } from '@leeward/transports/nfs/server/nfs-server';
import { MemoryFileSystem } from '@leeward/transports/nfs/testing/memory-file-system';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isInstalled, packageVersion, run } from './nfs/judges.ts';

const libnfs = ['nfs-ls', 'nfs-cat', 'nfs-cp'].every(isInstalled);
console.log(
  `judge: libnfs-utils ${libnfs ? packageVersion('libnfs-utils') : '-'} ${libnfs ? 'ran' : 'absent (apt-get install libnfs-utils)'}`,
);

const disk = randomBytes(70 * 1024 * 1024 + 1234);

describe.skipIf(!libnfs)('our NFS server and libnfs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leeward-libnfs-'));
  const fileSystem = new MemoryFileSystem();
  let server: NfsServer;
  let bytesRead = 0;
  const url = (path: string) =>
    `nfs://127.0.0.1/export/${path}?version=3&nfsport=${server.nfsPort}&mountport=${server.mountPort}`;

  beforeAll(async () => {
    fileSystem.addFile('vm/disk-flat.vmdk', disk);
    for (let index = 0; index < 3000; index++)
      fileSystem.addFile(`many/entry-${index}`, disk.subarray(0, index));
    server = await createNfsServer({
      fileSystem,
      address: '127.0.0.1',
      nfsPort: 0,
      mountPort: 0,
      clock: systemClock,
      onBytesRead: (_, bytes) => {
        bytesRead += bytes;
      },
    });
  });

  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('nfs-ls lists the root and 3,000 entries with their sizes', async () => {
    expect((await run('nfs-ls', [url('')])).stdout.toString()).toMatch(/\bvm$/m);
    const { code, stdout } = await run('nfs-ls', [url('many')]);
    expect(code).toBe(0);
    const sizes = new Map<string, number>();
    for (const line of stdout.toString().split('\n')) {
      const [, size, name] = /\s(\d+) (entry-\d+)$/.exec(line) ?? [];
      if (name) sizes.set(name, Number(size));
    }
    expect(sizes.size).toBe(3000);
    expect(sizes.get('entry-2999')).toBe(2999);
  });

  it('nfs-cat reads 70 MiB, counted by the server', async () => {
    bytesRead = 0;
    const { code, stdout } = await run('nfs-cat', [url('vm/disk-flat.vmdk')]);
    expect(code).toBe(0);
    expect(stdout.equals(disk)).toBe(true);
    expect(bytesRead).toBeGreaterThanOrEqual(disk.length);
  });

  it('nfs-cp copies from and to the server', async () => {
    const local = join(folder, 'copy');
    expect((await run('nfs-cp', [url('vm/disk-flat.vmdk'), local])).code).toBe(0);
    expect(readFileSync(local).equals(disk)).toBe(true);
    const sent = await run('nfs-cp', [local, url('vm/back')]);
    expect(sent.code, sent.stderr).toBe(0);
    expect(Buffer.from(fileSystem.contentOf('vm/back')).equals(disk)).toBe(true);
  });

  it('a missing file and a missing export are failures', async () => {
    expect((await run('nfs-cat', [url('vm/none')])).code).not.toBe(0);
    expect((await run('nfs-ls', [url('').replace('/export/', '/other/')])).code).not.toBe(0);
  });
});

const qemu = ['qemu-img', 'unshare', 'ip'].every(isInstalled);
const ownNetwork =
  qemu && (await run('unshare', ['--net', '--map-root-user', 'ip', 'link', 'set', 'lo', 'up'])).code === 0;
const qemuVersion = qemu ? (await run('qemu-img', ['--version'])).stdout.toString() : '';
const qemuNfs = qemu && /\bnfs\b/.test((await run('qemu-img', ['--help'])).stdout.toString());
const qemuReason = !qemu
  ? 'apt-get install qemu-utils qemu-block-extra iproute2'
  : !qemuNfs
    ? 'no nfs driver, apt-get install qemu-block-extra'
    : 'no network namespace allowed here, and qemu knows the standard ports only';
const qemuRuns = qemuNfs && ownNetwork;
console.log(
  `judge: qemu-img ${/version (\S+)/.exec(qemuVersion)?.[1] ?? '-'} ${qemuRuns ? 'ran' : `absent (${qemuReason})`}`,
);

describe.skipIf(!qemuRuns)('our NFS server and qemu-img', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leeward-qemu-nfs-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('info, convert in both directions and compare agree', async () => {
    const served = join(folder, 'served');
    mkdirSync(served);
    const image = disk.subarray(0, 20 * 1024 * 1024);
    writeFileSync(join(served, 'disk.raw'), image);
    const remote = 'nfs://127.0.0.1/export/vm/disk.raw';
    const local = join(served, 'disk.raw');
    const copy = join(folder, 'copy.raw');
    const written = 'nfs://127.0.0.1/export/vm/written.raw';
    const commands = [
      ['qemu-img', 'info', '--output=json', '-f', 'raw', remote],
      ['qemu-img', 'convert', '-f', 'raw', '-O', 'raw', remote, copy],
      ['qemu-img', 'compare', '-f', 'raw', '-F', 'raw', remote, local],
      ['qemu-img', 'convert', '-f', 'raw', '-O', 'raw', local, written],
      ['qemu-img', 'compare', '-f', 'raw', '-F', 'raw', written, local],
    ];
    const script = join(import.meta.dirname, 'nfs', 'serve-for-qemu.ts');
    const { code, stdout, stderr } = await run('unshare', [
      ...['--net', '--map-root-user', process.execPath, '--conditions=source', script],
      ...[served, JSON.stringify(commands), '--own-network'],
    ]);
    expect(code, stderr).toBe(0);
    const outcomes: { code: number; stdout: string; stderr: string }[] = JSON.parse(stdout.toString());
    for (const outcome of outcomes) expect(outcome.code, outcome.stderr + outcome.stdout).toBe(0);
    expect(JSON.parse(outcomes[0]?.stdout ?? '')['virtual-size']).toBe(image.length);
    expect(readFileSync(copy).equals(image)).toBe(true);
    expect(outcomes[4]?.stdout).toContain('identical');
  });
});
