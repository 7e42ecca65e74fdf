import { isoTime, type Job, LeewardError, type StartedBy } from '@leeward/core';
import type { Identity } from '../access/identity.ts';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { BackupFlows } from '../backup/backup-run.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import type { NewBackup, Run } from '../store/runs.ts';
import type { ProxyService } from './proxy-service.ts';
import type { RepositoryService } from './repository-service.ts';

export interface StartRunDeps {
  readonly backup: Pick<BackupDeps, 'store' | 'clock'>;
  readonly engine: Pick<FlowEngine, 'start'>;
  readonly runFlow: BackupFlows['run'];
  readonly proxies: Pick<ProxyService, 'proveMissing'>;
  readonly repositories: Pick<RepositoryService, 'tidy'>;
}

/** As a run remembers who started it. */
export function startedByCaller({ kind, name }: Identity): StartedBy {
  return { kind, name: kind === 'local' ? '' : name };
}

/**
 * Starts a run of that id and returns at once. One run of a job at a time: `L-RUN-104`. Safe to repeat with the same id:
 * there is one run of it, whenever the call before was cut off.
 * @param retry where it makes up for another run
 */
export async function startRun(
  deps: StartRunDeps,
  job: Job,
  id: string,
  startedBy: StartedBy,
  retry: Pick<NewBackup, 'retryOf' | 'scope'> = {},
): Promise<Run> {
  const { store, clock } = deps.backup;
  const refuse = (running: Run | undefined) => {
    if (running && running.id !== id) throw new LeewardError('L-RUN-104', { job: job.name, run: running.id });
  };
  const known = await store.runs.find(id);
  // It was noted, and came to its end without having begun.
  if (known?.endedAt !== undefined) return known;
  if (!known) {
    refuse(await store.runs.runningBackup(job.id));
    if (job.repositoryId !== undefined)
      await Promise.all([deps.proxies.proveMissing(), deps.repositories.tidy(job.repositoryId)]);
    refuse(
      await store.runs.addUnlessRunning({
        ...{ id, jobId: job.id, startedAt: isoTime(clock.now()), startedBy },
        ...retry,
      }),
    );
  }
  await deps.engine.start(deps.runFlow, id, { runId: id });
  return store.runs.get(id);
}
