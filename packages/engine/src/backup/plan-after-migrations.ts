import { type Clock, type Plan, type VmId, type VmPlan, vmKey } from '@leeward/core';

/** A vMotion takes a minute or so; a storage vMotion may take hours, for which the other VMs do not wait. */
const migrationWaitMs = 5 * 60_000;
const pollMs = 5_000;

export interface PlanAfterMigrations {
  readonly clock: Clock;
  /** Looks at everything anew and makes the plan. */
  readonly plan: () => Promise<Plan>;
  readonly isMigrating: (vm: VmId) => Promise<boolean>;
  /** Runs the wait for these VMs where it is to be seen. */
  readonly waiting: (vmKeys: readonly string[], wait: () => Promise<void>) => Promise<void>;
  readonly signal?: AbortSignal;
}

/**
 * The plan of a run. Where VMs are being moved, waits until they are not, at most some minutes in all, and plans again:
 * they may lie elsewhere then. A VM that is moved for longer stays refused in the plan, with the reason.
 */
export async function planAfterMigrations(options: PlanAfterMigrations): Promise<Plan> {
  const { clock, isMigrating, waiting, signal } = options;
  const plan = await options.plan();
  let moving = migratingVms(plan);
  if (moving.length === 0) return plan;
  const untilMs = clock.now() + migrationWaitMs;
  await waiting(
    moving.map(({ vm }) => vmKey(vm)),
    async () => {
      while (moving.length > 0 && clock.now() < untilMs) {
        await clock.sleep(pollMs, signal);
        const still: VmPlan[] = [];
        for (const each of moving) if (await isMigrating(each.vm)) still.push(each);
        moving = still;
      }
    },
  );
  return options.plan();
}

function migratingVms({ vms }: Plan): readonly VmPlan[] {
  return vms.filter(({ problem }) => problem?.code === 'L-PLN-139');
}
