import { isError, isoTime, LeewardError, reportOf } from '@leeward/core';
import { findPoint, openRepository, restorePoint } from '@leeward/repository';
import { targetError } from '@leeward/repository/restore/target-errors';
import type { FlowContext } from '../flow/flow.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import type { ProxyDeps } from '../proxy/proxy-deps.ts';
import { openRestoreFolder } from './allowed-folder.ts';
import { type RestoreVmInput, type RestoreVmResult, restoreVmFlow } from './restore-flow.ts';

interface RestoreDeps extends ProxyDeps {
  readonly proxyId: string;
}

/** Restores one VM into a folder and keeps the run's record. */
export function restoreVmDefinition(deps: RestoreDeps): FlowDefinition<RestoreVmInput, RestoreVmResult> {
  return {
    ...restoreVmFlow,
    async run(context, input) {
      try {
        await context.step('begin', {}, () => deps.store.runs.begin(input.runId, undefined));
        const result = await context.step('restore', { cancellable: true }, (signal) =>
          deps.store.runLog.step(input.runId, [''], 'restore', () => restore(deps, context, input, signal)),
        );
        await context.step('end', {}, () => end(deps, input, undefined));
        return result;
      } catch (error) {
        if (isOwnershipLost(error)) throw error;
        await context.step('end', {}, () => end(deps, input, error));
        throw error;
      }
    },
  };
}

async function restore(
  deps: RestoreDeps,
  context: FlowContext,
  input: RestoreVmInput,
  signal: AbortSignal,
): Promise<RestoreVmResult> {
  const { store, clock, randomness } = deps;
  const { path, secretId, resticId: expectedId } = await store.repositories.get(input.repositoryId);
  const password = await store.secrets.reveal(secretId);
  const repository = await openRepository({ path, password, expectedId, clock, randomness });
  const point = await findPoint(repository, input.pointId);
  const restored = await restorePoint(repository, point, {
    targetFolder: await folderOf(deps, input),
    overwrite: input.overwrite,
    signal,
    onProgress: (progress) => context.progress({ phase: 'restore', ...progress }),
  });
  return {
    folder: input.folder,
    bytesWritten: restored.bytesWritten,
    disks: restored.disks.map(({ name, flatPath, sizeBytes }) => ({ name, path: flatPath, sizeBytes })),
    files: [...restored.files],
  };
}

/** By what is allowed now, however long the restore waited. */
async function folderOf(
  { store, proxyId, dataFolder }: RestoreDeps,
  { folder }: RestoreVmInput,
): Promise<string> {
  const [proxies, repositories] = await Promise.all([store.proxies.list(), store.repositories.list()]);
  const proxy = proxies.find(({ id }) => id === proxyId);
  try {
    return await openRestoreFolder(folder, {
      proxy: proxy?.name ?? proxyId,
      allowed: proxy?.settings.restoreFolders,
      own: [dataFolder, ...repositories.map(({ path }) => path)],
    });
  } catch (error) {
    throw targetError(error, folder);
  }
}

async function end(deps: ProxyDeps, input: RestoreVmInput, error: unknown): Promise<void> {
  const { store, clock } = deps;
  const endedAt = isoTime(clock.now());
  if (error === undefined) return store.runs.end(input.runId, 'success', endedAt);
  const cancelled = isError(error, 'L-RUN-102');
  const problem = reportOf(cancelled ? new LeewardError('L-RUN-102') : error);
  await store.runs.end(input.runId, cancelled ? 'cancelled' : 'failed', endedAt, problem);
}
