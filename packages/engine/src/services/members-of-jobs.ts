import type { BackupDeps } from '../backup/backup-deps.ts';

/** Names, paths and ids of VMs that stand in these jobs; undefined: nobody is limited to jobs. */
export async function membersOfJobs(
  { jobs }: Pick<BackupDeps['store'], 'jobs'>,
  ids: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  if (ids === undefined) return undefined;
  return (await jobs.list()).filter(({ id }) => ids.includes(id)).flatMap(({ vms }) => vms);
}
