import type { FourBytes, RunView } from '../../api/runs.ts';

/** One flow of a run that is under way: what it does, and how far it is. */
export interface LiveFigure {
  readonly id: string;
  readonly phase: string;
  readonly label: string;
  readonly doneBytes: number;
  readonly totalBytes?: number;
}

/** Progress values are each flow's own; only fields of these names are shown. */
export function liveFigures(progress: RunView['progress']): readonly LiveFigure[] {
  return Object.entries(progress).flatMap(([id, value]) => {
    if (typeof value !== 'object' || value === null) return [];
    const fields = new Map<string, unknown>(Object.entries(value));
    const text = (...names: string[]) =>
      names.map((name) => fields.get(name)).find((each) => typeof each === 'string') ?? '';
    const number = (...names: string[]) =>
      names.map((name) => fields.get(name)).find((each) => typeof each === 'number');
    const phase = text('phase');
    const doneBytes = number('bytesRead', 'bytesTransferred', 'bytesWritten', 'bytesDone');
    if (phase === '' || doneBytes === undefined) return [];
    const totalBytes = number('bytesToRead', 'bytesTotal');
    const to = text('to');
    const label = [text('vm', 'volume'), to === '' ? '' : `to ${to}`].filter(Boolean).join(' ');
    return [{ id, phase, label, doneBytes, ...(totalBytes ? { totalBytes } : {}) }];
  });
}

/** The four numbers of a run: of its VMs that are done, and what is read of the others so far. */
export function fourBytes({ vms, progress }: Pick<RunView, 'vms' | 'progress'>): FourBytes {
  const sum = { provisioned: 0, changed: 0, read: 0, stored: 0 };
  for (const { facts } of vms) {
    if (!facts.bytes) continue;
    for (const key of ['provisioned', 'changed', 'read', 'stored'] as const) sum[key] += facts.bytes[key];
  }
  for (const { phase, doneBytes } of liveFigures(progress)) if (phase === 'read') sum.read += doneBytes;
  return sum;
}

export interface SnapshotLife {
  readonly vm: string;
  readonly livedMs: number;
  /** It exists still. */
  readonly isThere: boolean;
}

/** How long the VMware snapshots of a run lived, the longest first. */
export function snapshotLives(vms: RunView['vms'], nowMs: number): readonly SnapshotLife[] {
  return vms
    .flatMap(({ name, facts: { vmwareSnapshot } }) => {
      if (!vmwareSnapshot) return [];
      const { createdAt, removedAt } = vmwareSnapshot;
      const livedMs = (removedAt ? Date.parse(removedAt) : nowMs) - Date.parse(createdAt);
      return [{ vm: name, livedMs: Math.max(0, livedMs), isThere: removedAt === undefined }];
    })
    .toSorted((a, b) => b.livedMs - a.livedMs);
}

/** Of a budget: below half, below all of it, beyond it. */
export function budgetUse(livedMs: number, budgetMs: number | undefined): 'good' | 'half' | 'over' {
  if (budgetMs === undefined || livedMs < budgetMs / 2) return 'good';
  return livedMs < budgetMs ? 'half' : 'over';
}
