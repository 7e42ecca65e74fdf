import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Job } from '@leeward/core';
import { systemClock, systemRandomness } from '@leeward/platform';
import { addKey, initRepository, openRepository, removeKey } from '@leeward/repository';
import { testKdfCost } from '@leeward/repository/testing/fixture';
import type { RegisteredRepository, RepositoryCheck, RepositoryRepair, Run } from '@leeward/server';
import { describe, expect, it } from 'vitest';
import { useRepositorySite } from './support/repository-site.ts';
import { codesOf, compareRestores, ended, runAndWait } from './support/runs.ts';
import type { Site } from './support/site.ts';

const tools = { clock: systemClock, randomness: systemRandomness };

describe('a repository that is moved, mistaken or damaged', () => {
  let site: Site;
  let password: string;
  let job: Job;

  useRepositorySite((made) => {
    ({ site, password, job } = made);
  });

  const edit = (changes: object) => site.api.patch<RegisteredRepository>('/repositories/backups', changes);
  const check = () => site.api.post<RepositoryCheck>('/repositories/backups/check', { readData: true });
  const succeeds = async () => {
    const view = await runAndWait(site, job);
    expect(view.run.state).toBe('success');
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
    return view;
  };

  it('another repository at its path, with the same password: nothing is written to it', async () => {
    const [path, away] = [site.repositoryPath, `${site.repositoryPath}.away`];
    await rename(path, away);
    const other = await initRepository({ path, password, kdfCost: testKdfCost, ...tools });
    const files = await filesIn(path);
    const view = await runAndWait(site, job);
    const problem = view.vms[0]?.problem;
    expect([view.run.state, problem?.code, view.openObjects]).toEqual(['failed', 'L-REP-133', []]);
    expect(problem?.what).toContain(other.id);
    const [point] = await site.api.get<{ id: string }[]>('/points');
    const toFolder = join(site.folder, 'no');
    const { id } = await site.api.post<Run>('/restores', { point: point?.id, toFolder });
    expect((await ended(site, id)).run).toMatchObject({ state: 'failed', problem: { code: 'L-REP-133' } });
    const repair = () => site.api.post('/repositories/backups/repair', {});
    for (const call of [check, repair, () => edit({ password })])
      await expect(call()).rejects.toMatchObject({ code: 'L-REP-133' });
    expect(await filesIn(path)).toEqual(files);

    expect(await edit({ path: away })).toMatchObject({ name: 'backups', path: away });
    await succeeds();
    await rename(path, `${path}.other`);
    await rename(away, path);
    await edit({ path });
    await succeeds();
  });

  it('another password', async () => {
    const repository = await openRepository({ path: site.repositoryPath, password, ...tools });
    await addKey(repository, 'another', testKdfCost);
    const other = await openRepository({ path: site.repositoryPath, password: 'another', ...tools });
    await removeKey(other, repository.keyId);
    expect((await runAndWait(site, job)).vms[0]?.problem?.code).toBe('L-REP-104');
    await expect(edit({ password: 'wrong' })).rejects.toMatchObject({ code: 'L-REP-104' });
    await edit({ password: 'another' });
    await succeeds();
  });

  it('damaged packs: the check names them, a repair takes them out, the next run stores again what was lost', async () => {
    const packs = await filesIn(join(site.repositoryPath, 'data'));
    for (const pack of packs) await flipByte(pack, 60);
    expect(codesOf(await runAndWait(site, job))).toContain('plain L-REP-126');
    const found = await check();
    expect([found.ok, [...found.damagedPacks].toSorted()]).toEqual([
      false,
      packs.map((pack) => basename(pack)).toSorted(),
    ]);

    const report = await site.api.post<RepositoryRepair>('/repositories/backups/repair', {});
    expect(report.packs.map(({ packId }) => packId).toSorted()).toEqual(found.damagedPacks.toSorted());
    expect(report.packs.every(({ lostBlobs }) => lostBlobs > 0)).toBe(true);
    const again = await site.api.post<RepositoryRepair>('/repositories/backups/repair', {});
    expect(again).toEqual({ packs: [], indexFilesRemoved: 0, indexFilesWritten: 0 });

    const view = await succeeds();
    const healed = await check();
    expect(healed.damagedPacks).toEqual([]);
    const pointId = view.vms[0]?.facts.pointId;
    expect(healed.points.find(({ id }) => id === pointId)?.damagedPaths).toEqual([]);
    expect(codesOf(await runAndWait(site, job))).not.toContain('plain L-REP-126');
  });
});

async function flipByte(path: string, at: number): Promise<void> {
  const content = await readFile(path);
  content[at] = (content[at] ?? 0) ^ 1;
  await writeFile(path, content);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
}
