import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemRandomness } from '@leeward/platform';
import { describe, expect, it } from 'vitest';
import { idFromHex } from '../crypto/sha256.ts';
import { loadIndex } from '../index/load-index.ts';
import type { Repository } from '../open/repository.ts';
import { restorePoint } from '../restore/restore-point.ts';
import { findPoint, listPoints, removePoint } from '../snapshots/points.ts';
import { diskContent } from '../testing/disk-content.ts';
import { initTestRepository, storeTestPoint } from '../testing/fixture.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { checkRepository } from './check-repository.ts';

const mib = 2 ** 20;

/** Two points that share no block at all. */
async function twoPoints() {
  const path = temporaryFolder();
  const repository = await initTestRepository(path);
  const store = (vmName: string, content: Buffer) =>
    storeTestPoint(repository, { vmName, disks: [{ name: vmName, content }] });
  const first = await store('first', diskContent(4 * mib, 1));
  return {
    path,
    repository,
    first,
    second: await store('second', Buffer.from(systemRandomness.bytes(3 * mib))),
  };
}

function packPath(path: string, packId: string): string {
  return join(path, 'data', packId.slice(0, 2), packId);
}

/** The data pack of a point: both points have packs of their own. */
async function dataPackOf(repository: Repository, pointNumber: number): Promise<string> {
  const { index } = await loadIndex(repository);
  const packs: string[] = [];
  for (let entry = 0; entry < index.table.count; entry++) {
    const { packId } = index.placeOf(entry);
    if (index.table.typeOf(entry) === 'data' && !packs.includes(packId)) packs.push(packId);
  }
  const times = packs.map((packId) => statSync(packPath(repository.backend.location, packId)).mtimeMs);
  const oldestFirst = [...packs].sort(
    (a, b) => (times[packs.indexOf(a)] ?? 0) - (times[packs.indexOf(b)] ?? 0),
  );
  return oldestFirst[pointNumber] ?? '';
}

function damage(path: string, at: number): void {
  const content = readFileSync(path);
  content[at] = (content[at] ?? 0) ^ 0x40;
  writeFileSync(path, content);
}

async function restores(repository: Repository, id: string): Promise<boolean> {
  const point = await findPoint(repository, id);
  try {
    await restorePoint(repository, point, { targetFolder: join(temporaryFolder(), 'r'), workers: 1 });
    return true;
  } catch {
    return false;
  }
}

