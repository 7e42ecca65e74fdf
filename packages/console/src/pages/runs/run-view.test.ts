import { describe, expect, it } from 'vitest';
import type { RunStep, RunView } from '../../api/runs.ts';
import { budgetUse, fourBytes, liveFigures, snapshotLives } from './figures.ts';
import { ganttOf, kindOf } from './gantt-layout.ts';
import { rateOf } from './rate.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 26, 10, 0, seconds)).toISOString();
const nowMs = Date.parse(at(40));

const step = (scope: string, name: string, from: number, to?: number, detail: object = {}): RunStep => ({
  ...{ scope, name, startedAt: at(from), detail },
  ...(to === undefined ? {} : { endedAt: at(to) }),
});

const view: RunView = {
  run: { id: 'r1', jobId: 'j', kind: 'backup', state: 'running', startedAt: at(0) },
  jobName: 'nightly',
  vms: [
    {
      ...{ vmKey: 'a', name: 'web', state: 'success' },
      facts: {
        bytes: { provisioned: 100, changed: 30, read: 30, stored: 10 },
        vmwareSnapshot: { name: 's', createdAt: at(2), removedAt: at(7) },
      },
    },
    { vmKey: 'b', name: 'db', state: 'running', facts: { vmwareSnapshot: { name: 's', createdAt: at(2) } } },
  ],
  steps: [
    step('', 'plan', 0, 1),
    step('a', 'vmware-snap', 1, 3),
    step('a', 'transfer', 3, 10, { failed: 'L-RUN-101' }),
    step('a', 'vmware-snap-removed', 4, 7),
    step('b', 'read', 20),
  ],
  events: [],
  progress: {
    f1: { phase: 'read', vm: 'db', bytesRead: 5, bytesToRead: 50 },
    f2: { phase: 'transfer', volume: 'vol', to: 'b', bytesTransferred: 7 },
    f3: { whatever: 1 },
  },
  openObjects: [],
};

describe('the figures of a run', () => {
  it('sum up the four numbers of bytes, with what is read just now', () => {
    expect(fourBytes(view)).toEqual({ provisioned: 100, changed: 30, read: 35, stored: 10 });
    expect(liveFigures(view.progress)).toEqual([
      { id: 'f1', phase: 'read', label: 'db', doneBytes: 5, totalBytes: 50 },
      { id: 'f2', phase: 'transfer', label: 'vol to b', doneBytes: 7 },
    ]);
  });

  it('tell how long VMware snapshots lived, those that exist by the clock', () => {
    expect(snapshotLives(view.vms, nowMs)).toEqual([
      { vm: 'db', livedMs: 38_000, isThere: true },
      { vm: 'web', livedMs: 5_000, isThere: false },
    ]);
    expect([budgetUse(4, 10), budgetUse(5, 10), budgetUse(10, 10), budgetUse(99, undefined)]).toEqual([
      ...['good', 'half', 'over', 'good'],
    ]);
  });

  it('tell a rate only over a time that can be measured', () => {
    expect(rateOf([{ atMs: 0, bytes: 100 }])).toBe(0);
    expect(
      rateOf([
        { atMs: 0, bytes: 100 },
        { atMs: 2_000, bytes: 500 },
      ]),
    ).toBe(200);
  });
});

describe('the steps of a run over time', () => {
  const gantt = ganttOf(view, nowMs);

  it('have a lane for the run and for each VM, and bars within the time of the run', () => {
    expect(gantt.lanes.map(({ name, rows }) => [name, rows])).toEqual([
      ['whole run', 1],
      ['web', 2],
      ['db', 1],
    ]);
    for (const { from, to } of gantt.lanes.flatMap(({ bars }) => bars)) {
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeGreaterThanOrEqual(from);
      expect(to).toBeLessThanOrEqual(1);
    }
  });

  it('show how long each VMware snapshot existed, to now where it still does', () => {
    expect(gantt.lanes.map(({ life }) => life?.durationMs)).toEqual([undefined, 5_000, 38_000]);
    expect(gantt.lanes.at(-1)?.life?.to).toBe(1);
  });

  it('say what failed and what goes on', () => {
    const bars = gantt.lanes.flatMap((lane) => lane.bars);
    expect(bars.filter(({ failed }) => failed).map(({ step, failed }) => [step, failed])).toEqual([
      ['transfer', 'L-RUN-101'],
    ]);
    expect(bars.filter(({ isGoing }) => isGoing)).toMatchObject([
      { step: 'read', durationMs: 20_000, to: 1 },
    ]);
  });

  it.each([
    ['vmware-snap', 'vmware-snapshot'],
    ['earlier-transfer', 'transfer'],
    ['array-snap', 'storage'],
    ['read', 'read'],
    ['plan', 'prepare'],
    ['cleanup', 'end'],
  ])('%s is of the kind %s', (name, kind) => expect(kindOf(name)).toBe(kind));
});
