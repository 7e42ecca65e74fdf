import type { JobView, SchedulePreview, ScheduleTime } from '@leeward/server';
import type { Command } from 'commander';
import { when } from '../output/format.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { wholeOption } from './number-option.ts';
import { nextText } from './schedule-text.ts';

export function scheduleCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('schedule').description('schedules: when jobs are started by themselves');
  const preview = noun
    .command('preview <when>')
    .description('what words or cron fields mean, and the next times; touches nothing')
    .option('--time-zone <zone>', 'IANA name (default: of the server)')
    .addOption(wholeOption('--count <n>', 'how many times', 1, 100).default(5));
  onServer<{ readonly timeZone?: string; readonly count: number }>(
    preview,
    tools,
    async ({ server, output }, { timeZone, count }, cron) => {
      const body = { cron, count, ...(timeZone === undefined ? {} : { timeZone }) };
      const shown = await server.api.post<SchedulePreview>('/schedules/preview', body);
      output.result(shown, () => previewText(shown));
      return undefined;
    },
  );
}

/** `job enable`, `job disable` and `job times`. */
export function scheduleVerbs(noun: Command, tools: CommandTools): void {
  for (const [verb, text] of [
    ['enable', 'switch the schedule of a job on'],
    ['disable', 'switch the schedule of a job off; runs that go on are not touched'],
  ] as const)
    onServer(
      noun.command(`${verb} <name>`).description(text),
      tools,
      async ({ server, output }, _options, wanted) => {
        const job = await server.api.post<JobView>(`/jobs/${encodeURIComponent(wanted)}/${verb}`);
        const next = verb === 'enable' ? `; next run ${nextText(job)}` : '';
        output.result(
          job,
          () => `the schedule of job ${job.name} is switched ${verb === 'enable' ? 'on' : 'off'}${next}`,
        );
        return undefined;
      },
    );
  const times = noun
    .command('times <name>')
    .description('what became of the times of its schedule, newest first')
    .addOption(wholeOption('--limit <n>', 'at most n of them', 1, 200).default(20));
  onServer<{ readonly limit: number }>(times, tools, async ({ server, output }, { limit }, wanted) => {
    const path = `/jobs/${encodeURIComponent(wanted)}/times?limit=${limit}`;
    output.rows(
      await server.api.get<ScheduleTime[]>(path),
      {
        TIME: ({ dueAt }) => when(dueAt),
        OUTCOME: ({ outcome }) => outcome,
        RUN: ({ runId = '' }) => runId,
        CODE: ({ report }) => report?.code ?? '',
        WHAT: ({ report }) => report?.what ?? '',
      },
      'No time of a schedule has come yet.',
    );
    return undefined;
  });
}

function previewText({ cron, words, timeZone, times }: SchedulePreview): string {
  return [`${words} (${cron}), time zone ${timeZone}`, ...times.map((time) => `  ${when(time)}`)].join('\n');
}
