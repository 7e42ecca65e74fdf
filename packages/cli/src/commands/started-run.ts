import { LeewardError } from '@leeward/core';
import type { Run } from '@leeward/server';
import type { ServerConnection } from '../api/find-server.ts';
import { watchRun } from '../watch/watch-run.ts';
import type { CommandContext } from './command-context.ts';

/** Starts a run and watches it until it ends, or says how to. Without a lasting server it would end at once: refused. */
export async function startAndWatch(
  context: CommandContext & { readonly server: ServerConnection },
  path: string,
  { wait }: { readonly wait: boolean },
): Promise<number | undefined> {
  const { server, output } = context;
  if (!wait && !server.lasting) {
    const problem = '--no-wait needs a running server: the one of this command ends with it';
    throw new LeewardError('L-CFG-103', { problem });
  }
  const started = await server.api.post<Run>(path);
  if (wait) return watchRun({ ...context, ...server }, started.id);
  output.result(started, () => `run ${started.id} started; \`leeward run watch ${started.id}\` follows it`);
  return undefined;
}
