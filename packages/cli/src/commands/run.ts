import type { Job } from '@leeward/core';
import type { Run, RunState, RunSummary, RunView } from '@leeward/server';
import { type Command, Option } from 'commander';
import { timeBetween, when } from '../output/format.ts';
import { runText } from '../watch/run-text.ts';
import { exitCodeOfRun, followRun, watchRun } from '../watch/watch-run.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { listPath, timeOption } from './list-options.ts';
import { wholeOption } from './number-option.ts';
import { planText } from './plan-text.ts';
import { runReportVerb } from './report.ts';
import { startedByText } from './schedule-text.ts';
import { startAndWatch } from './started-run.ts';

interface ListOptions {
  readonly job?: string;
  readonly kind?: string;
  readonly state?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
}

const states = ['queued', 'running', 'success', 'partly', 'failed', 'cancelled'] satisfies RunState[];

export function runCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('run').description('runs: executions of jobs and restores');
  const list = noun
    .command('list')
    .description('runs, newest first')
    .option('--job <name>', 'only of this job')
    .addOption(new Option('--kind <kind>', 'only of this kind').choices(['backup', 'restore']))
    .addOption(new Option('--state <state>', 'only in this state').choices(states))
    .addOption(timeOption('--since <time>', 'started from this time on'))
    .addOption(timeOption('--until <time>', 'started before this time'))
    .addOption(wholeOption('--limit <n>', 'at most n runs', 1, 1_000_000).default(50));
  onServer<ListOptions>(list, tools, async ({ server, output }, { limit, ...filter }) => {
    const jobs = await server.api.get<Job[]>('/jobs');
    const jobName = (jobId: string) => jobs.find(({ id }) => id === jobId)?.name ?? '';
    await output.stream(
      server.api.pages<RunSummary>(listPath('/runs', filter, limit)),
      {
        RUN: ({ id }) => id,
        KIND: ({ kind, retryOf }) => (retryOf === undefined ? kind : `${kind} (retry)`),
        JOB: ({ jobId }) => jobName(jobId),
        STATE: ({ state }) => state,
        VMS: ({ vms }) => (vms.failed > 0 ? `${vms.total} (${vms.failed} failed)` : String(vms.total)),
        STARTED: ({ startedAt }) => when(startedAt),
        BY: startedByText,
        DURATION: ({ startedAt, endedAt }) => (endedAt ? timeBetween(startedAt, endedAt) : ''),
        PROBLEM: ({ problem }) => problem?.code ?? '',
      },
      Object.keys(filter).length === 0
        ? 'No run yet: `leeward job run` starts one.'
        : 'No such run; `leeward run list` lists all.',
      limit,
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
  runReportVerb(noun, tools);
  const watch = noun
    .command('watch <run>')
    .description('watch a run until it ends; Ctrl-C ends the watching, not the run');
  onServer(watch, tools, (context, _options, wanted) => watchRun({ ...context, ...context.server }, wanted), {
    needsProxy: true,
  });
  const retry = noun
    .command('retry <run>')
    .description(
      'start a run of the same job over the VMs alone that this run did not back up, and watch it',
    );
  retry.option('--no-wait', 'return as soon as the run is started');
  onServer<{ wait: boolean }>(
    retry,
    tools,
    (context, options, wanted) =>
      startAndWatch(context, `/runs/${encodeURIComponent(wanted)}/retry`, options),
    { needsProxy: true },
  );
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
