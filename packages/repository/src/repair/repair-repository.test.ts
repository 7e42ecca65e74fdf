import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { systemClock, systemRandomness } from '@leeward/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FolderBackend } from '../backend/folder-backend.ts';
import { checkRepository } from '../check/check-repository.ts';
import { loadIndex } from '../index/load-index.ts';
import { RepositoryLock } from '../locks/repository-lock.ts';
import { Repository } from '../open/repository.ts';
import { restorePoint } from '../restore/restore-point.ts';
import { findPoint } from '../snapshots/points.ts';
import { diskContent } from '../testing/disk-content.ts';
import { initTestRepository, storeTestPoint, testPassword } from '../testing/fixture.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { repairRepository, takeOutDamagedPacks } from './repair-repository.ts';

const mib = 2 ** 20;
const tools = { clock: systemClock, randomness: systemRandomness };
const repair = (path: string, packs?: readonly string[]) =>
  repairRepository({ path, password: testPassword, ...tools, packs });

const disks = { first: diskContent(4 * mib, 1), second: diskContent(3 * mib, 2) };
type Name = keyof typeof disks;
const store = (repository: Repository, name: Name) =>
  storeTestPoint(repository, { vmName: name, disks: [{ name, content: disks[name] }] });

/** Two points, each with packs of its own. */
async function twoPoints() {
  const path = temporaryFolder();
  const repository = await initTestRepository(path, 256 * 1024);
  const points = { first: await store(repository, 'first'), second: await store(repository, 'second') };
  return { path, repository, points };
}

