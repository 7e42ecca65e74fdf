import { SeededRandomness, systemClock } from '@leeward/platform';
import { afterEach, describe, expect, it } from 'vitest';
import { NfsStatusError } from '../nfs-status.ts';
import { createNfsServer } from '../server/nfs-server.ts';
import { MemoryFileSystem } from '../testing/memory-file-system.ts';
import { startPair } from '../testing/test-pair.ts';
import { connectNfs } from './nfs-client.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const content = new SeededRandomness(3).bytes(500_000);

async function setUp(before: (procedure: string, count: number) => void | Promise<void> = () => undefined) {
  const counts = new Map<string, number>();
  const fileSystem = new MemoryFileSystem({
    before: (procedure) => {
      const count = (counts.get(procedure) ?? 0) + 1;
      counts.set(procedure, count);
      return before(procedure, count);
    },
  });
  fileSystem.addFile('vm/disk', content);
  const pair = await startPair(fileSystem, { maxReadBytes: 8192 });
  closers.push(() => pair.server.close());
  const mount = await connectNfs({ ...pair.options, callTimeoutMs: 300, giveUpAfterMs: 2_000 });
  closers.push(() => mount.close());
  return { ...pair, mount, counts };
}

describe('a lost server', () => {
  it('is read on after its connections were cut in the middle', async () => {
    const { server, mount } = await setUp((procedure, count) => {
      if (procedure === 'READ' && count % 17 === 0) server.dropConnections();
    });
    const file = await mount.open('vm/disk');
    const target = new Uint8Array(content.length);
    await file.read(0, target);
    expect(Buffer.compare(target, content)).toBe(0);
    expect(mount.counters.reconnects).toBeGreaterThan(0);
  });

  it('is read on when it was stopped and came back', async () => {
    let stop = false;
    const { server, fileSystem, mount } = await setUp((procedure, count) => {
      if (procedure === 'READ' && count === 20) stop = true;
    });
    const file = await mount.open('vm/disk');
    const target = new Uint8Array(content.length);
    const reading = file.read(0, target);
    await expect.poll(() => stop).toBe(true);
    await server.close();
    const back = await createNfsServer({
      fileSystem,
      address: '127.0.0.1',
      nfsPort: server.nfsPort,
      mountPort: 0,
      maxReadBytes: 8192,
      clock: systemClock,
    });
    closers.push(() => back.close());
    await reading;
    expect(Buffer.compare(target, content)).toBe(0);
  });

  it('is given up with its reason after the bound, and the mount works again when it is back', async () => {
    const { server, fileSystem, mount } = await setUp();
    const file = await mount.open('vm/disk');
    await server.close();
    await expect(file.read(0, new Uint8Array(10))).rejects.toMatchObject({ code: 'L-NET-111' });
    const { nfsPort } = server;
    const back = await createNfsServer({
      fileSystem,
      address: '127.0.0.1',
      nfsPort,
      mountPort: 0,
      clock: systemClock,
    });
    closers.push(() => back.close());
    await file.read(0, new Uint8Array(10));
  });

  it('that does not answer a call is dialled again', async () => {
    const { mount, counts } = await setUp((procedure, count) =>
      procedure === 'READ' && count <= 2
        ? new Promise<void>((resolve) => setTimeout(resolve, 900))
        : undefined,
    );
    const file = await mount.open('vm/disk');
    const target = new Uint8Array(8192);
    await file.read(8192, target);
    expect(Buffer.compare(target, content.subarray(8192, 16384))).toBe(0);
    expect(counts.get('READ')).toBe(3);
  });
});

describe('a server that answers with', () => {
  it('JUKEBOX is asked again', async () => {
    const { mount } = await setUp((procedure, count) => {
      if (procedure === 'READ' && count < 4) throw new NfsStatusError('JUKEBOX');
    });
    const file = await mount.open('vm/disk');
    await file.read(0, new Uint8Array(100));
  });

  it('JUKEBOX for ever is given up as busy', async () => {
    const { mount } = await setUp((procedure) => {
      if (procedure === 'READ') throw new NfsStatusError('JUKEBOX');
    });
    const file = await mount.open('vm/disk');
    await expect(file.read(0, new Uint8Array(1))).rejects.toMatchObject({ code: 'L-NET-209' });
  });

  it.each([
    ['ACCES', 'L-NET-202'],
    ['IO', 'L-NET-204'],
    ['NXIO', 'L-NET-204'],
    ['SERVERFAULT', 'L-NET-210'],
  ] as const)('%s fails at once with %s', async (status, code) => {
    const { mount, counts } = await setUp((procedure) => {
      if (procedure === 'READ') throw new NfsStatusError(status);
    });
    const file = await mount.open('vm/disk');
    await expect(file.read(0, new Uint8Array(1))).rejects.toMatchObject({ code });
    expect(counts.get('READ')).toBe(1);
  });

  it('STALE handles is walked again from MOUNT on, once', async () => {
    const { fileSystem, mount, counts } = await setUp();
    const file = await mount.open('vm/disk');
    fileSystem.generation++;
    const target = new Uint8Array(content.length);
    await file.read(0, target);
    expect(Buffer.compare(target, content)).toBe(0);
    expect(counts.get('MNT')).toBe(2);
  });

  it('another file at the path is never mixed with the first', async () => {
    const { fileSystem, mount } = await setUp();
    const file = await mount.open('vm/disk');
    fileSystem.generation++;
    fileSystem.addFile('vm/disk', content.slice().reverse());
    await expect(file.read(0, new Uint8Array(100))).rejects.toMatchObject({ code: 'L-NET-213' });
  });

  it('STALE also after looking up again is an error', async () => {
    const { mount } = await setUp((procedure) => {
      if (procedure === 'READ') throw new NfsStatusError('STALE');
    });
    const file = await mount.open('vm/disk');
    await expect(file.read(0, new Uint8Array(100))).rejects.toMatchObject({ code: 'L-NET-203' });
  });
});
