import { bottleneckText, type MessageSeverity, type Topic } from '@leeward/core';
import { bytesText, durationText } from '../reports/figures.ts';
import type { RunReport } from '../reports/run-report.ts';
import { type Message, type MessageProblem, problemFrom } from './message.ts';

/** Trouble with storage snapshots that are to stay: gone, not locked, not removed. */
const chainCodes = ['L-RUN-111', 'L-RUN-141', 'L-RUN-142'];

/** What people hear of a run that ended. */
export function runMessage(report: RunReport): Message {
  const { runId, kind, jobId, jobName, state, counts, bytes, sources } = report;
  const problems = problemsOf(report);
  const isChain = problems.some(({ code }) => chainCodes.includes(code));
  const topics: Topic[] = [kind === 'backup' ? 'run' : 'restore', ...(isChain ? (['chain'] as const) : [])];
  const what = kind === 'backup' ? 'Backup' : 'Restore';
  const bottleneck = bottleneckText(report.vms);
  const used = Object.entries(sources).filter(([, count]) => count > 0);
  return {
    id: `run-${runId}`,
    topics,
    severity: severityOf(report, problems),
    title: `${what} "${jobName}" ${endings[state] ?? state}${counts.failed > 0 ? `, ${counts.failed} of ${counts.total} VMs failed` : ''}`,
    lines: [
      `Run ${runId}, ${durationText(report.durationMs ?? 0)}: ${counts.success} of ${counts.total} VMs with success${counts.warning > 0 ? `, ${counts.warning} of them with warnings` : ''}.`,
      ...(report.retryOf === undefined
        ? []
        : [`Retry of run ${report.retryOf}: what that one did not back up.`]),
      ...(used.length > 0
        ? [`Read from ${used.map(([source, count]) => `${source} (${count})`).join(', ')}.`]
        : []),
      `${bytesText(bytes.provisioned)} provisioned, ${bytesText(bytes.changed)} changed, ${bytesText(bytes.read)} read, ${bytesText(bytes.stored)} stored.`,
      ...(bottleneck === undefined ? [] : [`Bottleneck: ${bottleneck}.`]),
      ...(report.longestVmwareSnapshotMs === undefined
        ? []
        : [`Longest VMware snapshot: ${durationText(report.longestVmwareSnapshotMs)}.`]),
    ],
    at: report.endedAt ?? report.startedAt,
    job: { id: jobId, name: jobName },
    runId,
    problems,
  };
}

const endings: Readonly<Record<string, string>> = {
  success: 'ended with success',
  partly: 'ended partly',
  failed: 'failed',
  cancelled: 'was cancelled',
};

/** A VM without a new point is a failure, whatever became of the others. */
function severityOf({ state }: RunReport, problems: readonly MessageProblem[]): MessageSeverity {
  if (state === 'failed' || state === 'partly') return 'failure';
  if (state === 'cancelled') return 'warning';
  return problems.some(({ severity }) => severity !== 'info') ? 'warning' : 'success';
}

const mostProblems = 50;

function problemsOf({ problem, warnings, vms }: RunReport): MessageProblem[] {
  const all = [
    ...(problem ? [problemFrom(problem)] : []),
    ...warnings.map((warning) => problemFrom(warning)),
    ...vms.flatMap((vm) =>
      [...(vm.problem ? [vm.problem] : []), ...vm.warnings].map((each) => problemFrom(each, vm.name)),
    ),
  ];
  return all.filter(({ severity }) => severity !== 'info').slice(0, mostProblems);
}
