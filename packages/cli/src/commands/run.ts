import type { Job } from '@leeward/core';
import type { Run, RunView } from '@leeward/server';
import type { Command } from 'commander';
import { timeBetween, when } from '../output/format.ts';
import { runText } from '../watch/run-text.ts';
import { exitCodeOfRun, followRun, watchRun } from '../watch/watch-run.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { wholeOption } from './number-option.ts';
import { planText } from './plan-text.ts';

interface ListOptions {
  readonly job?: string;
  readonly limit: number;
}

export function runCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('run').description('runs: executions of jobs and restores');
  const list = noun
    .command('list')
    .description('runs, newest first')
    .option('--job <name>', 'only of this job')
    .addOption(wholeOption('--limit <n>', 'at most n runs', 1, 10_000).default(50));
  onServer<ListOptions>(list, tools, async ({ server, output }, { job, limit }) => {
    const only =
      job === undefined ? undefined : await server.api.get<Job>(`/jobs/${encodeURIComponent(job)}`);
    const query = `?limit=${limit}${only ? `&jobId=${encodeURIComponent(only.id)}` : ''}`;
    const runs = await server.api.get<Run[]>(`/runs${query}`);
    const jobs = await server.api.get<Job[]>('/jobs');
    const jobName = (jobId: string) => jobs.find(({ id }) => id === jobId)?.name ?? '';
    output.rows(
      runs,
      {
        RUN: ({ id }) => id,
        KIND: ({ kind }) => kind,
        JOB: ({ jobId }) => jobName(jobId),
        STATE: ({ state }) => state,
        STARTED: ({ startedAt }) => when(startedAt),
        DURATION: ({ startedAt, endedAt }) => (endedAt ? timeBetween(startedAt, endedAt) : ''),
        PROBLEM: ({ problem }) => problem?.code ?? '',
      },
      'No run yet: `leeward job run` starts one.',
    );
    return undefined;
  });
  const show = noun
    .command('show <run>')
    .description('a run with its VMs, steps and events; an id may be cut short')
    .option('--plan', 'the plan that it executes as well');
  onServer<{ plan?: boolean }>(show, tools, async ({ server, output }, options, wanted) => {
    const view = await server.api.get<RunView>(`/runs/${encodeURIComponent(wanted)}`);
    const { plan } = view.run;
    output.result(view, () =>
      options.plan && plan ? `${runText(view)}\n\n${planText(plan)}` : runText(view),
    );
    return undefined;
  });
  const watch = noun
    .command('watch <run>')
    .description('watch a run until it ends; Ctrl-C ends the watching, not the run');
  onServer(watch, tools, (context, _options, wanted) => watchRun({ ...context, ...context.server }, wanted), {
    needsProxy: true,
  });
  const cancel = noun.command('cancel <run>').description('end a run and clean up after it');
  cancel.option('--no-wait', 'return as soon as the wish is noted');
  onServer<{ wait: boolean }>(
    cancel,
    tools,
    async (context, { wait }, wanted) => {
      const { server, output } = context;
      const run = await server.api.post<Run>(`/runs/${encodeURIComponent(wanted)}/cancel`);
      if (!wait) {
        output.result(run, () => `run ${run.id} is asked to end`);
        return undefined;
      }
      const view = await followRun({ ...context, ...server }, run.id);
      output.result(view, () => runText(view));
      // Cancelling did what was asked; a run that had ended otherwise keeps its own code.
      return view.run.state === 'cancelled' ? 0 : exitCodeOfRun(view.run.state);
    },
    { needsProxy: true },
  );
}
