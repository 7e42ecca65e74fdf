import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BackupFixture } from '@leeward/mover/testing/backup-fixture';
import { FolderBackend, Repository, tidyRepository } from '@leeward/repository';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { mergeIndexFiles } from '@leeward/repository/tidy/merge-index-files';
import { manySmallIndexFiles } from '@leeward/repository/tidy/tidy-repository';
import { describe, expect, it } from 'vitest';
import { resticJudges } from './restic/judges.ts';

const mib = 2 ** 20;
const judges = resticJudges();
const never = new AbortController().signal;

class NeverRemoves extends FolderBackend {
  override async remove(): Promise<void> {
    throw new Error('power cut');
  }
}

/** A repository with as many index files as a backup of a day and more. */
async function withManyIndexFiles() {
  const fixture = await BackupFixture.create(temporaryFolder());
  const session = await fixture.openSession();
  for (let index = 0; index < manySmallIndexFiles; index += 1)
    await fixture.backUp(session, diskContent(mib, 100 + index));
  await session.close();
  const repository = await fixture.openRepository();
  const indexFiles = () => readdirSync(join(fixture.repositoryPath, 'index'));
  expect(indexFiles().length).toBeGreaterThanOrEqual(manySmallIndexFiles);
  const { tools } = repository;
  return {
    fixture,
    repository,
    indexFiles,
    options: { path: fixture.repositoryPath, password: fixture.password, ...tools },
  };
}

describe.skipIf(judges.length === 0).each(judges)('restic $version judges merged index files', (restic) => {
  it('before, after, and after a merge that died before it removed anything', async () => {
    const { fixture, repository, indexFiles, options } = await withManyIndexFiles();
    const { repositoryPath: path, password } = fixture;
    const check = () => restic.attempt(path, password, 'check', '--read-data');
    expect(check().code).toBe(0);

    const { config, keys, keyId, tools } = repository;
    const dying = new Repository(new NeverRemoves(path), config, keys, keyId, tools);
    await expect(mergeIndexFiles(dying, never)).rejects.toThrow('power cut');
    const half = check();
    expect([half.code, half.output]).toEqual([0, expect.stringContaining('no errors were found')]);

    expect(await tidyRepository(options)).toMatchObject({ indexFilesWritten: 1, postponed: false });
    expect(indexFiles()).toHaveLength(1);
    const after = check();
    expect([after.code, after.output]).toEqual([0, expect.stringContaining('no errors were found')]);
    expect(after.output).not.toContain('duplicate');
    const snapshots: unknown[] = JSON.parse(restic.run(path, password, 'snapshots', '--json'));
    expect(snapshots).toHaveLength(manySmallIndexFiles);
  }, 300_000);
});
