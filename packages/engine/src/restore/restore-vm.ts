import { isError, isoTime, LeewardError, reportOf } from '@leeward/core';
import { findPoint, openRepository, restorePoint } from '@leeward/repository';
import type { FlowContext } from '../flow/flow.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import type { ProxyDeps } from '../proxy/proxy-deps.ts';
import { type RestoreVmInput, type RestoreVmResult, restoreVmFlow } from './restore-flow.ts';

/** Restores one VM into a folder and keeps the run's record. */
export function restoreVmDefinition(deps: ProxyDeps): FlowDefinition<RestoreVmInput, RestoreVmResult> {
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
  deps: ProxyDeps,
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
    targetFolder: input.folder,
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

async function end(deps: ProxyDeps, input: RestoreVmInput, error: unknown): Promise<void> {
  const { store, clock } = deps;
  const endedAt = isoTime(clock.now());
  if (error === undefined) return store.runs.end(input.runId, 'success', endedAt);
  const cancelled = isError(error, 'L-RUN-102');
  const problem = reportOf(cancelled ? new LeewardError('L-RUN-102') : error);
  await store.runs.end(input.runId, cancelled ? 'cancelled' : 'failed', endedAt, problem);
}
