import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackupSession } from '@leeward/mover';
import { systemClock as clock, systemRandomness as randomness } from '@leeward/platform';
import { checkRepository, listPoints, openRepository, restoreTree } from '@leeward/repository';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { describe, expect, it } from 'vitest';
import { oddFolder } from './restic/folders.ts';
import { resticJudges } from './restic/judges.ts';
import { differences } from './restic/same-tree.ts';

const password = 'made by restic';
const judges = resticJudges();

describe.skipIf(judges.length === 0).each(judges)('a repository made by restic $version', (restic) => {
  it.each(['auto', 'off', 'max'])(
    'is checked and restored by Leeward, compression %s',
    async (compression) => {
      const folder = temporaryFolder();
      const [path, source] = [join(folder, 'repository'), join(folder, 'source')];
      oddFolder(source);
      restic.run(path, password, 'init', '--repository-version', '2');
      restic.run(path, password, 'backup', source, '--compression', compression, '--tag', 'a,b');
      const repository = await openRepository({ path, password, clock, randomness });
      expect(repository.blockBytes).toBe(512 * 1024);
      expect(await checkRepository(repository, { readData: true })).toMatchObject({
        ok: true,
        unusedPacks: 0,
      });
      const [point] = (await listPoints(repository)).points;
      if (!point) throw new Error('the point of restic is not listed');
      expect(point.tags).toEqual(['a', 'b']);
      const target = join(folder, 'target');
      const restored = await restoreTree(repository, point, source, { targetFolder: target, workers: 2 });
      expect(restored.skipped).toEqual([]);
      expect(differences(source, target)).toEqual([]);
    },
  );

  it('takes a backup of Leeward, and stays sound', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'repository');
    restic.run(path, password, 'init', '--repository-version', '2');
    const content = diskContent(10 * 2 ** 20, 41);
    writeFileSync(join(folder, 'disk'), content);
    const session = await BackupSession.open({
      repository: { path, password },
      clock,
      randomness,
      workers: 1,
    });
    const result = await session.backupDisk({
      diskName: 'disk',
      source: { kind: 'file', path: join(folder, 'disk'), sizeBytes: content.length },
      changed: 'all',
      checkpointFolder: join(folder, 'checkpoint'),
    });
    await session.commitPoint({
      vmName: 'vm',
      host: 'h',
      timeMs: clock.now(),
      runId: 'r',
      vmId: 'v',
      tags: [],
      files: [],
      disks: [{ descriptor: {}, result }],
      pointJson: {},
    });
    await session.close();
    expect(restic.run(path, password, 'check', '--read-data')).toContain('no errors were found');
  });

  it('is refused in format version 1', async () => {
    const path = join(temporaryFolder(), 'old');
    restic.run(path, password, 'init', '--repository-version', '1');
    const open = openRepository({ path, password, clock, randomness });
    await expect(open).rejects.toMatchObject({ code: 'L-REP-105' });
  });
});
