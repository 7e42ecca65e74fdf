import type { RunStep, RunView, RunVm } from '../../api/runs.ts';

export interface GanttBar {
  readonly step: string;
  /** 0 to 1 of the whole time. */
  readonly from: number;
  readonly to: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly failed?: string;
  readonly isGoing: boolean;
  /** Row within its lane: bars that overlap lie below each other. */
  readonly row: number;
}

export interface GanttLane {
  readonly key: string;
  readonly name: string;
  readonly bars: readonly GanttBar[];
  readonly rows: number;
  /** From the creation of its VMware snapshot to the removal, 0 to 1 of the whole time. */
  readonly life?: { readonly from: number; readonly to: number; readonly durationMs: number };
}

export interface Gantt {
  readonly lanes: readonly GanttLane[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** A lane for the run and one for each VM, with a bar for each step. */
export function ganttOf(view: RunView, nowMs: number): Gantt {
  const fromMs = Date.parse(view.run.startedAt);
  const lastMs = Math.max(
    ...view.steps.map(({ endedAt }) => (endedAt ? Date.parse(endedAt) : fromMs)),
    view.run.endedAt ? Date.parse(view.run.endedAt) : nowMs,
    fromMs + 1,
  );
  const part = (ms: number) => Math.min(1, Math.max(0, (ms - fromMs) / (lastMs - fromMs)));
  const lifeOf = ({ facts: { vmwareSnapshot } }: RunVm): Pick<GanttLane, 'life'> => {
    if (!vmwareSnapshot) return {};
    const { createdAt, removedAt } = vmwareSnapshot;
    const from = Date.parse(createdAt);
    const to = removedAt === undefined ? nowMs : Date.parse(removedAt);
    return { life: { from: part(from), to: part(to), durationMs: to - from } };
  };
  const lane = (key: string, name: string): GanttLane => {
    const steps = view.steps.filter(({ scope }) => scope === key);
    const bars = inRows(steps.map((step) => barOf(step, fromMs, lastMs, view.run.endedAt, nowMs)));
    return { key, name, bars, rows: Math.max(1, ...bars.map(({ row }) => row + 1)) };
  };
  const lanes = [
    lane('', 'whole run'),
    ...view.vms.map((vm) => ({ ...lane(vm.vmKey, vm.name), ...lifeOf(vm) })),
  ];
  return { lanes: lanes.filter(({ bars }) => bars.length > 0), fromMs, toMs: lastMs };
}

function barOf(
  step: RunStep,
  fromMs: number,
  toMs: number,
  runEndedAt: string | undefined,
  nowMs: number,
): Omit<GanttBar, 'row'> {
  const startMs = Date.parse(step.startedAt);
  const isGoing = step.endedAt === undefined && runEndedAt === undefined;
  const endMs = step.endedAt ? Date.parse(step.endedAt) : isGoing ? nowMs : toMs;
  const part = (ms: number) => Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)));
  const failed = failureOf(step);
  return {
    ...{ step: step.name, from: part(startMs), to: part(Math.max(startMs, endMs)) },
    ...{ startedAt: step.startedAt, durationMs: Math.max(0, endMs - startMs), isGoing },
    ...(failed ? { failed } : {}),
  };
}

/** Code of what a step ended with. */
export function failureOf({ detail }: Pick<RunStep, 'detail'>): string | undefined {
  const failed = 'failed' in detail ? detail.failed : undefined;
  return typeof failed === 'string' ? failed : undefined;
}

function inRows(bars: readonly Omit<GanttBar, 'row'>[]): readonly GanttBar[] {
  const ends: number[] = [];
  return bars
    .toSorted((a, b) => a.from - b.from)
    .map((bar) => {
      const free = ends.findIndex((end) => end <= bar.from);
      const row = free < 0 ? ends.length : free;
      ends[row] = bar.to;
      return { ...bar, row };
    });
}

/** The kinds of steps, for people. */
export const kindNames = {
  prepare: 'prepare',
  'vmware-snapshot': 'make or remove VMware snapshot',
  storage: 'storage snapshot, access',
  transfer: 'transfer',
  read: 'read and store',
  end: 'clean up',
} as const;

/** Of which kind a step is, by its name: each kind has one colour. */
export function kindOf(step: string): keyof typeof kindNames {
  const name = step.replace(/^earlier-/, '');
  if (/^(vmware-snap|quiesce|freeze)/.test(name)) return 'vmware-snapshot';
  if (/^(transfer|replicat)/.test(name)) return 'transfer';
  if (/^(array-snap|storage-snap|mount|present|clone|settle)/.test(name)) return 'storage';
  if (/^(read|restore|write|commit|verify)/.test(name)) return 'read';
  if (/^(plan|pre-script|rescan|wait)/.test(name)) return 'prepare';
  return 'end';
}