const packsIn = (path: string) =>
  readdirSync(join(path, 'data'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();

function flip(path: string, at: number): void {
  const content = readFileSync(path);
  content[at] = (content[at] ?? 0) ^ 0x40;
  writeFileSync(path, content);
}

async function isRestored(repository: Repository, point: string, name: Name): Promise<boolean> {
  const targetFolder = join(temporaryFolder(), 'restored');
  const found = await findPoint(repository, point);
  const { disks: restored } = await restorePoint(repository, found, { targetFolder, workers: 1 });
  return readFileSync(restored[0]?.flatPath ?? '').equals(disks[name]);
}

/** What a check finds. */
async function codesOf(repository: Repository): Promise<string[]> {
  const { problems } = await checkRepository(repository, { readData: true });
  return [...new Set(problems.map(({ error }) => error.code))];
}

/**
 * Stores both points once more: the new ones are whole. Of the old ones the tree at the top has the time in it, so
 * those whose top was lost stay damaged.
 */
async function storeAgain(repository: Repository, old: Readonly<Record<Name, string>>): Promise<void> {
  for (const name of ['first', 'second'] as const) await store(repository, name);
  const { points } = await checkRepository(repository, { readData: true });
  const isOld = (id: string) => Object.values(old).includes(id);
  expect(points.filter(({ id }) => !isOld(id)).map(({ damagedPaths }) => damagedPaths)).toEqual([[], []]);
}

type Damage = 'flip' | 'cut' | 'gone';
const hurt = (path: string, how: Damage, at: number) => {
  if (how === 'gone') rmSync(path);
  else if (how === 'cut') truncateSync(path, at);
  else flip(path, at);
};

describe('repair', () => {
  it('does nothing to a sound repository, and needs no lock for itself', async () => {
    const { path, repository } = await twoPoints();
    const before = [readdirSync(join(path, 'index')), packsIn(path)];
    const lock = await RepositoryLock.acquire(repository, { exclusive: false });
    expect(await repair(path)).toEqual({ packs: [], indexFilesRemoved: 0, indexFilesWritten: 0 });
    await lock.release();
    expect([readdirSync(join(path, 'index')), packsIn(path)]).toEqual(before);
    expect(readdirSync(join(path, 'locks'))).toEqual([]);
  });

  it('after it, what was lost is stored again, and every point is whole, whatever the damage was', async () => {
    const damage = fc.record({
      pack: fc.nat(),
      how: fc.constantFrom<Damage>('flip', 'flip', 'cut', 'gone'),
      place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(damage, { minLength: 1, maxLength: 4 }), async (damages) => {
        const { path, repository, points } = await twoPoints();
        const packs = packsIn(path);
        const hit = new Set<string>();
        for (const { pack, how, place } of damages) {
          const victim = packs[pack % packs.length] ?? '';
          if (hit.has(victim)) continue;
          hit.add(victim);
          hurt(victim, how, Math.floor(place * readFileSync(victim).length));
        }
        const found = await checkRepository(repository, { readData: true });
        const damaged = [...hit].map((pack) => basename(pack)).toSorted();
        expect([...found.damagedPacks].toSorted()).toEqual(damaged);
        const report = await repair(path);
        expect(report.packs.map(({ packId }) => packId).toSorted()).toEqual(damaged);
        expect((await codesOf(repository)).filter((code) => code !== 'L-REP-113')).toEqual([]);
        for (const pack of hit) expect(existsSync(pack)).toBe(false);
        await storeAgain(repository, points);
      }),
      { numRuns: 6 },
    );
  }, 120_000);

  it('rescues what is whole in a damaged pack, and counts what is lost', async () => {
    const { path, repository, points } = await twoPoints();
    const { index } = await loadIndex(repository);
    const data = packsIn(path).filter((pack) => packHolds(index, basename(pack), 'data'));
    const [victim = ''] = data;
    flip(victim, 100);
    const [pack, ...others] = (await repair(path)).packs;
    expect(others).toEqual([]);
    expect(pack).toMatchObject({ packId: basename(victim), lostBlobs: 1 });
    expect(pack?.rescuedBlobs).toBeGreaterThan(5);
    expect(pack?.problem.code).toBe('L-REP-111');
    expect(pack?.setAsideAt && existsSync(pack.setAsideAt)).toBe(true);
    const { points: checked, damagedPacks } = await checkRepository(repository, { readData: true });
    expect([checked.filter(({ damagedPaths }) => damagedPaths.length > 0).length, damagedPacks]).toEqual([
      1,
      [],
    ]);
    // The same blocks again: what was lost is whole in the old point too.
    await storeAgain(repository, points);
    expect(await codesOf(repository)).toEqual([]);
    expect(await isRestored(repository, points.first, 'first')).toBe(true);
    expect(await isRestored(repository, points.second, 'second')).toBe(true);
  });

  it('rescues a pack of which only header or name are wrong, without any loss', async () => {
    const { path, repository } = await twoPoints();
    for (const pack of packsIn(path)) flip(pack, readFileSync(pack).length - 20);
    const { packs } = await repair(path);
    expect(packs.map(({ lostBlobs }) => lostBlobs)).toEqual([0, 0, 0, 0]);
    expect(await codesOf(repository)).toEqual([]);
  });

  it('looks only at the packs that it is told', async () => {
    const { path } = await twoPoints();
    const [one = '', two = ''] = packsIn(path);
    for (const pack of [one, two]) flip(pack, 50);
    const { packs } = await repair(path, [basename(two), 'f'.repeat(64)]);
    expect(packs.map(({ packId }) => packId)).toEqual([basename(two)]);
    expect((await repair(path)).packs.map(({ packId }) => packId)).toEqual([basename(one)]);
  });

  it('is refused while somebody else uses the repository', async () => {
    const { path, repository } = await twoPoints();
    for (const pack of packsIn(path)) flip(pack, 50);
    const lock = await RepositoryLock.acquire(repository, { exclusive: false });
    const before = readdirSync(join(path, 'index'));
    await expect(repair(path)).rejects.toMatchObject({ code: 'L-REP-106' });
    expect(readdirSync(join(path, 'index'))).toEqual(before);
    await lock.release();
    expect((await repair(path)).packs).toHaveLength(4);
  });

  it('harms nothing when it dies at any moment, and the next one ends what it began', async () => {
    for (let change = 0, died = true; died; change++) {
      const { path, repository, points } = await twoPoints();
      const [one = '', two = '', ...sound] = packsIn(path);
      for (const pack of [one, two]) flip(pack, 60);
      const dying = new Dying(path, change);
      const { config, keys, keyId } = repository;
      died = await takeOutDamagedPacks(new Repository(dying, config, keys, keyId, tools), {}).then(
        () => false,
        (error: unknown) => {
          expect(String(error)).toContain('power cut');
          return true;
        },
      );
      // The lock of a dead process does not count.
      rmSync(join(path, 'locks'), { recursive: true });
      await takeOutDamagedPacks(repository, {});
      expect((await codesOf(repository)).filter((code) => code !== 'L-REP-113')).toEqual([]);
      for (const pack of sound) expect(existsSync(pack)).toBe(true);
      await storeAgain(repository, points);
      expect(change).toBeLessThan(40);
    }
  }, 120_000);
});

function packHolds(index: Awaited<ReturnType<typeof loadIndex>>['index'], packId: string, type: string) {
  for (let entry = 0; entry < index.table.count; entry++)
    if (index.placeOf(entry).packId === packId) return index.table.typeOf(entry) === type;
  return false;
}

/** Dies at its n-th change. */
class Dying extends FolderBackend {
  #changesLeft: number;

  constructor(path: string, change: number) {
    super(path);
    this.#changesLeft = change;
  }

  override async save(...given: Parameters<FolderBackend['save']>) {
    this.#countDown();
    return super.save(...given);
  }

  override async stage(...given: Parameters<FolderBackend['stage']>) {
    this.#countDown();
    return super.stage(...given);
  }

  override async remove(...given: Parameters<FolderBackend['remove']>) {
    this.#countDown();
    return super.remove(...given);
  }

  override async setAside(...given: Parameters<FolderBackend['setAside']>) {
    this.#countDown();
    return super.setAside(...given);
  }

  #countDown(): void {
    if (this.#changesLeft-- <= 0) throw new Error('power cut');
  }
}
