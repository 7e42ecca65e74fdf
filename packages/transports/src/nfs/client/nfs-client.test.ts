import { SeededRandomness } from '@leeward/platform';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createPortMapper } from '../../portmap/port-mapper.ts';
import { NfsStatusError } from '../nfs-status.ts';
import type { NfsHandle } from '../server/file-system.ts';
import { MemoryFileSystem } from '../testing/memory-file-system.ts';
import { startPair } from '../testing/test-pair.ts';
import { connectNfs, listNfsExports, type NfsMount, type NfsOptions } from './nfs-client.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const caller = { address: '', port: 0, flavor: 'none', uid: 0, gid: 0, gids: [] } as const;
const content = new SeededRandomness(7).bytes(300_001);

async function mounted(
  fileSystem = new MemoryFileSystem(),
  options: Partial<NfsOptions> = {},
  maxReadBytes = 64 * 1024,
): Promise<NfsMount> {
  const pair = await startPair(fileSystem, { maxReadBytes });
  closers.push(() => pair.server.close());
  const mount = await connectNfs({ ...pair.options, ...options });
  closers.push(() => mount.close());
  return mount;
}

describe('reading', () => {
  it('reads any range as the file has it', async () => {
    const fileSystem = new MemoryFileSystem();
    fileSystem.addFile('vm/disk-flat.vmdk', content);
    const mount = await mounted(fileSystem, { readsInFlight: 3 });
    const file = await mount.open('vm/disk-flat.vmdk');
    await fc.assert(
      fc.asyncProperty(fc.nat(content.length), fc.nat(content.length), async (a, b) => {
        const [start, end] = a < b ? [a, b] : [b, a];
        const target = Buffer.alloc(end - start + 2, 0xee);
        await file.read(start, target.subarray(1, -1));
        expect(Buffer.compare(target.subarray(1, -1), content.subarray(start, end))).toBe(0);
        expect([target[0], target.at(-1)]).toEqual([0xee, 0xee]);
      }),
      { numRuns: 60 },
    );
  });

  it.each([[512], [32 * 1024], [1024 * 1024]])('works with reads of %d bytes', async (maxReadBytes) => {
    const fileSystem = new MemoryFileSystem();
    fileSystem.addFile('disk', content);
    const mount = await mounted(fileSystem, {}, maxReadBytes);
    expect(mount.maxReadBytes).toBe(maxReadBytes);
    expect(Buffer.compare(await mount.readFile('disk', content.length), content)).toBe(0);
    expect(mount.counters).toEqual({ bytesRead: content.length, reconnects: 0 });
  });

  it('continues short reads', async () => {
    class ShortReads extends MemoryFileSystem {
      override async read(
        handle: NfsHandle,
        offsetBytes: number,
        target: Uint8Array,
        caller: Parameters<MemoryFileSystem['read']>[3],
      ) {
        return super.read(handle, offsetBytes, target.subarray(0, 1 + (offsetBytes % 5000)), caller);
      }
    }
    const fileSystem = new ShortReads();
    fileSystem.addFile('disk', content);
    const mount = await mounted(fileSystem);
    expect(Buffer.compare(await mount.readFile('disk', content.length), content)).toBe(0);
  });

  it('refuses to read behind the end, also when the file became shorter', async () => {
    const fileSystem = new MemoryFileSystem();
    fileSystem.addFile('disk', content.slice());
    const mount = await mounted(fileSystem);
    const file = await mount.open('disk');
    await expect(file.read(content.length - 1, new Uint8Array(2))).rejects.toMatchObject({
      code: 'L-NET-205',
    });
    const shorter = await mount.open('disk');
    const root = await fileSystem.mount('/export', caller);
    const { handle } = await fileSystem.lookup(root, 'disk', caller);
    await fileSystem.writing?.setAttributes(handle, { sizeBytes: 4 }, caller);
    await expect(shorter.read(0, new Uint8Array(10))).rejects.toMatchObject({ code: 'L-NET-205' });
  });

  it('stops at the abort signal and leaves the target alone from then on', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const fileSystem = new MemoryFileSystem({
      before: (procedure) => (procedure === 'READ' ? gate : undefined),
    });
    fileSystem.addFile('disk', content);
    const mount = await mounted(fileSystem);
    const file = await mount.open('disk');
    const target = new Uint8Array(200_000);
    const controller = new AbortController();
    const reading = file.read(0, target, controller.signal);
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    release();
    await mount.stat('disk');
    const again = new Uint8Array(1000);
    await file.read(5, again);
    expect(Buffer.compare(again, content.subarray(5, 1005))).toBe(0);
    expect(target.every((byte) => byte === 0)).toBe(true);
  });

  it('may be aborted at any moment without a late byte in the target', async () => {
    const fileSystem = new MemoryFileSystem();
    const large = new SeededRandomness(2).bytes(4_000_000);
    fileSystem.addFile('disk', large);
    const mount = await mounted(fileSystem, {}, 1024 * 1024);
    const file = await mount.open('disk');
    for (let turn = 0; turn < 40; turn++) {
      const target = new Uint8Array(large.length);
      const controller = new AbortController();
      const reading = file.read(0, target, controller.signal).catch(() => 'stopped');
      await new Promise((resolve) => setTimeout(resolve, turn % 5));
      controller.abort();
      if ((await reading) !== 'stopped') continue;
      target.fill(0);
      await mount.stat('disk');
      expect(target.every((byte) => byte === 0)).toBe(true);
    }
    expect(Buffer.compare(await mount.readFile('disk', large.length), large)).toBe(0);
  });

  it('keeps to the number of READs in flight', async () => {
    let running = 0;
    let most = 0;
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const fileSystem = new MemoryFileSystem({
      before: async (procedure) => {
        if (procedure !== 'READ') return;
        most = Math.max(most, ++running);
        if (running === 6) setTimeout(open, 50);
        await gate;
        running--;
      },
    });
    fileSystem.addFile('disk', content);
    const mount = await mounted(fileSystem, { connections: 2, readsInFlight: 3 }, 4096);
    await mount.readFile('disk', content.length);
    expect(most).toBe(6);
  });
});

