import type { Source } from '@leeward/core';
import type { ProtectionState } from '../store/vms.ts';
import { timeText } from './figures.ts';
import { type Column, facts, heading, page, paragraph, type Tone, table, toned } from './page.ts';

/** Which copies of a VM there are, and where. */
export interface VmProtection {
  readonly name: string;
  readonly path: string;
  readonly vcenterName: string;
  readonly protection: ProtectionState;
  readonly jobs: readonly string[];
  /** Points in repositories. */
  readonly points: readonly {
    readonly repositoryName: string;
    readonly count: number;
    readonly newestAt: string;
  }[];
  /** Of the newest point. */
  readonly source?: Source;
  /** Storage snapshots of chains that hold it, by array. */
  readonly storageSnapshots: readonly {
    readonly arrayName: string;
    readonly count: number;
    readonly newestAt: string;
  }[];
}

export interface ProtectionReport {
  readonly at: string;
  /** A copy that is not older is in time. */
  readonly withinHours: number;
  readonly counts: {
    readonly total: number;
    readonly inTime: number;
    readonly late: number;
    readonly never: number;
  };
  /** By name; templates are left out. */
  readonly vms: readonly VmProtection[];
}

const tones: Readonly<Record<ProtectionState, Tone>> = { 'in-time': 'good', late: 'warn', never: 'bad' };

export function protectionReportHtml({ at, withinHours, counts, vms }: ProtectionReport): string {
  return page('Protection of VMs', [
    facts([
      ['As of', timeText(at)],
      [`With a copy of the last ${withinHours} h`, `${counts.inTime} of ${counts.total}`],
      ['Late', counts.late],
      ['Without a copy', counts.never],
    ]),
    heading('VMs'),
    table(columns, vms) ?? paragraph('No VM is known.'),
  ]);
}

const columns: readonly Column<VmProtection>[] = [
  { title: 'VM', value: ({ name }) => name },
  { title: 'vCenter', value: ({ vcenterName }) => vcenterName },
  { title: 'Protection', value: ({ protection }) => toned(protection, tones[protection]) },
  { title: 'Jobs', value: ({ jobs }) => jobs.join(', ') || 'none' },
  {
    title: 'Points',
    value: ({ points }) => places(points.map((each) => ({ place: each.repositoryName, ...each }))),
  },
  { title: 'Read from', value: ({ source = '' }) => source },
  {
    title: 'Storage snapshots',
    value: ({ storageSnapshots }) =>
      places(storageSnapshots.map((each) => ({ place: each.arrayName, ...each }))),
  },
];

function places(
  all: readonly { readonly place: string; readonly count: number; readonly newestAt: string }[],
): string {
  return all
    .map(({ place, count, newestAt }) => `${count} on ${place}, newest ${timeText(newestAt)}`)
    .join('; ');
}

const csvColumns = [
  'vm',
  'path',
  'vcenter',
  'protection',
  'jobs',
  'points',
  'newest point',
  'source',
  'storage snapshots',
  'newest storage snapshot',
];

/** As RFC 4180, one line a VM. What a spreadsheet would take for a formula begins with an apostrophe. */
export function protectionCsv({ vms }: ProtectionReport): string {
  const newest = (all: readonly { readonly newestAt: string }[]) =>
    all
      .map(({ newestAt }) => newestAt)
      .toSorted()
      .at(-1) ?? '';
  const sum = (all: readonly { readonly count: number }[]) =>
    all.reduce((total, { count }) => total + count, 0);
  const rows = vms.map(
    ({ name, path, vcenterName, protection, jobs, points, source = '', storageSnapshots }) => [
      ...[name, path, vcenterName, protection, jobs.join(' ')],
      ...[
        String(sum(points)),
        newest(points),
        source,
        String(sum(storageSnapshots)),
        newest(storageSnapshots),
      ],
    ],
  );
  return [csvColumns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
