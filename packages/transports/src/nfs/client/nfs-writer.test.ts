import { ManualClock, SeededRandomness, systemClock } from '@leeward/platform';
import { afterEach, describe, expect, it } from 'vitest';
import { NfsStatusError } from '../nfs-status.ts';
import { createNfsServer, type NfsServer } from '../server/nfs-server.ts';
import { MemoryFileSystem, type MemoryFileSystemOptions } from '../testing/memory-file-system.ts';
import { startPair } from '../testing/test-pair.ts';
import { NfsWriter } from './nfs-writer.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const content = new SeededRandomness(11).bytes(400_003);

async function setUp(options: MemoryFileSystemOptions = {}) {
  const pair = await startPair(new MemoryFileSystem(options), { maxWriteBytes: 16_384 });
  closers.push(() => pair.server.close());
  const writer = await NfsWriter.connect({ ...pair.options, callTimeoutMs: 1_000 });
  closers.push(() => writer.close());
  return { ...pair, writer };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'fine',
    (error) => error.code ?? String(error),
  );
}

describe('NfsWriter', () => {
  it('writes anywhere and reads it back', async () => {
    const { writer, fileSystem } = await setUp();
    await writer.makeDirectory('vm');
    const file = await writer.createFile('vm/disk');
    await writer.write(file, 5, content);
    await writer.write(file, 100, content.subarray(0, 7));
    await writer.setSize(file, 500_000);
    const expected = new Uint8Array(500_000);
    expected.set(content, 5);
    expected.set(content.subarray(0, 7), 100);
    expect(Buffer.compare(fileSystem.contentOf('vm/disk'), expected)).toBe(0);
    expect(Buffer.compare(await writer.reading.readFile('vm/disk', 500_000), expected)).toBe(0);
  });

  it('makes, renames and removes', async () => {
    const { writer } = await setUp();
    await writer.makeDirectory('a');
    await writer.createFile('a/x');
    expect(await codeOf(writer.createFile('a/x', { exclusive: true }))).toBe('L-NET-221');
    expect((await writer.createFile('a/x')).attributes.type).toBe('file');
    expect(await codeOf(writer.makeDirectory('a'))).toBe('L-NET-221');
    await writer.rename('a/x', 'y');
    expect([await writer.exists('a/x'), await writer.exists('y')]).toEqual([false, true]);
    await writer.createFile('a/z', { exclusive: true });
    expect(await codeOf(writer.removeDirectory('a'))).toBe('L-NET-224');
    await writer.remove('a/z');
    await writer.removeDirectory('a');
    expect(await writer.exists('a/z')).toBe(false);
    expect(await codeOf(writer.remove('a'))).toBe('L-NET-201');
  });

  it('gets ROFS and NOSPC as errors of the catalogue', async () => {
    const { writer } = await setUp({ readOnly: true });
    expect(await codeOf(writer.createFile('x'))).toBe('L-NET-223');
    const full = await setUp({
      before: (procedure) => {
        if (procedure === 'WRITE') throw new NfsStatusError('NOSPC');
      },
    });
    const file = await full.writer.createFile('x');
    expect(await codeOf(full.writer.write(file, 0, content))).toBe('L-NET-222');
  });

  it.each(['MKDIR', 'CREATE', 'REMOVE', 'RMDIR', 'RENAME'] as const)(
    'counts %s as done when its answer was lost',
    async (lost) => {
      let cut: (() => void) | undefined;
      const { writer, server, fileSystem } = await setUp({
        before: (procedure) => {
          if (procedure !== lost) return;
          cut?.();
          cut = undefined;
        },
      });
      fileSystem.addFile('old', content);
      fileSystem.addDirectory('olddir');
      cut = () => server.dropConnections();
      if (lost === 'MKDIR') await writer.makeDirectory('new');
      if (lost === 'CREATE') await writer.createFile('new', { exclusive: true });
      if (lost === 'REMOVE') await writer.remove('old');
      if (lost === 'RMDIR') await writer.removeDirectory('olddir');
      if (lost === 'RENAME') await writer.rename('old', 'new');
      expect(cut).toBeUndefined();
      expect(writer.reading.counters.reconnects).toBeGreaterThan(0);
      expect(await writer.exists(lost === 'RMDIR' ? 'olddir' : lost === 'REMOVE' ? 'old' : 'new')).toBe(
        lost !== 'RMDIR' && lost !== 'REMOVE',
      );
    },
  );

  it('sends everything again when the server restarted before the commit', async () => {
    let writes = 0;
    let restart: (() => void) | undefined;
    const fileSystem = new MemoryFileSystem({
      before: (procedure) => {
        if (procedure === 'WRITE') writes++;
        if (procedure !== 'COMMIT') return;
        restart?.();
        restart = undefined;
      },
    });
    const { server, options } = await startPair(fileSystem, {
      clock: new ManualClock(1_000),
      maxWriteBytes: 262_144,
    });
    const writer = await NfsWriter.connect(options);
    closers.push(() => writer.close());
    const file = await writer.createFile('disk');
    const restarted = new Promise<NfsServer>((resolve, reject) => {
      restart = () => {
        server
          .close()
          .then(() =>
            createNfsServer({
              fileSystem,
              address: '127.0.0.1',
              nfsPort: server.nfsPort,
              mountPort: 0,
              clock: systemClock,
            }),
          )
          .then(resolve, reject);
      };
    });
    closers.push(async () => (await restarted).close());
    await writer.write(file, 0, content);
    expect(writes).toBe(4);
    expect(Buffer.compare(fileSystem.contentOf('disk'), content)).toBe(0);
  });
});
