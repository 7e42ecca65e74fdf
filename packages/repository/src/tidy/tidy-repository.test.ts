import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ManualClock, systemClock, systemRandomness } from '@leeward/platform';
import { describe, expect, it } from 'vitest';
import { unfinishedName } from '../backend/unfinished-files.ts';
import { RepositoryLock } from '../locks/repository-lock.ts';
import { openRepository } from '../open/open-repository.ts';
import { initTestRepository, storeTestPoint, testPassword } from '../testing/fixture.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { manySmallIndexFiles, tidyRepository } from './tidy-repository.ts';

const tools = { clock: systemClock, randomness: systemRandomness };
const tidy = (path: string, clock = tools.clock) =>
  tidyRepository({ path, password: testPassword, ...tools, clock });
const name = 'ab'.repeat(32);
const twoHoursMs = 2 * 3_600_000;

/** Writes a half written file under a name, as old as it is to be. */
function leave(path: string, ageMs: number): string {
  writeFileSync(path, 'half');
  const seconds = (systemClock.now() - ageMs) / 1_000;
  utimesSync(path, seconds, seconds);
  return path;
}

/** The name that a process which has ended would have used. */
function nameOfDead(path: string): string {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  return unfinishedName(path).replace(`-${process.pid}-`, `-${pid}-`);
}

describe('half written files', () => {
  it('of a dead process of this host go, from every folder, once they are old', async () => {
    const path = temporaryFolder();
    await initTestRepository(path);
    const dead = ['data/ab', 'index', 'snapshots', 'locks', 'keys', '.'].map((folder) =>
      leave(nameOfDead(join(path, folder, name)), twoHoursMs),
    );
    const young = leave(nameOfDead(join(path, 'data/ab', name)), 1_000);
    expect(await tidy(path)).toMatchObject({ unfinishedRemoved: dead.length });
    expect(dead.filter((file) => existsSync(file))).toEqual([]);
    expect(existsSync(young)).toBe(true);
    const later = new ManualClock(systemClock.now() + twoHoursMs);
    expect(await tidy(path, later)).toMatchObject({ unfinishedRemoved: 1 });
  });

  it('of living processes, of other hosts and of other programs stay', async () => {
    const path = temporaryFolder();
    await initTestRepository(path);
    const place = join(path, 'data', 'ab', name);
    const [, host = ''] = /-tmp-([0-9a-f]+)-/.exec(basename(unfinishedName(place))) ?? [];
    const kept = [
      unfinishedName(place),
      nameOfDead(place).replace(host, '0123456789abcdef'),
      `${place}-tmp-123456789`,
      `${place}-tmp-0a0b0c0d`,
      `${place}.partial`,
    ].map((file) => leave(file, 10 * twoHoursMs));
    expect(await tidy(path)).toMatchObject({ unfinishedRemoved: 0 });
    expect(readdirSync(join(path, 'data', 'ab')).toSorted()).toEqual(
      kept.map((file) => basename(file)).toSorted(),
    );
  });
});

describe('small index files', () => {
  async function withMany(): Promise<string> {
    const path = temporaryFolder();
    const repository = await initTestRepository(path);
    for (let point = 0; point < manySmallIndexFiles; point++) {
      const content = Buffer.from(systemRandomness.bytes(1_024));
      await storeTestPoint(repository, { vmName: 'vm', disks: [{ name: 'd', content }] });
    }
    return path;
  }
  const indexFiles = (path: string) => readdirSync(join(path, 'index'));

  it('are merged when there are many, and not before', async () => {
    const path = await withMany();
    const report = { indexFilesRemoved: manySmallIndexFiles, indexFilesWritten: 1, postponed: false };
    expect(await tidy(path)).toMatchObject(report);
    expect(indexFiles(path)).toHaveLength(1);
    expect(readdirSync(join(path, 'locks'))).toEqual([]);
    expect(await tidy(path)).toMatchObject({ indexFilesRemoved: 0, postponed: false });
  });

  it('wait while somebody else uses the repository', async () => {
    const path = await withMany();
    const opened = await openRepository({ path, password: testPassword, ...tools });
    const lock = await RepositoryLock.acquire(opened, { exclusive: false });
    expect(await tidy(path)).toMatchObject({ indexFilesRemoved: 0, postponed: true });
    expect(indexFiles(path)).toHaveLength(manySmallIndexFiles);
    await lock.release();
    expect(await tidy(path)).toMatchObject({ indexFilesWritten: 1 });
  });
});
