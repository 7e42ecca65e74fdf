import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeServerBackup } from '@leeward/engine/server-backup/write-server-backup';
import { openStoreOfTests } from '@leeward/engine/store/testing/store-of-tests';
import { systemClock, systemRandomness } from '@leeward/platform';
import { initRepository } from '@leeward/repository';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resticJudges } from './restic/judges.ts';

const password = 'correct horse battery';
const judges = resticJudges();
let folder = '';
let path = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-server-backup-'));
  path = join(folder, 'repository');
  const tools = { clock: systemClock, randomness: systemRandomness };
  const repository = await initRepository({ path, password, ...tools });
  const tests = await openStoreOfTests();
  const settings = { host: 'h', port: 1, username: 'u', trust: { kind: 'ca' } } as const;
  await tests.store.systems.add({ id: 'a1', kind: 'array', name: 'site-b', settings, secretId: 's' });
  await tests.store.systems.saveInventory('a1', { big: 'x'.repeat(3_000_000) }, '2026-11-26T12:00:00Z');
  const db = tests.db;
  const common = { db, repository, ...tools, version: '1.2.3', installationId: 'us' };
  for (let time = 0; time < 3; time++) await writeServerBackup({ ...common, keep: 2 });
  await tests.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(judges.length === 0)('a backup of the server', () => {
  it.each(judges)(
    'restic $version finds it by its tag, dumps its files and has nothing against it',
    (restic) => {
      const list = JSON.parse(restic.run(path, password, 'snapshots', '--json', '--tag', 'leeward-server'));
      expect(list).toHaveLength(2);
      expect(list[1]).toMatchObject({
        tags: ['leeward-server', 'installation=us'],
        paths: ['/leeward-server'],
      });
      const dump = (file: string) => restic.run(path, password, 'dump', 'latest', `/leeward-server/${file}`);
      const manifest = JSON.parse(dump('manifest.json'));
      expect(manifest).toMatchObject({ formatVersion: 1, version: '1.2.3', installationId: 'us' });
      const [system, ...others] = dump('tables/system.jsonl').trimEnd().split('\n');
      expect([JSON.parse(system ?? '').name, others]).toEqual(['site-b', []]);
      expect(JSON.parse(system ?? '').inventory.big).toHaveLength(3_000_000);
      // The first one was removed: what only it needed is left to `prune`, and nothing else is wrong.
      expect(restic.attempt(path, password, 'check', '--read-data')).toMatchObject({ code: 0 });
    },
  );
});
