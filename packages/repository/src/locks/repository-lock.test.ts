import { isoTime } from '@leeward/core';
import { ManualClock, systemClock, systemRandomness } from '@leeward/platform';
import { describe, expect, it } from 'vitest';
import { hostIdentity } from '../open/host-identity.ts';
import { Repository } from '../open/repository.ts';
import { initTestRepository } from '../testing/fixture.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { RepositoryLock } from './repository-lock.ts';

const minute = 60_000;

/** Time stands still except by `advance`; waiting for the recheck takes none. */
class TestClock extends ManualClock {
  override async sleep(): Promise<void> {}
}

async function withManualClock() {
  const made = await initTestRepository(temporaryFolder());
  const clock = new TestClock(systemClock.now());
  const tools = { clock, randomness: systemRandomness };
  const repository = new Repository(made.backend, made.config, made.keys, made.keyId, tools);
  return { repository, clock };
}

function acquire(repository: Repository, exclusive: boolean): Promise<RepositoryLock> {
  return RepositoryLock.acquire(repository, { exclusive });
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
    const { repository } = await withManualClock();
    const first = await acquire(repository, false);
    const second = await acquire(repository, false);
    await expect(acquire(repository, true)).rejects.toMatchObject({ code: 'L-REP-106' });
    await first.release();
    await second.release();
    const alone = await acquire(repository, true);
    await expect(acquire(repository, false)).rejects.toMatchObject({ code: 'L-REP-106' });
    await alone.release();
    await alone.release();
    expect(await lockNames(repository)).toEqual([]);
  });

  it('respects a lock of somebody else and names the holder', async () => {
    const { repository } = await withManualClock();
    await foreignLock(repository, true, 29 * minute);
    const attempt = acquire(repository, false);
    await expect(attempt).rejects.toMatchObject({ details: { holder: 'anna@elsewhere (process 4711)' } });
    expect(await lockNames(repository)).toHaveLength(1);
  });

  it('waits a moment for an exclusive lock to go, but only for a share', async () => {
    const { repository, clock } = await withManualClock();
    const name = await foreignLock(repository, true, minute);
    let waits = 0;
    clock.sleep = async () => {
      if (++waits === 3) await repository.backend.remove('locks', name);
    };
    await expect(acquire(repository, true)).rejects.toMatchObject({ code: 'L-REP-106' });
    expect(waits).toBe(0);
    const lock = await acquire(repository, false);
    expect(waits).toBeGreaterThanOrEqual(3);
    await lock.release();
  });

  it('does not count a stale lock, and removes it', async () => {
    const { repository } = await withManualClock();
    await foreignLock(repository, true, 31 * minute);
    const lock = await acquire(repository, true);
    expect(await lockNames(repository)).toHaveLength(1);
    await lock.release();
  });

  it('takes the lock of a dead process of this host for stale at once', async () => {
    const { repository } = await withManualClock();
    await foreignLock(repository, true, 0, 2 ** 22 - 1, hostIdentity().hostname);
    await (await acquire(repository, true)).release();
  });

  it('stays fresh for hours', async () => {
    const { repository, clock } = await withManualClock();
    const lock = await acquire(repository, false);
    const [firstName] = await lockNames(repository);
    let name = firstName;
    for (let refresh = 0; refresh < 12; refresh++) {
      const before = name;
      const later = async () => {
        await clock.advance(minute);
        return lockNames(repository);
      };
      await expect.poll(later, { timeout: 50_000 }).not.toContain(before);
      [name] = await lockNames(repository);
    }
    expect(await lockNames(repository)).toHaveLength(1);
    await expect(acquire(repository, true)).rejects.toMatchObject({ code: 'L-REP-106' });
    await lock.release();
  });

  it('tells the holder when it can no longer be refreshed', async () => {
    const { repository, clock } = await withManualClock();
    const lock = await acquire(repository, false);
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
