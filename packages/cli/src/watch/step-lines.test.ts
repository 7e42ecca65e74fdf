import { expect, it } from 'vitest';
import { at, partlyView, step } from '../testing/run-views.ts';
import { StepLines } from './step-lines.ts';

it('writes a line at the beginning and at the end of each step, and a failed step as failed with its code', () => {
  const lines: string[] = [];
  new StepLines((line) => lines.push(line)).show(partlyView());
  expect(lines).toEqual([
    '20:00:00  run: plan',
    '20:00:00  run: plan done in 400 ms',
    '20:00:01  web-01: vmware-snap',
    '20:00:02  web-01: vmware-snap done in 1.0 s',
    '20:00:08  web-01: read',
    '20:00:12  web-01: read done in 4.0 s',
    '20:00:03  Büro [alt] 01: transfer',
    '20:00:06  Büro [alt] 01: transfer FAILED after 3.5 s: L-RUN-101',
    expect.stringMatching(/^! L-RUN-110 vCenter says/),
    '20:00:21  run r1: partly',
  ]);
});

it('repeats nothing, and tells of a step that was done again', () => {
  const lines: string[] = [];
  const watcher = new StepLines((line) => lines.push(line));
  const view = { ...partlyView(), events: [], run: { ...partlyView().run, endedAt: undefined as never } };
  const steps = [step('vc/vm-1', 'read', 1, 3, 'L-RUN-101')];
  watcher.show({ ...view, steps: [step('vc/vm-1', 'read', 1)] });
  watcher.show({ ...view, steps });
  watcher.show({ ...view, steps });
  watcher.show({ ...view, steps: [step('vc/vm-1', 'read', 1, 9)] });
  expect(lines).toEqual([
    '20:00:01  web-01: read',
    '20:00:03  web-01: read FAILED after 2.0 s: L-RUN-101',
    '20:00:09  web-01: read done in 8.0 s',
  ]);
  expect(at(9)).toBe('2026-11-25T20:00:09.000Z');
});
