import { systemRandomness } from '@leeward/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FolderBackend } from '../backend/folder-backend.ts';
import { checkRepository } from '../check/check-repository.ts';
import { sha256 } from '../crypto/sha256.ts';
import { encodeIndex } from '../format/index-file.ts';
import { loadIndexFile } from '../index/index-file-reader.ts';
import { loadIndex } from '../index/load-index.ts';
import { Repository } from '../open/repository.ts';
import { initTestRepository, storeTestPoint } from '../testing/fixture.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { mergeIndexFiles } from './merge-index-files.ts';

const never = new AbortController().signal;

async function indexNames({ backend }: Repository): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of backend.list('index')) names.push(name);
  return names;
}

/** Every blob with its place, as a set: what the index says, whatever files say it. */
async function places(repository: Repository): Promise<string[]> {
  const { index, damage } = await loadIndex(repository);
  expect(damage).toEqual([]);
  const id = Buffer.alloc(32);
  const all = new Set<string>();
  for (let entry = 0; entry < index.table.count; entry++) {
    index.table.copyId(entry, id, 0);
    all.add(`${index.table.typeOf(entry)} ${id.toString('hex')} ${JSON.stringify(index.placeOf(entry))}`);
  }
  return [...all].sort();
}

/** A repository with an index file for each point. */
async function repositoryOf(points: number): Promise<Repository> {
  const repository = await initTestRepository(temporaryFolder());
  for (let point = 0; point < points; point++) {
    const content = Buffer.from(systemRandomness.bytes(8_192));
    await storeTestPoint(repository, { vmName: `vm-${point}`, disks: [{ name: 'disk', content }] });
  }
  return repository;
}

/** The same repository through a backend that dies at its n-th change. */
function dyingAt({ backend, config, keys, keyId, tools }: Repository, change: number): Repository {
  return new Repository(new Dying(backend.location, change), config, keys, keyId, tools);
}

class Dying extends FolderBackend {
  #changesLeft: number;

  constructor(path: string, change: number) {
    super(path);
    this.#changesLeft = change;
  }

  override async save(...given: Parameters<FolderBackend['save']>): Promise<void> {
    this.#countDown();
    return super.save(...given);
  }

  override async remove(...given: Parameters<FolderBackend['remove']>): Promise<void> {
    this.#countDown();
    return super.remove(...given);
  }

  #countDown(): void {
    if (this.#changesLeft-- === 0) throw new Error('power cut');
  }
}

describe('mergeIndexFiles', () => {
  it('makes few files of many, which say the same and what they supersede', async () => {
    const repository = await repositoryOf(6);
    const [before, names] = [await places(repository), await indexNames(repository)];
    const merged = await mergeIndexFiles(repository, never);
    expect([...merged.removed].sort()).toEqual(names.sort());
    expect(await indexNames(repository)).toEqual(merged.written);
    expect(merged.written).toHaveLength(1);
    const { supersedes } = await loadIndexFile(repository, merged.written[0] ?? '');
    expect([...supersedes].sort()).toEqual(names);
    expect(await places(repository)).toEqual(before);
    expect(await checkRepository(repository, { readData: true })).toMatchObject({ ok: true });
  });

  it('loses nothing when it dies at any moment, and the next one ends what it began', async () => {
    const points = 4;
    for (let change = 0; change <= points; change++) {
      const repository = await repositoryOf(points);
      const before = await places(repository);
      await expect(mergeIndexFiles(dyingAt(repository, change), never)).rejects.toThrow('power cut');
      expect(await places(repository)).toEqual(before);
      expect(await checkRepository(repository)).toMatchObject({ ok: true, unusedPacks: 0 });
      await mergeIndexFiles(repository, never);
      expect(await places(repository)).toEqual(before);
      expect(await indexNames(repository)).toHaveLength(1);
    }
  }, 60_000);

  it('cuts at full files, never writes a pack twice, and removes what a full file supersedes', async () => {
    const repository = await initTestRepository(temporaryFolder());
    const pack = (packId: string, count: number) => {
      const ids = Buffer.concat(
        Array.from({ length: count }, (_, at) => sha256(Buffer.from(`${packId} ${at}`))),
      );
      const places = new Uint32Array(count * 3).map((_, at) => at + 100);
      return {
        packId,
        sizeBytes: count * 4,
        type: 'data' as const,
        count,
        ids: Uint8Array.from(ids),
        places,
      };
    };
    const id = (number: number) => number.toString(16).padStart(64, '0');
    const save = (packs: ReturnType<typeof pack>[], supersedes: string[] = []) =>
      repository.saveFile('index', encodeIndex(packs, supersedes));
    // As after a crash: a full file and those that it took over.
    const a = pack(id(1), 20_000);
    const b = pack(id(2), 25_000);
    const first = await save([a]);
    const second = await save([b]);
    const full = await save([a, b], [first, second]);
    await save([pack(id(3), 4)]);
    await save([pack(id(4), 4), pack(id(3), 4)]);
    const before = await places(repository);
    const { removed, written } = await mergeIndexFiles(repository, never);
    expect(await places(repository)).toEqual(before);
    expect(removed).toEqual(expect.arrayContaining([first, second]));
    const left = await indexNames(repository);
    expect(left.sort()).toEqual([full, ...written].sort());
    const packs = (await Promise.all(left.map((name) => loadIndexFile(repository, name)))).flatMap((file) =>
      file.packs.map(({ packId }) => packId),
    );
    expect(packs.sort()).toEqual([1, 2, 3, 4].map(id));
  });

  it('keeps every part of a pack that several files name', async () => {
    const repository = await initTestRepository(temporaryFolder());
    const part = (first: number) => ({
      packId: 'c'.repeat(64),
      sizeBytes: 4_000,
      type: 'data' as const,
      count: 2,
      ids: Uint8Array.from(
        Buffer.concat([sha256(Buffer.from(`${first}`)), sha256(Buffer.from(`${first + 1}`))]),
      ),
      places: Uint32Array.from([first * 100, 100, 0, first * 100 + 100, 100, 0]),
    });
    for (const first of [0, 2, 4]) await repository.saveFile('index', encodeIndex([part(first)], []));
    const before = await places(repository);
    expect(before).toHaveLength(6);
    await mergeIndexFiles(repository, never);
    expect(await places(repository)).toEqual(before);
  });

  it('believes no file that says it supersedes what it does not hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 4 }), fc.nat(), async (points, seed) => {
        const repository = await repositoryOf(points);
        const before = await places(repository);
        const names = await indexNames(repository);
        const victim = names[seed % names.length] ?? '';
        await repository.saveFile('index', encodeIndex([], [victim]));
        await mergeIndexFiles(repository, never);
        expect(await places(repository)).toEqual(before);
      }),
      { numRuns: 4 },
    );
  });

  it('leaves a damaged file where it is', async () => {
    const repository = await repositoryOf(3);
    const name = 'a'.repeat(64);
    await repository.backend.save('index', name, Buffer.from('damaged'));
    await mergeIndexFiles(repository, never);
    expect(await indexNames(repository)).toContain(name);
    expect((await checkRepository(repository)).problems).toMatchObject([{ error: { code: 'L-REP-111' } }]);
  });

  it('removes nothing once it is to stop', async () => {
    const repository = await repositoryOf(3);
    const names = await indexNames(repository);
    await expect(mergeIndexFiles(repository, AbortSignal.abort(new Error('lock lost')))).rejects.toThrow(
      'lock lost',
    );
    expect(await indexNames(repository)).toEqual(names);
  });
});
