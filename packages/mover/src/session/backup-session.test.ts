import { readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Extent } from '@leeward/core';
import { SeededRandomness } from '@leeward/platform';
import { checkRepository, findPoint, listPoints, restorePoint } from '@leeward/repository';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BackupFixture } from '../testing/backup-fixture.ts';

const mib = 2 ** 20;
const block = 256 * 1024;

async function restoredDisk(fixture: BackupFixture, snapshotId: string): Promise<Buffer> {
  const repository = await fixture.openRepository();
  const targetFolder = join(temporaryFolder(), 'restored');
  const point = await findPoint(repository, snapshotId);
  const { disks } = await restorePoint(repository, point, { targetFolder, workers: 1 });
  return readFileSync(disks[0]?.flatPath ?? '');
}

/** Changes parts of the disk; returns areas that cover them, wider and in no order, as CBT may tell. */
function change(content: Buffer, seed: number): Extent[] {
  const random = new SeededRandomness(seed);
  const areas: Extent[] = [];
  for (let count = Math.floor(random.fraction() * 6); count > 0; count--) {
    const at = Math.floor(random.fraction() * content.length);
    const length = Math.min(content.length - at, Math.floor(random.fraction() * 700_000));
    if (random.fraction() < 0.4) content.fill(0, at, at + length);
    else content.set(diskContent(length, seed + count), at);
    const before = Math.min(at, Math.floor(random.fraction() * 100_000));
    areas.push({
      offsetBytes: at - before,
      lengthBytes: length + before + Math.floor(random.fraction() * 100_000),
    });
  }
  return areas.reverse();
}

