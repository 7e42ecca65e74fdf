import { LeewardError, reportOf } from '@leeward/core';
import type { JanitorReport } from '../janitor/janitor.ts';
import { type DailyReport, dailySeverity } from '../reports/daily-report.ts';
import { bytesText } from '../reports/figures.ts';
import type { ScheduleTime } from '../store/schedule-times.ts';
import { type Message, problemFrom } from './message.ts';

/** A time of a schedule at which no run was started. */
export function scheduleMessage(time: ScheduleTime, jobName: string): Message {
  const { jobId, dueAt, outcome, report, at, runId } = time;
  return {
    id: `schedule-${jobId}-${dueAt}`,
    topics: ['schedule'],
    severity: outcome === 'failed' ? 'failure' : 'warning',
    title: `Job "${jobName}" was not started by its schedule (${outcome})`,
    lines: [`The time was ${dueAt}.`],
    at,
    job: { id: jobId, name: jobName },
    ...(runId === undefined ? {} : { runId }),
    problems: report ? [problemFrom(report)] : [],
  };
}

const mostProblems = 20;

/** What is new in a round of the janitor; undefined: nothing. `known`: problems that people were told of. */
export function janitorMessage(
  roundId: string,
  report: JanitorReport,
  known: readonly string[],
  at: string,
): Message | undefined {
  const fresh = report.problems.filter((problem) => !known.includes(problem));
  const { orphansRemoved } = report;
  if (fresh.length === 0 && orphansRemoved.length === 0) return undefined;
  const problems = [
    ...fresh.map((problem) => reportOf(new LeewardError('L-NTF-106', { problem }))),
    ...orphansRemoved.map((name) => reportOf(new LeewardError('L-NTF-107', { name }))),
  ];
  return {
    id: roundId,
    topics: ['janitor'],
    severity: 'warning',
    title: fresh.length > 0 ? 'Cleaning up does not get on' : `${orphansRemoved.length} orphan(s) removed`,
    lines: problems.length > mostProblems ? [`${problems.length} in all.`] : [],
    at,
    problems: problems.slice(0, mostProblems).map((problem) => problemFrom(problem)),
  };
}

/** The daily report. */
export function digestMessage(report: DailyReport, at: string): Message {
  const { date, runs, protection, bytes, missedTimes, runsToClean } = report;
  const count = (state: string) => runs.filter((run) => run.state === state).length;
  return {
    id: `digest-${date}`,
    topics: ['digest'],
    severity: dailySeverity(report),
    title: `Daily report ${date}: ${count('success')} of ${runs.length} runs with success`,
    lines: [
      `Runs: ${runs.length}; ${count('partly')} partly, ${count('failed')} failed, ${count('cancelled')} cancelled.`,
      `VMs with a copy of the last ${protection.withinHours} h: ${protection.inTime} of ${protection.total}; ${protection.late} late, ${protection.never} never.`,
      `${bytesText(bytes.changed)} changed, ${bytesText(bytes.read)} read, ${bytesText(bytes.stored)} stored.`,
      ...(missedTimes.length > 0 ? [`Times of schedules without a run: ${missedTimes.length}.`] : []),
      ...(runsToClean.length > 0 ? [`Runs with something left to clean up: ${runsToClean.length}.`] : []),
    ],
    at,
    date,
    problems: [],
  };
}