describe('names', () => {
  it('lists a directory of 3,000 entries, each once', async () => {
    const fileSystem = new MemoryFileSystem();
    for (let index = 0; index < 3000; index++)
      fileSystem.addFile(`d/file ${index} ü`, content.subarray(0, index));
    const mount = await mounted(fileSystem);
    const sizes = new Map<string, number>();
    for await (const { name, attributes } of mount.readDirectory('d')) sizes.set(name, attributes.sizeBytes);
    expect(sizes.size).toBe(3000);
    expect(sizes.get('file 2999 ü')).toBe(2999);
  });

  it('finds hidden directories by LOOKUP and refuses links, wrong kinds and unusable paths', async () => {
    const fileSystem = new MemoryFileSystem();
    fileSystem.addFile('.snapshot/daily/vm/disk', content);
    fileSystem.addSymlink('link', '/etc');
    const mount = await mounted(fileSystem);
    expect((await mount.stat('/.snapshot/daily/vm/disk')).sizeBytes).toBe(content.length);
    expect(await mount.readLink('link')).toBe('/etc');
    const codes = async (work: Promise<unknown>) =>
      work.then(
        () => 'fine',
        (error) => error.code,
      );
    expect(await codes(mount.open('link'))).toBe('L-NET-206');
    expect(await codes(mount.stat('link/passwd'))).toBe('L-NET-206');
    expect(await codes(mount.stat('.snapshot/daily/vm/disk/x'))).toBe('L-NET-207');
    expect(await codes(mount.open('.snapshot'))).toBe('L-NET-208');
    expect(await codes(mount.open('.snapshot/weekly'))).toBe('L-NET-201');
    expect(await codes(mount.open('../x'))).toBe('L-NET-212');
    expect(await codes(mount.readFile('.snapshot/daily/vm/disk', 10))).toBe('L-NET-211');
    expect(await codes(mount.readDirectory('.snapshot/daily/vm/disk').next())).toBe('L-NET-207');
  });

  it('tells space and access', async () => {
    const mount = await mounted(new MemoryFileSystem({ readOnly: true }));
    expect(await mount.space()).toEqual({ totalBytes: 2 ** 40, freeBytes: 2 ** 39 });
    expect(await mount.access('')).toEqual({ read: true, lookup: true, modify: false });
  });
});

describe('mounting', () => {
  it('asks the port mapper when no ports are given', async () => {
    const pair = await startPair();
    closers.push(() => pair.server.close());
    pair.fileSystem.addFile('disk', content);
    const services = [
      { program: 100003, version: 3, port: pair.server.nfsPort },
      { program: 100005, version: 3, port: pair.server.mountPort },
    ];
    const mapper = await createPortMapper({ address: '127.0.0.1', port: 0, services });
    closers.push(() => mapper.close());
    const options = { ...pair.options, nfsPort: undefined, mountPort: undefined, portmapPort: mapper.port };
    const mount = await connectNfs(options);
    closers.push(() => mount.close());
    expect((await mount.stat('disk')).type).toBe('file');
    expect(await listNfsExports(options)).toEqual([{ path: '/export', clients: [] }]);

    const empty = await createPortMapper({ address: '127.0.0.1', port: 0, services: [] });
    closers.push(() => empty.close());
    await expect(connectNfs({ ...options, portmapPort: empty.port })).rejects.toMatchObject({
      code: 'L-NET-103',
    });
    await empty.close();
    await expect(connectNfs({ ...options, portmapPort: empty.port })).rejects.toMatchObject({
      code: 'L-NET-102',
    });
  });

  it('says why not: no export, no access, from an ordinary port, nobody there', async () => {
    const denying = new MemoryFileSystem({
      before: (procedure) => {
        if (procedure === 'MNT') throw new NfsStatusError('ACCES');
      },
    });
    const denied = await startPair(denying);
    closers.push(() => denied.server.close());
    await expect(connectNfs(denied.options)).rejects.toMatchObject({ code: 'L-NET-107' });
    const pair = await startPair();
    await expect(connectNfs({ ...pair.options, exportPath: '/other' })).rejects.toMatchObject({
      code: 'L-NET-105',
    });
    await pair.server.close();
    await expect(connectNfs(pair.options)).rejects.toMatchObject({ code: 'L-NET-101' });
  });

  it('takes the next address when one does not answer', async () => {
    const pair = await startPair();
    closers.push(() => pair.server.close());
    const mount = await connectNfs({ ...pair.options, addresses: ['127.0.0.77', '127.0.0.1'] });
    closers.push(() => mount.close());
    expect((await mount.stat('')).type).toBe('directory');
  });

  it('ends calls in flight and refuses later ones when closed', async () => {
    const fileSystem = new MemoryFileSystem({
      before: (procedure) =>
        procedure === 'READ' ? new Promise<void>((resolve) => setTimeout(resolve, 200)) : undefined,
    });
    fileSystem.addFile('disk', content);
    const mount = await mounted(fileSystem);
    const file = await mount.open('disk');
    const reading = file.read(0, new Uint8Array(100_000));
    const outcome = expect(reading).rejects.toMatchObject({ code: 'L-NET-115' });
    await mount.close();
    await outcome;
    await expect(mount.stat('')).rejects.toMatchObject({ code: 'L-NET-115' });
  });
});