describe('backup session', () => {
  it('gives every point of every generation back byte for byte', async () => {
    const generation = fc.record({
      seed: fc.nat(1e6),
      growBytes: fc.constantFrom(0, 0, 512, 300_032, 600_064),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1e6),
        fc.integer({ min: 1, max: 12_000 }),
        fc.array(generation, { minLength: 1, maxLength: 4 }),
        async (seed, sectors, generations) => {
          const fixture = await BackupFixture.create(temporaryFolder());
          const session = await fixture.openSession();
          let content = diskContent(sectors * 512, seed);
          const first = await fixture.backUp(session, content);
          const points = [{ id: first.snapshotId, content: Buffer.from(content) }];
          for (const { seed: changeSeed, growBytes } of generations) {
            content = Buffer.concat([content, diskContent(growBytes, changeSeed)]);
            const areas = change(content, changeSeed);
            const parent = { snapshotId: points.at(-1)?.id ?? '', diskName: 'disk' };
            const { snapshotId, result } = await fixture.backUp(session, content, areas, parent);
            expect(result.warnings).toEqual([]);
            points.push({ id: snapshotId, content: Buffer.from(content) });
          }
          await session.close();
          const report = await checkRepository(await fixture.openRepository(), { readData: true });
          expect(report).toMatchObject({ ok: true });
          for (const point of points) {
            expect((await restoredDisk(fixture, point.id)).equals(point.content)).toBe(true);
          }
        },
      ),
      { numRuns: 5 },
    );
  }, 300_000);

  it('reads only the blocks that changed and stores only what is new', async () => {
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession();
    const content = diskContent(8 * mib, 3);
    const { snapshotId, result: full } = await fixture.backUp(session, content);
    expect(full).toMatchObject({ bytesRead: 8 * mib, blocksTotal: 32, bytesChanged: 8 * mib });
    content.fill(1, 2 * block - 10, 2 * block + 10);
    const areas = [{ offsetBytes: 2 * block - 10, lengthBytes: 20 }];
    const { result } = await fixture.backUp(session, content, areas, { snapshotId, diskName: 'disk' });
    expect(result).toMatchObject({ bytesRead: 2 * block, bytesChanged: 20 });
    expect(result.blocksNew).toBeLessThanOrEqual(2);
    await session.close();
  });

  it('uses the tree of an unchanged disk again', async () => {
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession();
    const content = diskContent(3 * mib, 4);
    const { snapshotId, result: full } = await fixture.backUp(session, content);
    const { result } = await fixture.backUp(session, content, [], { snapshotId, diskName: 'disk' });
    expect(result).toMatchObject({ bytesRead: 0, bytesStored: 0, extentTrees: full.extentTrees });
    await session.close();
  });

  it('stores zeros once, and duplicates of two disks at the same time once', async () => {
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession();
    const content = Buffer.concat([diskContent(6 * mib, 5), Buffer.alloc(20 * mib)]);
    const disks = ['a', 'b', 'c'].map((diskName) =>
      session.backupDisk({
        diskName,
        source: fixture.writeDisk(diskName, content),
        changed: 'all',
        checkpointFolder: fixture.checkpointFolder(),
      }),
    );
    const results = await Promise.all(disks);
    const distinct = new Set(
      Array.from({ length: 104 }, (_, at) => content.toString('latin1', at * block, (at + 1) * block)),
    );
    expect(results.reduce((sum, { blocksNew }) => sum + blocksNew, 0)).toBe(distinct.size);
    for (const { blocksZero } of results) expect(blocksZero).toBeGreaterThanOrEqual(80);
    const { snapshotId } = await session.commitPoint(fixture.pointOf(results, 'r'));
    await session.close();
    expect((await restoredDisk(fixture, snapshotId)).equals(content)).toBe(true);
  });

  it('takes areas without a parent as what is not zero', async () => {
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession();
    const content = Buffer.alloc(4 * mib + 512);
    content.fill(7, mib, mib + 100);
    const { snapshotId, result } = await fixture.backUp(session, content, [
      { offsetBytes: mib, lengthBytes: 100 },
    ]);
    expect(result.bytesRead).toBe(block);
    await session.close();
    expect((await restoredDisk(fixture, snapshotId)).equals(content)).toBe(true);
  });

  it('commits the same run once', async () => {
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession();
    const { result } = await fixture.backUp(session, diskContent(mib, 6));
    const first = await session.commitPoint(fixture.pointOf([result], 'again'));
    const second = await session.commitPoint(fixture.pointOf([result], 'again'));
    expect(first.existed).toBe(false);
    expect(second).toEqual({ snapshotId: first.snapshotId, existed: true });
    await session.close();
    const later = await fixture.openSession();
    expect(await later.commitPoint(fixture.pointOf([result], 'again'))).toEqual(second);
    await later.close();
    expect((await listPoints(await fixture.openRepository())).points).toHaveLength(2);
  });

  it('reads everything, with a warning, where the parent cannot be used', async () => {
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession();
    const content = diskContent(2 * mib, 7);
    const { snapshotId } = await fixture.backUp(session, content);
    for (const parent of [
      { snapshotId: 'f'.repeat(64), diskName: 'disk' },
      { snapshotId, diskName: 'another disk' },
    ]) {
      const backup = await fixture.backUp(session, content, [], parent);
      expect(backup.result.bytesRead).toBe(2 * mib);
      expect(backup.result.warnings).toMatchObject([{ code: 'L-REP-126' }]);
      expect((await restoredDisk(fixture, backup.snapshotId)).equals(content)).toBe(true);
    }
    await session.close();
  });

  it('heals blocks that the repository has lost', async () => {
    const fixture = await BackupFixture.create(temporaryFolder());
    const content = diskContent(6 * mib, 8);
    const session = await fixture.openSession();
    const { snapshotId } = await fixture.backUp(session, content);
    await session.close();
    const repository = await fixture.openRepository();
    const names: string[] = [];
    for await (const { name } of repository.backend.list('index')) names.push(name);
    for (const name of names) await repository.backend.remove('index', name);
    const later = await fixture.openSession();
    const healed = await fixture.backUp(later, content, [], { snapshotId, diskName: 'disk' });
    await later.close();
    expect(healed.result.bytesRead).toBe(6 * mib);
    expect((await restoredDisk(fixture, healed.snapshotId)).equals(content)).toBe(true);
    expect((await restoredDisk(fixture, snapshotId)).equals(content)).toBe(true);
  });

  it('ends one disk whose source fails and finishes the others', async () => {
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession();
    const content = diskContent(12 * mib, 9);
    const short = fixture.writeDisk('short', content);
    if (short.kind === 'file') truncateSync(short.path, 7 * mib);
    const backup = (diskName: string, source: typeof short) =>
      session.backupDisk({ diskName, source, changed: 'all', checkpointFolder: fixture.checkpointFolder() });
    const [bad, good] = await Promise.allSettled([
      backup('short', short),
      backup('good', fixture.writeDisk('good', content)),
    ]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'L-REP-130' } });
    expect(good.status).toBe('fulfilled');
    await session.close();
    expect(await checkRepository(await fixture.openRepository(), { readData: true })).toMatchObject({
      ok: true,
    });
  });

  it.each([
    ['goes on where it was after a cancel', 'T1', 60 * block],
    ['reads all of it once more when the disk was frozen once more', 'T2', 0],
  ])('%s', async (_what, frozenAt, bytesResumed) => {
    const fixture = await BackupFixture.create(temporaryFolder());
    const checkpointFolder = fixture.checkpointFolder();
    const stop = new AbortController();
    const session = await fixture.openSession();
    const options = { diskName: 'disk', changed: 'all', checkpointFolder } as const;
    const cancelled = session.backupDisk({
      ...options,
      frozenAt: 'T1',
      source: fixture.writeDisk('first', diskContent(40 * mib, 10)),
      signal: stop.signal,
      progressEveryMs: 0,
      onProgress: ({ blocksDone }) => {
        if (blocksDone >= 60) stop.abort(new Error('cancelled'));
      },
    });
    await expect(cancelled).rejects.toThrow('cancelled');
    const content = diskContent(40 * mib, frozenAt === 'T1' ? 10 : 11);
    const source = fixture.writeDisk('second', content);
    const result = await session.backupDisk({ ...options, frozenAt, source });
    expect(result.bytesResumed > 0).toBe(bytesResumed > 0);
    expect(result.bytesResumed).toBeGreaterThanOrEqual(bytesResumed);
    expect(result).toMatchObject({ bytesRead: 40 * mib, blocksTotal: 160 });
    const { snapshotId } = await session.commitPoint(fixture.pointOf([result], 'r'));
    await session.close();
    expect((await restoredDisk(fixture, snapshotId)).equals(content)).toBe(true);
  });

  it('stores nothing when somebody else locks the repository at the same moment', async () => {
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession();
    const time = new Date().toISOString();
    const lock = {
      time,
      exclusive: true,
      hostname: 'elsewhere',
      username: 'anna',
      pid: 4711,
      uid: 0,
      gid: 0,
    };
    await session.repository.saveJson('locks', lock);
    const backup = fixture.backUp(session, diskContent(8 * mib, 13));
    await expect(backup).rejects.toMatchObject({ code: 'L-REP-106' });
    await session.close();
    const repository = await fixture.openRepository();
    for (const kind of ['data', 'index', 'snapshots'] as const)
      for await (const { name } of repository.backend.list(kind)) expect.unreachable(`${kind} ${name}`);
    const locks: string[] = [];
    for await (const { name } of repository.backend.list('locks')) locks.push(name);
    expect(locks).toHaveLength(1);
  });

  it('leaves no half written file when it is closed in the middle of a disk', async () => {
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession({ packBytes: 16 * mib });
    let begun = () => {};
    const underWay = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const backup = session.backupDisk({
      diskName: 'disk',
      source: fixture.writeDisk('disk', diskContent(48 * mib, 14)),
      changed: 'all',
      checkpointFolder: fixture.checkpointFolder(),
      progressEveryMs: 0,
      onProgress: ({ blocksDone }) => blocksDone >= 40 && begun(),
    });
    backup.catch(() => undefined);
    await underWay;
    await session.close();
    const names = readdirSync(fixture.repositoryPath, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => name.includes('-tmp-'))).toEqual([]);
    expect(await checkRepository(await fixture.openRepository(), { readData: true })).toMatchObject({
      ok: true,
    });
  });

  it('refuses what is no virtual disk', async () => {
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession();
    await expect(fixture.backUp(session, Buffer.alloc(1000))).rejects.toMatchObject({ code: 'L-REP-127' });
    await session.close();
  });

  it('fails typed, and leaves a sound repository, when the repository goes away', async () => {
    const fixture = await BackupFixture.create(temporaryFolder());
    const session = await fixture.openSession();
    const { snapshotId } = await fixture.backUp(session, diskContent(2 * mib, 11));
    rmSync(join(fixture.repositoryPath, 'data'), { recursive: true });
    rmSync(join(fixture.repositoryPath, 'config'));
    rmSync(fixture.repositoryPath, { recursive: true });
    const backup = fixture.backUp(session, diskContent(8 * mib, 12));
    await expect(backup).rejects.toMatchObject({ code: 'L-REP-109' });
    await session.close().catch(() => undefined);
    expect(snapshotId).toHaveLength(64);
  });
});
