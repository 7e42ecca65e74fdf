import { makePlan } from '@leeward/core';
import { testInventory, testJob, testVm } from '@leeward/core/testing/planning-world';
import { ManualClock } from '@leeward/platform';
import { describe, expect, it } from 'vitest';
import { planAfterMigrations } from './plan-after-migrations.ts';

const minuteMs = 60_000;

/** Two VMs of a job, the first of which is moved until the given time. */
async function planned(movingForMs: number) {
  const clock = new ManualClock(0);
  const seen = { plans: 0, polls: 0, waited: [] as string[] };
  const isMoving = () => clock.now() < movingForMs;
  const plan = async () => {
    seen.plans += 1;
    const migration = { task: 'VirtualMachine.relocate', progress: 10 };
    const vms = [testVm(isMoving() ? { migration } : {}), testVm({ name: 'vm2' })];
    return makePlan(testJob({ vms: ['vm1', 'vm2'] }), testInventory({ vms }), clock.now());
  };
  const work = planAfterMigrations({
    clock,
    plan,
    isMigrating: async () => {
      seen.polls += 1;
      return isMoving();
    },
    waiting: async (vmKeys, wait) => {
      seen.waited.push(...vmKeys);
      await wait();
    },
  });
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { ...seen, atMs: clock.now(), vms: (await done).vms };
}

describe('the plan of a run', () => {
  it('waits for nothing where nothing moves', async () => {
    expect(await planned(0)).toMatchObject({ plans: 1, polls: 0, waited: [] });
  });
  it('waits for a VM that is being migrated, and plans again when it is not', async () => {
    const { plans, polls, waited, atMs, vms } = await planned(minuteMs);
    expect([plans, polls > 5, waited]).toEqual([2, true, ['vc-1/moid-vm1']]);
    expect(atMs).toBeLessThan(2 * minuteMs);
    expect(vms.map(({ source }) => source)).toEqual(['secondary', 'secondary']);
  });
  it('goes on without one that is migrated for long, and says why', async () => {
    const { plans, atMs, vms } = await planned(60 * minuteMs);
    expect(plans).toBe(2);
    expect(atMs).toBeLessThan(6 * minuteMs);
    expect(vms.map(({ source, problem }) => source ?? problem?.code)).toEqual(['L-PLN-139', 'secondary']);
  });
});
