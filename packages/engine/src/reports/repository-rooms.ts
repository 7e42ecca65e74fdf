import { stat, statfs } from 'node:fs/promises';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { DailyRepository } from './daily-report.ts';
import { growthOf } from './repository-growth.ts';

/** Longer ago tells less of the days to come. */
const measuredMs = 14 * 86_400_000;

/** How much room there is for every repository now, and until when, as far as that can be told. */
export async function repositoryRooms({
  store,
  clock,
}: Pick<BackupDeps, 'store' | 'clock'>): Promise<readonly DailyRepository[]> {
  const nowMs = clock.now();
  const [repositories, jobs, grown] = await Promise.all([
    store.repositories.list(),
    store.jobs.list(),
    store.runs.storedByJob(nowMs - measuredMs),
  ]);
  const seen = await Promise.all(repositories.map(({ id, name, path }) => roomAt(id, name, path)));
  const places = seen.flatMap(({ place }) => place ?? []);
  const byJob = new Map(jobs.map(({ id, repositoryId }) => [id, repositoryId]));
  const growing = grown.flatMap(({ jobId, ...job }) => {
    const repositoryId = byJob.get(jobId);
    return repositoryId === undefined ? [] : [{ ...job, repositoryId }];
  });
  const growth = growthOf(growing, places, nowMs);
  return seen.map(({ id, room }) => ({ ...room, ...growth.get(id) }));
}

async function roomAt(id: string, name: string, path: string) {
  try {
    const [{ bsize, blocks, bavail }, { dev: device }] = await Promise.all([statfs(path), stat(path)]);
    const freeBytes = bsize * bavail;
    const room: DailyRepository = { name, capacityBytes: bsize * blocks, freeBytes };
    return { id, room, place: { repositoryId: id, device, freeBytes } };
  } catch (error) {
    const room: DailyRepository = { name, problem: error instanceof Error ? error.message : String(error) };
    return { id, room };
  }
}
