import { addStageTimes, bottleneckFirst, type StageTimes } from '@leeward/core';
import { systemClock as clock } from '@leeward/platform';
import { flatMasterKeys } from '@leeward/repository';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { expect, it, onTestFinished } from 'vitest';
import { BackupFixture } from '../testing/backup-fixture.ts';
import { WorkerHandle } from './worker-handle.ts';
import { WorkerPool } from './worker-pool.ts';

const mib = 2 ** 20;
const bottleneckOf = (stageTimes: StageTimes) => bottleneckFirst([{ stageTimes }])[0]?.stage;

// What is waited for is long beside what is done, on a machine with much else to do too.

it('a source that is slow is the bottleneck, in the progress and in the result', async () => {
  const fixture = await BackupFixture.create(temporaryFolder());
  const session = await fixture.openSession();
  onTestFinished(() => session.close());
  const stagesSeen: (string | undefined)[] = [];
  const { stageTimes } = await session.backupDisk({
    diskName: 'disk',
    source: fixture.writeDisk('disk', diskContent(8 * mib, 1)),
    // Every other block, so that each is a read of its own, which waits for its turn.
    changed: Array.from({ length: 16 }, (_, at) => ({ offsetBytes: at * mib * 0.5, lengthBytes: mib / 4 })),
    checkpointFolder: fixture.checkpointFolder(),
    limitBytesPerSecond: mib,
    onProgress: (progress) => stagesSeen.push(bottleneckOf(progress.stageTimes)),
  });
  expect(bottleneckOf(stageTimes)).toBe('source');
  expect(stagesSeen.at(-1)).toBe('source');
  // The other two were there too: something was hashed and packed, and made durable at the end.
  expect(stageTimes.proxyMs).toBeGreaterThan(0);
  expect(stageTimes.repositoryMs).toBeGreaterThan(0);
});

it('a repository that lets nobody in yet is the bottleneck', async () => {
  const fixture = await BackupFixture.create(temporaryFolder());
  const { backend, keys, blockBytes } = await fixture.openRepository();
  const pool = new WorkerPool({
    clock,
    workers: [new WorkerHandle()],
    setUp: { locator: backend.locator, keys: flatMasterKeys(keys), blockBytes, packBytes: mib },
    ready: clock.sleep(4_000),
    claim: (ids) => new Uint8Array(ids.length / 32).fill(1),
    onPack: () => undefined,
  });
  onTestFinished(() => pool.stop());
  const disk = pool.addDisk(fixture.writeDisk('disk', diskContent(mib, 2)), undefined);
  const { done } = await pool.submit(disk, Uint32Array.of(0, 1, 2, 3));
  const { times } = await done;
  expect(bottleneckOf(times)).toBe('repository');
  const flushed = await pool.flush();
  expect(flushed.sourceMs).toBe(0);
  expect(addStageTimes([times, flushed]).repositoryMs).toBeGreaterThan(times.repositoryMs);
});
