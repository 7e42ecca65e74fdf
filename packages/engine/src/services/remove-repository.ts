import { LeewardError } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { RegisteredRepository } from '../store/repositories.ts';

/** A registration that is gone. */
export interface RemovedRepository {
  readonly repository: RegisteredRepository;
  /** Points that are known no more; they stay in the repository. */
  readonly points: number;
}

/**
 * Forgets a registered repository: its path, its password, its points. Refused with `L-CFG-116` while a job, a run or
 * the backup of the server needs it. Touches nothing in the repository; registered again, a rescan takes its points up.
 */
export function removeRepository(
  deps: BackupDeps,
  repository: RegisteredRepository,
): Promise<RemovedRepository> {
  const { store } = deps;
  const { id, name, secretId } = repository;
  return store.ledger.alone(`settings of ${id}`, async () => {
    const neededBy = await usersOf(deps, id);
    if (neededBy.length > 0)
      throw new LeewardError('L-CFG-116', { kind: 'repository', name, neededBy: neededBy.join(', ') });
    const points = await store.registrations.removeRepository(id, secretId);
    return { repository, points };
  });
}

async function usersOf({ store }: BackupDeps, id: string): Promise<string[]> {
  const [jobs, runs, { repositoryId }] = await Promise.all([
    store.jobs.list(),
    store.runs.unfinished(),
    store.settings.serverBackup(),
  ]);
  return [
    ...jobs.filter((job) => job.repositoryId === id).map((job) => `job "${job.name}"`),
    ...runs
      .filter(({ plan, target }) => plan?.job.repositoryId === id || target?.repositoryId === id)
      .map((run) => `run ${run.id}`),
    ...(repositoryId === id ? ['the backup of the server (`leeward settings edit`)'] : []),
  ];
}
