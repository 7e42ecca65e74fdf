import { bottleneckText } from '@leeward/core';
import { bytesText, durationText, timeText } from './figures.ts';
import {
  type Column,
  facts,
  heading,
  linkLine,
  page,
  paragraph,
  problemBlock,
  type Tone,
  table,
  toned,
} from './page.ts';
import type { LeftStorageSnapshot, RunReport, VmReport } from './run-report.ts';

const tones: Readonly<Record<string, Tone>> = {
  success: 'good',
  partly: 'warn',
  failed: 'bad',
  cancelled: 'warn',
};

/** The report of a run as a page of its own. */
export function runReportHtml(report: RunReport): string {
  const { vms, warnings, problem, storageSnapshots } = report;
  const told = vms.flatMap((vm) =>
    [...(vm.problem ? [vm.problem] : []), ...vm.warnings].map((each) => ({ vm, each })),
  );
  return page(`${report.kind === 'backup' ? 'Backup' : 'Restore'} ${report.jobName}: ${report.state}`, [
    linkLine(report.links),
    facts(summary(report)),
    ...(vms.length > 0 ? [heading('VMs'), table(vmColumns, vms)] : []),
    ...(problem || told.length > 0 || warnings.length > 0 ? [heading('Problems and warnings')] : []),
    ...(problem ? [problemBlock(problem)] : []),
    ...warnings.map((warning) => problemBlock(warning)),
    ...told.map(({ vm, each }) => problemBlock(each, vm.name)),
    ...(storageSnapshots.length > 0
      ? [heading('Storage snapshots left on arrays for chains'), table(leftColumns, storageSnapshots)]
      : []),
    report.open > 0
      ? paragraph(
          toned(`${report.open} object(s) of the run are not removed yet; the janitor goes on.`, 'warn'),
        )
      : undefined,
  ]);
}

function summary(report: RunReport): Parameters<typeof facts>[0] {
  const { counts, bytes, sources, state, startedAt, endedAt, durationMs, startedBy, retryOf } = report;
  const { longestVmwareSnapshotMs } = report;
  const used = Object.entries(sources).filter(([, count]) => count > 0);
  const bottleneck = bottleneckText(report.vms);
  return [
    ['State', toned(state, tones[state] ?? 'plain')],
    ['Run', report.runId],
    ...(retryOf === undefined ? [] : [['Retry of', `run ${retryOf}`] as const]),
    ['Started', `${timeText(startedAt)}${startedBy ? ` by ${byWhom(startedBy)}` : ''}`],
    [
      'Ended',
      endedAt === undefined ? 'not yet' : `${timeText(endedAt)}, after ${durationText(durationMs ?? 0)}`,
    ],
    [
      'VMs',
      `${counts.total}: ${counts.success} with success (${counts.warning} of them with warnings), ${counts.failed} failed`,
    ],
    ['Read from', used.map(([source, count]) => `${source} (${count})`).join(', ') || 'nothing'],
    [
      'Data',
      `${bytesText(bytes.provisioned)} provisioned, ${bytesText(bytes.changed)} changed, ${bytesText(bytes.read)} read, ${bytesText(bytes.stored)} stored`,
    ],
    ...(bottleneck === undefined ? [] : [['Bottleneck', bottleneck] as const]),
    [
      'Longest VMware snapshot',
      longestVmwareSnapshotMs === undefined ? 'none' : durationText(longestVmwareSnapshotMs),
    ],
  ];
}

function byWhom({ kind, name, catchUp }: NonNullable<RunReport['startedBy']>): string {
  if (kind === 'schedule') return catchUp ? 'its schedule, for a time that was missed' : 'its schedule';
  return name === '' ? 'the owner of the server' : `${kind} ${name}`;
}

const bytesOf = (name: 'provisioned' | 'changed' | 'read' | 'stored', title: string): Column<VmReport> => ({
  title,
  value: ({ bytes }) => (bytes ? bytesText(bytes[name]) : ''),
  isNumber: true,
});

const vmColumns: readonly Column<VmReport>[] = [
  { title: 'VM', value: ({ name }) => name },
  { title: 'State', value: ({ state, warnings }) => stateText(state, warnings.length) },
  { title: 'Started', value: ({ startedAt }) => (startedAt === undefined ? '' : timeText(startedAt)) },
  { title: 'Ended', value: ({ endedAt }) => (endedAt === undefined ? '' : timeText(endedAt)) },
  {
    ...{ title: 'Duration', isNumber: true },
    value: ({ durationMs }) => (durationMs === undefined ? '' : durationText(durationMs)),
  },
  { title: 'Source', value: ({ source = '' }) => source },
  { title: 'Kind', value: ({ kind = '' }) => kind },
  bytesOf('provisioned', 'Provisioned'),
  bytesOf('changed', 'Changed'),
  bytesOf('read', 'Read'),
  bytesOf('stored', 'Stored'),
  {
    title: 'Bottleneck',
    value: (vm) => bottleneckText([vm]) ?? '',
  },
  {
    ...{ title: 'VMware snapshot', isNumber: true },
    value: ({ vmwareSnapshotMs }) => (vmwareSnapshotMs === undefined ? '' : durationText(vmwareSnapshotMs)),
  },
  {
    title: 'Codes',
    value: ({ problem, warnings }) =>
      [...(problem ? [problem] : []), ...warnings].map(({ code }) => code).join(', '),
  },
];

function stateText(state: string, warnings: number) {
  if (state === 'success' && warnings > 0) return toned('warning', 'warn');
  return toned(state, tones[state] ?? 'plain');
}

const leftColumns: readonly Column<LeftStorageSnapshot>[] = [
  { title: 'Array', value: ({ arrayName }) => arrayName },
  { title: 'Volume', value: ({ volumeName }) => volumeName },
  { title: 'Storage snapshot', value: ({ name }) => name },
  { title: 'Role', value: ({ role }) => role },
];
