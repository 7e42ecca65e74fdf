import { bottleneckText } from '@leeward/core';
import type { DailyReport, ProtectionReport, RunReport } from '@leeward/server';
import type { Command } from 'commander';
import { bytes, counted, duration, when } from '../output/format.ts';
import { type CommandTools, onServer, type ServerAction } from './command-context.ts';
import { downloadReport } from './download-report.ts';
import { startedByText } from './schedule-text.ts';

interface FileOptions {
  readonly html?: string;
  readonly csv?: string;
}

const htmlText = 'write it as a page of its own into this file instead';

export function reportCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('report').description('reports: what happened, and which copies there are');
  onServer<FileOptions & { readonly date?: string }>(
    noun
      .command('daily')
      .description(
        'what happened in the 24 hours before the time of the daily report (`settings edit --daily-report-at`)',
      )
      .option(
        '--date <day>',
        'the day on which they end, such as 2026-11-26 (default: the newest that is over)',
      )
      .option('--html <file>', htmlText),
    tools,
    async (context, { date, ...files }) => {
      const query = date === undefined ? '' : `date=${encodeURIComponent(date)}`;
      return shown<DailyReport>(context, `/reports/daily?${query}`, files, dailyText);
    },
  );
  onServer<FileOptions>(
    noun
      .command('protection')
      .description('which copies of which VM there are, and where')
      .option('--html <file>', htmlText)
      .option('--csv <file>', 'write it as a table for spreadsheets into this file instead'),
    tools,
    async (context, files) => shown<ProtectionReport>(context, '/reports/protection?', files, protectionText),
  );
}

/** `run report`. */
export function runReportVerb(noun: Command, tools: CommandTools): void {
  onServer<FileOptions>(
    noun
      .command('report <run>')
      .description('what a run did; an id may be cut short')
      .option('--html <file>', htmlText),
    tools,
    async (context, files, wanted) =>
      shown<RunReport>(context, `/runs/${encodeURIComponent(wanted)}/report?`, files, runReportText),
  );
}

type Context = Parameters<ServerAction<object>>[0];

async function shown<Report>(
  { server, output }: Context,
  path: string,
  { html, csv }: FileOptions,
  text: (report: Report) => string,
): Promise<undefined> {
  const file = html ?? csv;
  if (file === undefined) {
    const report = await server.api.get<Report>(`${path}&format=json`.replace('?&', '?'));
    output.result(report, () => text(report));
  } else {
    const form = html === undefined ? 'csv' : 'html';
    const place = await downloadReport(server, `${path}&format=${form}`.replace('?&', '?'), file);
    output.result({ path: place }, () => `${place} written`);
  }
  return undefined;
}

function bytesText({ provisioned, changed, read, stored }: RunReport['bytes']): string {
  return `${bytes(provisioned)} provisioned, ${bytes(changed)} changed, ${bytes(read)} read, ${bytes(stored)} stored`;
}

function runReportText(report: RunReport): string {
  const { jobName, state, startedAt, endedAt, counts, vms, storageSnapshots, open } = report;
  const took = report.durationMs === undefined ? '' : `, ${duration(report.durationMs)}`;
  const by = startedByText(report);
  const bottleneck = bottleneckText(vms);
  return [
    `${report.kind} ${jobName}: ${state} (run ${report.runId})`,
    `  ${when(startedAt)} to ${endedAt === undefined ? 'now' : when(endedAt)}${took}${by === '' ? '' : `, started by ${by}`}`,
    `  ${counts.total} VMs: ${counts.success} with success (${counts.warning} of them with warnings), ${counts.failed} failed`,
    `  ${bytesText(report.bytes)}`,
    ...(bottleneck === undefined ? [] : [`  bottleneck: ${bottleneck}`]),
    ...(report.longestVmwareSnapshotMs === undefined
      ? []
      : [`  longest VMware snapshot ${duration(report.longestVmwareSnapshotMs)}`]),
    ...vms.map(({ name, state: of, source = 'nothing', problem, warnings }) => {
      const codes = [...(problem ? [problem] : []), ...warnings].map(({ code }) => code).join(', ');
      return `  ${name}: ${of}, read from ${source}${codes === '' ? '' : `, ${codes}`}`;
    }),
    `  ${counted(storageSnapshots.length, 'storage snapshot')} left for chains`,
    ...(open > 0 ? [`  ${counted(open, 'object')} not removed yet`] : []),
  ].join('\n');
}

function dailyText(report: DailyReport): string {
  const { runs, protection, missedTimes, runsToClean, behind, repositories } = report;
  return [
    `daily report ${report.date}: ${when(report.from)} to ${when(report.until)}`,
    `  ${counted(runs.length, 'run')}; ${bytesText(report.bytes)}`,
    ...runs.map(
      ({ jobName, kind, state, startedAt, vms, problem }) =>
        `    ${when(startedAt)}  ${kind} ${jobName}: ${state}, ${vms.success} of ${vms.total} VMs${problem ? `, ${problem.code}` : ''}`,
    ),
    `  ${protection.inTime} of ${protection.total} VMs have a copy of the last ${protection.withinHours} h; ${protection.late} late, ${protection.never} never`,
    ...behind.map(
      ({ name, newestAt }) => `    ${name}: ${newestAt === undefined ? 'no copy' : when(newestAt)}`,
    ),
    ...missedTimes.map(
      ({ jobName, dueAt, outcome }) => `  ${jobName} was not started at ${when(dueAt)}: ${outcome}`,
    ),
    ...repositories.map((repository) => `  repository ${repository.name}: ${roomText(repository)}`),
    ...(runsToClean.length > 0 ? [`  to be cleaned up: ${runsToClean.join(', ')}`] : []),
  ].join('\n');
}

function roomText(repository: DailyReport['repositories'][number]): string {
  const { freeBytes, capacityBytes, storedPerDay, measuredDays = 0, fullBy, problem } = repository;
  if (problem !== undefined) return problem;
  if (freeBytes === undefined || capacityBytes === undefined) return 'its room is not told';
  const room = `${bytes(freeBytes)} of ${bytes(capacityBytes)} free`;
  if (storedPerDay === undefined) return `${room}; full by: not known before two days of runs`;
  const rate = `${bytes(Math.round(storedPerDay))} a day in ${Math.floor(measuredDays)} days`;
  return `${room}; ${fullBy === undefined ? 'not full soon, or not known,' : `full by ${fullBy.slice(0, 10)}`} at ${rate}`;
}

function protectionText({ counts, withinHours, vms }: ProtectionReport): string {
  return [
    `${counts.inTime} of ${counts.total} VMs have a copy of the last ${withinHours} h; ${counts.late} late, ${counts.never} never`,
    ...vms.map(({ name, protection, points, storageSnapshots }) => {
      const places = [
        ...points.map(({ count, repositoryName }) => `${counted(count, 'point')} in ${repositoryName}`),
        ...storageSnapshots.map(
          ({ count, arrayName }) => `${counted(count, 'storage snapshot')} on ${arrayName}`,
        ),
      ];
      return `  ${name}: ${protection}${places.length === 0 ? '' : `; ${places.join(', ')}`}`;
    }),
  ].join('\n');
}
