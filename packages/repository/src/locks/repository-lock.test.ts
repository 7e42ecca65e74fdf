import { isoTime } from '@leeward/core';
import { ManualClock, systemClock, systemRandomness } from '@leeward/platform';
import { describe, expect, it } from 'vitest';
import { hostIdentity } from '../open/host-identity.ts';
import { Repository } from '../open/repository.ts';
import { initTestRepository } from '../testing/fixture.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { RepositoryLock } from './repository-lock.ts';

const minute = 60_000;

async function withManualClock() {
  const made = await initTestRepository(temporaryFolder());
  const clock = new ManualClock(systemClock.now());
  const tools = { clock, randomness: systemRandomness };
  const repository = new Repository(made.backend, made.config, made.keys, made.keyId, tools);
  return { repository, clock };
}

async function acquire(
  repository: Repository,
  clock: ManualClock,
  exclusive: boolean,
): Promise<RepositoryLock> {
  const lock = RepositoryLock.acquire(repository, { exclusive });
  lock.catch(() => undefined);
  for (let turn = 0; turn < 200; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(20);
  }
  return lock;
}

async function lockNames(repository: Repository): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of repository.backend.list('locks')) names.push(name);
  return names;
}

function foreignLock(
  repository: Repository,
  exclusive: boolean,
  ageMs: number,
  pid = 4711,
  hostname = 'elsewhere',
) {
  const time = isoTime(repository.tools.clock.now() - ageMs);
  return repository.saveJson('locks', { time, exclusive, hostname, username: 'anna', pid, uid: 0, gid: 0 });
}

describe('repository lock', () => {
  it('is shared by many and exclusive to one', async () => {
    const { repository, clock } = await withManualClock();
    const first = await acquire(repository, clock, false);
    const second = await acquire(repository, clock, false);
    await expect(acquire(repository, clock, true)).rejects.toMatchObject({ code: 'L-REP-106' });
    await first.release();
    await second.release();
    const alone = await acquire(repository, clock, true);
    await expect(acquire(repository, clock, false)).rejects.toMatchObject({ code: 'L-REP-106' });
    await alone.release();
    await alone.release();
    expect(await lockNames(repository)).toEqual([]);
  });

  it('respects a lock of somebody else and names the holder', async () => {
    const { repository, clock } = await withManualClock();
    await foreignLock(repository, true, 29 * minute);
    const attempt = acquire(repository, clock, false);
    await expect(attempt).rejects.toMatchObject({ details: { holder: 'anna@elsewhere (process 4711)' } });
    expect(await lockNames(repository)).toHaveLength(1);
  });

  it('does not count a stale lock, and removes it', async () => {
    const { repository, clock } = await withManualClock();
    await foreignLock(repository, true, 31 * minute);
    const lock = await acquire(repository, clock, true);
    expect(await lockNames(repository)).toHaveLength(1);
    await lock.release();
  });

  it('takes the lock of a dead process of this host for stale at once', async () => {
    const { repository, clock } = await withManualClock();
    await foreignLock(repository, true, 0, 2 ** 22 - 1, hostIdentity().hostname);
    await (await acquire(repository, clock, true)).release();
  });

  it('stays fresh for hours', async () => {
    const { repository, clock } = await withManualClock();
    const lock = await acquire(repository, clock, false);
    const [firstName] = await lockNames(repository);
    for (let minutes = 0; minutes < 120; minutes++) {
      await clock.advance(minute);
      if (minutes % 5 === 4) await new Promise((resolve) => systemClock.after(30, () => resolve(undefined)));
    }
    const names = await lockNames(repository);
    expect(names).toHaveLength(1);
    expect(names[0]).not.toBe(firstName);
    await expect(acquire(repository, clock, true)).rejects.toMatchObject({ code: 'L-REP-106' });
    await lock.release();
  });

  it('tells the holder when it can no longer be refreshed', async () => {
    const { repository, clock } = await withManualClock();
    const lock = await acquire(repository, clock, false);
    const failing = { ...repository.backend, save: () => Promise.reject(new Error('gone')) };
    Object.defineProperty(repository, 'backend', { value: failing });
    for (let minutes = 0; minutes < 40; minutes++) {
      await clock.advance(minute);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(lock.lost.aborted).toBe(true);
    expect(lock.lost.reason).toMatchObject({ code: 'L-REP-125' });
  });
});
