import type {
  DailyChain,
  DailyMissedTime,
  DailyReport,
  DailyRepository,
  DailyRun,
  DailyVm,
} from './daily-report.ts';
import { bytesText, durationText, timeText } from './figures.ts';
import {
  type Column,
  facts,
  heading,
  link,
  linkLine,
  page,
  paragraph,
  type Tone,
  table,
  toned,
} from './page.ts';

const tones: Readonly<Record<string, Tone>> = {
  success: 'good',
  partly: 'bad',
  failed: 'bad',
  cancelled: 'warn',
};

/** The report of a day as a page of its own. */
export function dailyReportHtml(report: DailyReport): string {
  const { runs, protection, bytes, missedTimes, behind, chains, repositories, runsToClean } = report;
  const count = (state: DailyRun['state']) => runs.filter((run) => run.state === state).length;
  return page(`Daily report ${report.date}`, [
    linkLine(report.links),
    facts([
      ['Time', `${timeText(report.from)} to ${timeText(report.until)}`],
      [
        'Runs',
        `${runs.length}${report.moreRuns ? ' and more' : ''}: ${count('success')} with success, ${count('partly')} partly, ${count('failed')} failed, ${count('cancelled')} cancelled`,
      ],
      [
        `VMs with a copy of the last ${protection.withinHours} h`,
        toned(
          `${protection.inTime} of ${protection.total}; ${protection.late} late, ${protection.never} never`,
          protection.late + protection.never > 0 ? 'warn' : 'good',
        ),
      ],
      [
        'Data',
        `${bytesText(bytes.changed)} changed, ${bytesText(bytes.read)} read, ${bytesText(bytes.stored)} stored`,
      ],
      [
        'To be cleaned up',
        runsToClean.length === 0
          ? 'nothing'
          : toned(`objects of ${runsToClean.length} run(s): ${runsToClean.join(', ')}`, 'warn'),
      ],
    ]),
    heading('Runs'),
    table(runColumns, runs) ?? paragraph('No run.'),
    ...(missedTimes.length > 0
      ? [heading('Times of schedules without a run'), table(missedColumns, missedTimes)]
      : []),
    ...(behind.length > 0
      ? [heading('VMs of jobs that are late or have no copy'), table(vmColumns, behind)]
      : []),
    ...(chains.length > 0 ? [heading('Chains on arrays'), table(chainColumns, chains)] : []),
    ...(repositories.length > 0 ? [heading('Repositories'), table(repositoryColumns, repositories)] : []),
  ]);
}

const runColumns: readonly Column<DailyRun>[] = [
  { title: 'Job', value: ({ jobName }) => jobName },
  { title: 'Kind', value: ({ kind, retryOf }) => (retryOf === undefined ? kind : `${kind} (retry)`) },
  { title: 'State', value: ({ state }) => toned(state, tones[state] ?? 'plain') },
  {
    title: 'Started',
    value: ({ startedAt, url }) => (url === undefined ? timeText(startedAt) : link(url, timeText(startedAt))),
  },
  {
    ...{ title: 'Duration', isNumber: true },
    value: ({ startedAt, endedAt }) =>
      endedAt === undefined ? '' : durationText(Date.parse(endedAt) - Date.parse(startedAt)),
  },
  { title: 'VMs', value: ({ vms }) => `${vms.success} of ${vms.total}`, isNumber: true },
  { title: 'Read', value: ({ bytes }) => bytesText(bytes.read), isNumber: true },
  { title: 'Stored', value: ({ bytes }) => bytesText(bytes.stored), isNumber: true },
  { title: 'Problem', value: ({ problem }) => (problem ? `${problem.code}: ${problem.what}` : '') },
];

const missedColumns: readonly Column<DailyMissedTime>[] = [
  { title: 'Job', value: ({ jobName }) => jobName },
  { title: 'Time', value: ({ dueAt }) => timeText(dueAt) },
  { title: 'Outcome', value: ({ outcome }) => toned(outcome, 'warn') },
  { title: 'Why', value: ({ report }) => (report ? `${report.code}: ${report.what}` : '') },
];

const vmColumns: readonly Column<DailyVm>[] = [
  { title: 'VM', value: ({ name }) => name },
  { title: 'vCenter', value: ({ vcenterName }) => vcenterName },
  { title: 'Jobs', value: ({ jobs }) => jobs.join(', ') },
  {
    title: 'Newest copy',
    value: ({ newestAt }) => (newestAt === undefined ? toned('none', 'bad') : timeText(newestAt)),
  },
];

const chainColumns: readonly Column<DailyChain>[] = [
  { title: 'Job', value: ({ jobName }) => jobName },
  { title: 'Array', value: ({ arrayName }) => arrayName },
  { title: 'Storage snapshots', value: ({ count }) => count, isNumber: true },
];

const repositoryColumns: readonly Column<DailyRepository>[] = [
  { title: 'Repository', value: ({ name }) => name },
  {
    ...{ title: 'Free', isNumber: true },
    value: ({ freeBytes }) => (freeBytes === undefined ? '' : bytesText(freeBytes)),
  },
  {
    ...{ title: 'Capacity', isNumber: true },
    value: ({ capacityBytes }) => (capacityBytes === undefined ? '' : bytesText(capacityBytes)),
  },
  {
    ...{ title: 'Stored a day', isNumber: true },
    value: ({ storedPerDay }) => (storedPerDay === undefined ? '' : bytesText(Math.round(storedPerDay))),
  },
  { title: 'Full by', value: fullText },
  { title: 'Problem', value: ({ problem = '' }) => problem },
];

function fullText({ fullBy, storedPerDay, freeBytes }: DailyRepository): string {
  if (fullBy !== undefined) return fullBy.slice(0, 10);
  if (freeBytes === undefined) return '';
  return storedPerDay === undefined ? 'not known: less than two days of runs' : 'not soon, or not known';
}
