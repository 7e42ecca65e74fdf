import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandomness } from '@leeward/platform';
import { connectNfs, listNfsExports, type NfsMount } from '@leeward/transports/nfs/client/nfs-client';
import { NfsWriter } from '@leeward/transports/nfs/client/nfs-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ganesha, startGanesha } from './nfs/ganesha.ts';
import { isInstalled, packageVersion } from './nfs/judges.ts';

const missing =
  process.getuid?.() !== 0
    ? 'needs root for rpcbind and open_by_handle_at'
    : ['ganesha.nfsd', 'rpcbind'].filter((program) => !isInstalled(program)).join(', ');
console.log(
  `judge: nfs-ganesha ${missing ? '-' : packageVersion('nfs-ganesha')} ${missing ? `absent (${missing})` : 'ran'}`,
);

const sizeBytes = 80 * 1024 * 1024 + 4321;

describe.skipIf(missing)('our NFS client against nfs-ganesha', () => {
  const work = mkdtempSync(join(tmpdir(), 'leeward-ganesha-'));
  const exported = join(work, 'export');
  let server: Ganesha;
  const common = { addresses: ['127.0.0.1'], clock: systemClock, randomness: systemRandomness };
  const mounts: NfsMount[] = [];

  async function mount(options: { maxReadBytes?: number; connections?: number } = {}): Promise<NfsMount> {
    const { nfsPort, mountPort } = server;
    const mounted = await connectNfs({ ...common, exportPath: exported, nfsPort, mountPort, ...options });
    mounts.push(mounted);
    return mounted;
  }

  beforeAll(async () => {
    mkdirSync(join(exported, 'vm [1] ü'), { recursive: true });
    mkdirSync(join(exported, 'many'));
    mkdirSync(join(exported, 'private'));
    const block = randomBytes(1024 * 1024 + 7);
    const disk = Buffer.alloc(sizeBytes);
    for (let at = 0; at < sizeBytes; at += block.length) block.copy(disk, at);
    writeFileSync(join(exported, 'vm [1] ü', 'disk-flat.vmdk'), disk);
    for (let index = 0; index < 3000; index++)
      writeFileSync(
        join(exported, 'many', `entry-${index}-${'x'.repeat(index % 80)}`),
        'y'.repeat(index % 50),
      );
    symlinkSync('/etc/passwd', join(exported, 'link'));
    server = await startGanesha(work, exported);
  });

  afterAll(async () => {
    for (const mounted of mounts) await mounted.close();
    await server?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  async function hashOf(mounted: NfsMount, path: string, pieceBytes: number): Promise<string> {
    const file = await mounted.open(path);
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(pieceBytes);
    for (let at = 0; at < file.sizeBytes; at += pieceBytes) {
      const piece = buffer.subarray(0, Math.min(pieceBytes, file.sizeBytes - at));
      await file.read(at, piece);
      hash.update(piece);
    }
    return hash.digest('hex');
  }

  const localHash = () =>
    createHash('sha256')
      .update(readFileSync(join(exported, 'vm [1] ü', 'disk-flat.vmdk')))
      .digest('hex');

  it.each([
    ['1 MiB', 1024 * 1024],
    ['32 KiB', 32 * 1024],
    ['odd', 77_777],
  ])('reads a file of 80 MiB with %s reads to the same SHA-256', async (_, maxReadBytes) => {
    const mounted = await mount({ maxReadBytes });
    expect(mounted.maxReadBytes).toBe(maxReadBytes);
    expect(await hashOf(mounted, 'vm [1] ü/disk-flat.vmdk', 3 * 1024 * 1024 + 1)).toBe(localHash());
    expect(mounted.counters.bytesRead).toBe(sizeBytes);
  });

  it('finds the ports by rpcbind and lists the exports', async () => {
    const mounted = await connectNfs({ ...common, exportPath: exported });
    expect((await mounted.stat('link')).type).toBe('symlink');
    expect(await mounted.readLink('link')).toBe('/etc/passwd');
    await expect(mounted.open('link')).rejects.toMatchObject({ code: 'L-NET-206' });
    await mounted.close();
    expect((await listNfsExports(common)).map(({ path }) => path)).toContain(exported);
  });

  it('lists a directory of 3,000 entries with their sizes', async () => {
    const sizes = new Map<string, number>();
    for await (const { name, attributes } of (await mount()).readDirectory('many'))
      sizes.set(name, attributes.sizeBytes);
    expect(sizes.size).toBe(3000);
    for (let index = 0; index < 3000; index++)
      expect(sizes.get(`entry-${index}-${'x'.repeat(index % 80)}`)).toBe(index % 50);
  });

  it('gets refusals as errors of the catalogue', async () => {
    const { nfsPort, mountPort } = server;
    const ports = { ...common, nfsPort, mountPort };
    await expect(connectNfs({ ...ports, exportPath: `${exported}/private` })).rejects.toMatchObject({
      code: 'L-NET-106',
    });
    await expect((await mount()).open('vm [1] ü/none')).rejects.toMatchObject({ code: 'L-NET-201' });
    await expect(connectNfs({ ...common, exportPath: exported, portmapPort: 1 })).rejects.toMatchObject({
      code: 'L-NET-102',
    });
  });

  it('writes, renames and removes', async () => {
    const { nfsPort, mountPort } = server;
    const writer = await NfsWriter.connect({ ...common, exportPath: exported, nfsPort, mountPort });
    await writer.makeDirectory('new');
    const file = await writer.createFile('new/a', { exclusive: true });
    await expect(writer.createFile('new/a', { exclusive: true })).rejects.toMatchObject({
      code: 'L-NET-221',
    });
    const data = randomBytes(5_000_003);
    await writer.write(file, 1000, data);
    await writer.setSize(file, 6_000_000);
    await writer.rename('new/a', 'new/b');
    const local = readFileSync(join(exported, 'new', 'b'));
    expect(local.length).toBe(6_000_000);
    expect(local.subarray(1000, 1000 + data.length).equals(data)).toBe(true);
    expect((await writer.stat('new/b')).mode).toBe(0o644);
    await writer.remove('new/b');
    await writer.removeDirectory('new');
    expect(await writer.exists('new')).toBe(false);
    await writer.close();
  });

  it('reads on over the death and restart of the server', async () => {
    const mounted = await mount({ maxReadBytes: 32 * 1024 });
    const reading = hashOf(mounted, 'vm [1] ü/disk-flat.vmdk', 1024 * 1024);
    await expect.poll(() => mounted.counters.bytesRead).toBeGreaterThan(5_000_000);
    await server.restart();
    expect(await reading).toBe(localHash());
    expect(mounted.counters.reconnects).toBeGreaterThan(0);
  });
});
