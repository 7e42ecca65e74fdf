import { objectKey, ownPlan, type Plan, planHops } from '@leeward/core';
import type { RunStep } from '../store/run-log.ts';
import type { Run } from '../store/runs.ts';

/** A run for who is limited to jobs: its plan without the names of volumes that are only frozen along. */
export function ownRun(run: Run): Run {
  return run.plan ? { ...run, plan: ownPlan(run.plan) } : run;
}

/** What steps and live figures say of volumes of the plan, for the same. */
export function ownFigures<
  Figures extends {
    readonly steps: readonly RunStep[];
    readonly progress: Readonly<Record<string, unknown>>;
  },
>(figures: Figures, plan: Plan | undefined): Figures {
  const isAlong = plan ? namedAlong(plan) : () => false;
  const steps = figures.steps.map((step): RunStep => {
    const { states } = step.detail as { readonly states?: object };
    if (!states) return step;
    const own = Object.entries(states).filter(([volumeName]) => !isAlong(volumeName));
    return { ...step, detail: { ...step.detail, states: Object.fromEntries(own) } };
  });
  const progress = Object.entries(figures.progress).filter(
    ([, value]) => !isAlong((value as { readonly volume?: unknown } | null)?.volume),
  );
  return { ...figures, steps, progress: Object.fromEntries(progress) };
}

/** Keys of the volumes that the plan names: those of its groups, and those that they are transferred to. */
export function namedVolumes({ groups }: Plan): ReadonlySet<string> {
  const volumes = groups.flatMap((group) => group.volumes);
  const ends = volumes.flatMap(({ volume, relation }) => [
    volume,
    ...(relation ? planHops(relation) : []).map((hop) => hop.volume),
  ]);
  return new Set(ends.map(objectKey));
}

/** Whether this is the name of a volume that `ownPlan` does not show, and of none that it shows. */
function namedAlong(plan: Plan): (name: unknown) => boolean {
  const namesIn = ({ groups }: Plan) =>
    new Set<unknown>(groups.flatMap(({ volumes }) => volumes.map(({ volumeName }) => volumeName)));
  const [all, own] = [namesIn(plan), namesIn(ownPlan(plan))];
  return (name) => all.has(name) && !own.has(name);
}
