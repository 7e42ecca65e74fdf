import { isoTime, type Plan, type VmPlan } from '@leeward/core';
import { ManualClock } from '@leeward/platform';
import { expect, test } from 'vitest';
import type { GroupState } from './group-state.ts';
import { settle } from './settle-step.ts';

const vm = (moId: string, onVmfs: boolean) =>
  ({ vm: { vcenterId: 'vc', moId }, disks: [{ located: onVmfs ? { vmfs: {} } : {} }] }) as unknown as VmPlan;

function stateOf(clock: ManualClock, onVmfs: boolean, settlePauseMs: number, ageMs: number) {
  const vms = [vm('a', onVmfs), vm('b', false)];
  const keys = ['vc/a', 'vc/b'];
  const slept: string[] = [];
  const stop = new AbortController();
  const state = {
    deps: {
      clock,
      store: {
        runLog: {
          step: (_run: string, scopes: readonly string[], name: string, work: () => Promise<void>) => {
            slept.push(`${name} ${scopes.join(' ')}`);
            return work();
          },
        },
      },
    },
    context: {
      step: (_name: string, _options: object, work: (signal: AbortSignal) => Promise<null>) =>
        work(stop.signal),
    },
    runId: 'run',
    plan: { job: { settlePauseMs }, vms } as unknown as Plan,
    group: { id: 'g1', vmKeys: keys },
    vms: new Map(vms.map((each, at) => [keys[at], each])),
    frozen: new Map([
      ['vc/a', { createdAt: isoTime(clock.now() - ageMs - 9_000) }],
      ['vc/b', { createdAt: isoTime(clock.now() - ageMs) }],
    ]),
  } as unknown as GroupState;
  return { state, slept, stop };
}

test('the pause lasts until the last VMware snapshot of the group is old enough', async () => {
  const clock = new ManualClock();
  const { state, slept } = stateOf(clock, true, 5_000, 2_000);
  let isOver = false;
  const settling = settle(state).then(() => {
    isOver = true;
  });
  await clock.advance(2_999);
  expect(isOver).toBe(false);
  await clock.advance(1);
  await settling;
  expect(slept).toEqual(['settle vc/a vc/b']);
});

test.each([
  ['no VM of the group is on VMFS', false, 5_000, 0],
  ['the job wants none', true, 0, 0],
  ['it is over already', true, 5_000, 5_000],
] as const)('there is none when %s', async (_, onVmfs, pauseMs, ageMs) => {
  const { state, slept } = stateOf(new ManualClock(), onVmfs, pauseMs, ageMs);
  await settle(state);
  expect(slept).toEqual([]);
});

test('it ends when its signal does', async () => {
  const { state, stop } = stateOf(new ManualClock(), true, 5_000, 0);
  const settling = settle(state);
  stop.abort(new Error('cancelled'));
  await expect(settling).rejects.toThrow('cancelled');
});
