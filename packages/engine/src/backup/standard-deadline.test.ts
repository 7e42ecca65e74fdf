import { type Job, LeewardError, type Plan, type VmPlan } from '@leeward/core';
import { describe, expect, it } from 'vitest';
import type { FlowContext } from '../flow/flow.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { simulate } from '../flow/memory/simulation.ts';
import type { ReadVmResult } from '../proxy/read-vm.ts';
import type { GroupState } from './group-state.ts';
import { readInTime, readUntilMs } from './standard-deadline.ts';

const hourMs = 3_600_000;
const result = { pointId: 'point' } as ReadVmResult;

/** The reader works for so long, and then fails with that code. */
interface Reading {
  readonly forMs: number;
  readonly fails?: 'L-RUN-101' | 'L-RUN-108';
  /** Nobody serves its queue. */
  readonly isAlone?: boolean;
}

/** What reading a VM comes to whose VMware snapshot may live for two hours, and whether the reader was told to stop. */
async function read({ forMs, fails, isAlone }: Reading, crashes = 0) {
  const plan = { job: { standardMaxSnapshotMs: 2 * hourMs } as Job } as Plan;
  const told: string[] = [];
  const reader = (clock: { sleep(ms: number, signal?: AbortSignal): Promise<void> }) =>
    ({
      name: 'reader',
      run: (context: FlowContext) =>
        context.step('read', { cancellable: true }, async (signal) => {
          signal.addEventListener('abort', () => told.push('stop'));
          await clock.sleep(forMs, signal);
          if (fails) throw new LeewardError(fails, { vm: 'vm', wait: 'read', timeoutMs: 1 });
          return result;
        }),
    }) satisfies FlowDefinition<unknown, ReadVmResult>;
  const parent: FlowDefinition<unknown, unknown> = {
    name: 'parent',
    async run(context) {
      const frozenAt = new Date(await context.now()).toISOString();
      const queue = isAlone ? 'nowhere' : 'proxy';
      const child = await context.child<null, ReadVmResult>({ name: 'reader' }, 'reader', null, { queue });
      const state = { context, plan } as GroupState;
      return readInTime(state, { name: 'db-01' } as VmPlan, child, readUntilMs(state, frozenAt));
    },
  };
  const { flows, virtualMs } = await simulate({
    ...{ seed: 5, crashes, faultRate: 0.3 },
    processes: [
      { name: 'server', queues: ['server'], defaultQueue: 'server', flows: () => [parent] },
      {
        ...{ name: 'proxy', queues: ['proxy'], defaultQueue: 'proxy' },
        flows: (process) => [reader(process.clock)],
      },
    ],
    async begin(engine) {
      await engine.start(parent, 'run', null, { queue: 'server' });
    },
  });
  const outcome = flows.find(({ id }) => id === 'run')?.result as {
    readonly ok: boolean;
    readonly problem?: { readonly code: string; readonly what: string };
  };
  return { outcome, told, hours: virtualMs / hourMs };
}

describe('the life of a VMware snapshot on the standard way', () => {
  it('a VM that is read in time has its point', async () => {
    const { outcome, told } = await read({ forMs: hourMs });
    expect([outcome.ok, told]).toEqual([true, []]);
  });
  it('a reader that is late is stopped, and the VM fails with what was allowed', async () => {
    const { outcome, told, hours } = await read({ forMs: 30 * hourMs });
    expect(outcome.problem?.code).toBe('L-RUN-152');
    expect(outcome.problem?.what).toContain('"db-01"');
    expect(outcome.problem?.what).toContain('2 h');
    expect(told).toEqual(['stop']);
    // Virtual time goes in steps of up to an hour.
    expect(hours).toBeLessThan(4.5);
  });
  it('also when processes die meanwhile', async () => {
    expect((await read({ forMs: 30 * hourMs }, 4)).outcome.problem?.code).toBe('L-RUN-152');
    expect((await read({ forMs: hourMs / 2 }, 4)).outcome.ok).toBe(true);
  });
  it('also when no proxy ever comes to read', async () => {
    const { outcome, hours } = await read({ forMs: 1, isAlone: true });
    expect(outcome.problem?.code).toBe('L-RUN-152');
    expect(hours).toBeLessThan(4.5);
  });
  it('an error of the reader is told as it is; its own bound counts as late', async () => {
    expect((await read({ forMs: hourMs / 2, fails: 'L-RUN-108' })).outcome.problem?.code).toBe('L-RUN-108');
    expect((await read({ forMs: hourMs / 2, fails: 'L-RUN-101' })).outcome.problem?.code).toBe('L-RUN-101');
    expect((await read({ forMs: 1.95 * hourMs, fails: 'L-RUN-101' })).outcome.problem?.code).toBe(
      'L-RUN-152',
    );
  });
});
