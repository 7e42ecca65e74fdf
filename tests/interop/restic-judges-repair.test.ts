import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BackupFixture } from '@leeward/mover/testing/backup-fixture';
import { checkRepository, findPoint, repairRepository, restorePoint } from '@leeward/repository';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { describe, expect, it } from 'vitest';
import { type Restic, resticJudges } from './restic/judges.ts';

const mib = 2 ** 20;
const judges = resticJudges();
const content = diskContent(8 * mib, 7);

/** A repository with one point of one disk. */
async function withPoint() {
  const fixture = await BackupFixture.create(temporaryFolder());
  const session = await fixture.openSession();
  const { snapshotId } = await fixture.backUp(session, content);
  await session.close();
  const { repositoryPath: path, password } = fixture;
  const { tools } = await fixture.openRepository();
  return { fixture, path, password, snapshotId, options: { path, password, ...tools } };
}

type World = Awaited<ReturnType<typeof withPoint>>;

/** Packs of the repository, those with disk data first: they are larger. */
function packsOf(path: string): string[] {
  return readdirSync(join(path, 'data'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted((a, b) => readFileSync(b).length - readFileSync(a).length);
}

function flip(pack: string, at: number): void {
  const bytes = readFileSync(pack);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(pack, bytes);
}

/** The next run: in full, as when the last point cannot serve as a base. */
async function backUpAgain({ fixture }: World, disk = content): Promise<string> {
  const session = await fixture.openSession();
  const { snapshotId } = await fixture.backUp(session, disk);
  await session.close();
  return snapshotId;
}

async function isWhole({ fixture }: World, snapshotId: string, disk = content): Promise<boolean> {
  const repository = await fixture.openRepository();
  const targetFolder = join(temporaryFolder(), 'restored');
  const { disks } = await restorePoint(repository, await findPoint(repository, snapshotId), { targetFolder });
  return readFileSync(disks[0]?.flatPath ?? '').equals(disk);
}

function checked(restic: Restic, { path, password }: World) {
  const { code, output } = restic.attempt(path, password, 'check', '--read-data');
  return { code, output };
}

const sound = { code: 0, output: expect.stringContaining('no errors were found') };

describe.skipIf(judges.length === 0).each(judges)('restic $version judges a repair', (restic) => {
  it('of a damaged block: sound for it once the block was stored again, the old point too', async () => {
    const world = await withPoint();
    const [pack = ''] = packsOf(world.path);
    flip(pack, 1_000);
    expect(checked(restic, world).code).not.toBe(0);

    const { packs } = await repairRepository(world.options);
    expect(packs).toMatchObject([{ packId: basename(pack), lostBlobs: 1 }]);
    // The block is missing now, and nothing else is wrong: no pack, no index.
    const half = checked(restic, world);
    expect(half.code).not.toBe(0);
    expect(half.output).not.toMatch(/pack [0-9a-f]+.*(does not|damaged|contains|not found)/i);

    const second = await backUpAgain(world);
    expect(checked(restic, world)).toEqual(sound);
    expect([await isWhole(world, world.snapshotId), await isWhole(world, second)]).toEqual([true, true]);
  }, 120_000);

  it('of a pack that is gone, and of one whose header is damaged', async () => {
    const world = await withPoint();
    const [gone = '', other = ''] = packsOf(world.path);
    flip(other, readFileSync(other).length - 10);
    rmSync(gone);
    expect((await repairRepository(world.options)).packs).toHaveLength(2);
    const second = await backUpAgain(world);
    expect(checked(restic, world)).toEqual(sound);
    expect([await isWhole(world, world.snapshotId), await isWhole(world, second)]).toEqual([true, true]);
  }, 120_000);

  it('what cannot be stored again goes with its point, by stock restic', async () => {
    const world = await withPoint();
    for (const pack of packsOf(world.path)) rmSync(pack);
    await repairRepository(world.options);
    // The VM has changed since.
    const later = diskContent(8 * mib, 8);
    const second = await backUpAgain(world, later);
    const repository = await world.fixture.openRepository();
    const { points } = await checkRepository(repository);
    const damaged = points.filter(({ damagedPaths }) => damagedPaths.length > 0).map(({ id }) => id);
    expect(damaged).toEqual([world.snapshotId]);
    restic.run(world.path, world.password, 'forget', ...damaged);
    expect(checked(restic, world)).toEqual(sound);
    expect(await isWhole(world, second, later)).toBe(true);
  }, 120_000);
});