describe('check', () => {
  it('finds nothing wrong with a sound repository', async () => {
    const { repository } = await twoPoints();
    const report = await checkRepository(repository, { readData: true });
    expect(report).toMatchObject({ ok: true, problems: [], unusedPacks: 0 });
    expect(report.points.map(({ damagedPaths }) => damagedPaths)).toEqual([[], []]);
    expect(report.bytesRead).toBeGreaterThan(mib);
  });

  it('names a missing pack and exactly the point that needs it', async () => {
    const { path, repository, first, second } = await twoPoints();
    const packId = await dataPackOf(repository, 0);
    rmSync(packPath(path, packId));
    const report = await checkRepository(repository);
    expect(report.ok).toBe(false);
    expect(report.problems).toMatchObject([{ packId, error: { code: 'L-REP-110' } }]);
    expect(report.points.find(({ id }) => id === first)?.damagedPaths).toContain(
      '/first/first.extents/0000/first-f0001.vmdk',
    );
    expect(report.points.find(({ id }) => id === second)?.damagedPaths).toEqual([]);
    expect([await restores(repository, first), await restores(repository, second)]).toEqual([false, true]);
  });

  it('sees a pack that was cut off without reading it', async () => {
    const { path, repository } = await twoPoints();
    const packId = await dataPackOf(repository, 1);
    const content = readFileSync(packPath(path, packId));
    writeFileSync(packPath(path, packId), content.subarray(0, content.length - 1));
    const report = await checkRepository(repository);
    expect(report.problems).toMatchObject([{ packId, error: { code: 'L-REP-111' } }]);
  });

  it('finds a single wrong bit when it reads the data, and names the block', async () => {
    const { path, repository, first, second } = await twoPoints();
    const packId = await dataPackOf(repository, 1);
    damage(packPath(path, packId), 5000);
    expect((await checkRepository(repository)).ok).toBe(true);
    const report = await checkRepository(repository, { readData: true });
    expect(report.problems.map(({ error }) => error.code).sort()).toEqual(['L-REP-111', 'L-REP-112']);
    expect(report.points.find(({ id }) => id === first)?.damagedPaths).toEqual([]);
    expect(report.points.find(({ id }) => id === second)?.damagedPaths).not.toEqual([]);
    const restore = restorePoint(repository, await findPoint(repository, second), {
      targetFolder: join(temporaryFolder(), 'r'),
    });
    await expect(restore).rejects.toMatchObject({ code: 'L-REP-112', details: { pack: packId } });
  });

  it('restores from another copy of a damaged block', async () => {
    const { path, repository, first } = await twoPoints();
    const packId = await dataPackOf(repository, 0);
    // Another writer that did not know the index stores everything once more.
    const names = await indexNames(repository);
    const kept = await Promise.all(names.map((name) => repository.backend.load('index', name)));
    for (const name of names) await repository.backend.remove('index', name);
    const disks = [{ name: 'first', content: diskContent(4 * mib, 1) }];
    await storeTestPoint(repository, { vmName: 'first', disks });
    for (const [at, name] of names.entries())
      await repository.backend.save('index', name, kept[at] ?? Buffer.alloc(0));
    damage(packPath(path, packId), 5000);
    expect(await restores(repository, first)).toBe(true);
  });

  it('names a damaged index and keeps the other point usable', async () => {
    const { path, repository, first, second } = await twoPoints();
    const [name = ''] = await indexNames(repository);
    damage(join(path, 'index', name), 40);
    const report = await checkRepository(repository);
    expect(report.problems[0]?.error).toMatchObject({ code: 'L-REP-111', details: { kind: 'index', name } });
    const usable = report.points.filter(({ damagedPaths }) => damagedPaths.length === 0);
    expect(usable).toHaveLength(1);
    for (const id of [first, second]) expect(await restores(repository, id)).toBe(usable[0]?.id === id);
  });

  it('names a damaged snapshot file and lists the others', async () => {
    const { path, repository, first, second } = await twoPoints();
    damage(join(path, 'snapshots', first), 40);
    const { points, damage: damaged } = await listPoints(repository);
    expect(points.map(({ id }) => id)).toEqual([second]);
    expect(damaged).toMatchObject([{ code: 'L-REP-111', details: { name: first } }]);
    expect((await checkRepository(repository)).ok).toBe(false);
  });

  it('counts packs that nothing mentions', async () => {
    const { repository } = await twoPoints();
    for (const name of await indexNames(repository)) await repository.backend.remove('index', name);
    for (const { id } of (await listPoints(repository)).points) await removePoint(repository, id);
    expect(await checkRepository(repository)).toMatchObject({ ok: true, packs: 0, unusedPacks: 4 });
  });
});

describe('points', () => {
  it('are found by the beginning of their id', async () => {
    const { repository, first } = await twoPoints();
    expect((await findPoint(repository, first.slice(0, 8))).id).toBe(first);
    await expect(findPoint(repository, 'f'.repeat(64))).rejects.toMatchObject({ code: 'L-REP-116' });
    await expect(findPoint(repository, '')).rejects.toMatchObject({ code: 'L-REP-116' });
  });

  it('are gone when they are removed, and removing is repeatable', async () => {
    const { repository, first, second } = await twoPoints();
    await removePoint(repository, first);
    await removePoint(repository, first);
    expect((await listPoints(repository)).points.map(({ id }) => id)).toEqual([second]);
    expect(idFromHex(second)).toHaveLength(32);
  });
});

async function indexNames(repository: Repository): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of repository.backend.list('index')) names.push(name);
  return names;
}
