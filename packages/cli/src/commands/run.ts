import type { Run, RunView } from '@leeward/server';
import type { Command } from 'commander';
import { timeBetween } from '../output/format.ts';
import { runText } from '../watch/run-text.ts';
import { watchRun } from '../watch/watch-run.ts';
import { type CommandTools, onServer } from './command-context.ts';

export function runCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('run').description('runs: executions of jobs and restores');
  onServer(noun.command('list').description('runs, newest first'), tools, async ({ server, output }) => {
    const runs = await server.api.get<Run[]>('/runs');
    output.rows(
      runs,
      {
        RUN: ({ id }) => id,
        KIND: ({ kind }) => kind,
        STATE: ({ state }) => state,
        STARTED: ({ startedAt }) => startedAt,
        DURATION: ({ startedAt, endedAt }) => (endedAt ? timeBetween(startedAt, endedAt) : ''),
        PROBLEM: ({ problem }) => problem?.code ?? '',
      },
      'No run yet: `leeward job run` starts one.',
    );
    return undefined;
  });
  const show = noun.command('show <run>').description('a run with its VMs, steps and events');
  onServer(show, tools, async ({ server, output }, _options, wanted) => {
    const view = await server.api.get<RunView>(`/runs/${encodeURIComponent(wanted)}`);
    output.result(view, () => runText(view));
    return undefined;
  });
  const watch = noun.command('watch <run>').description('watch a run until it ends');
  onServer(watch, tools, async ({ server, output, clock }, _options, wanted) =>
    watchRun({ api: server.api, output, clock }, wanted),
  );
  const cancel = noun.command('cancel <run>').description('end a run and clean up after it');
  cancel.option('--no-wait', 'return as soon as the wish is noted');
  onServer<{ wait: boolean }>(cancel, tools, async ({ server, output, clock }, { wait }, wanted) => {
    const run = await server.api.post<Run>(`/runs/${encodeURIComponent(wanted)}/cancel`);
    if (wait) {
      await watchRun({ api: server.api, output, clock }, run.id);
      return 0;
    }
    output.result(run, () => `run ${run.id} is asked to end`);
    return undefined;
  });
}
