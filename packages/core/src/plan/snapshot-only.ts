import { LeewardError, reportOf } from '../errors/leeward-error.ts';
import { freezeProblem, secondaryPath } from './array-path.ts';
import type { PathChoice, PathRequest } from './choose-path.ts';
import type { ConsideredPath } from './considered.ts';
import type { FormedGroup } from './groups.ts';
import type { Job } from './job.ts';
import { keepsChainOnPrimary, keepsChainOnSecondary } from './job-chains.ts';
import type { PlanningInventory } from './planning-inventory.ts';
import type { VolumeUse } from './volume-use.ts';

/** The lane of the VMs that are handled after all others, one after another (R11). */
export const afterOthers = 'after-others';

/**
 * A volume as a snapshot-only job uses it: nothing on it is read. A relation by transfer is left alone where no chain on
 * the secondary is asked for; a synchronous one is used whatever is asked for, as far as it can be. Others unchanged.
 */
export function keptUse(use: VolumeUse, job: Job): VolumeUse {
  if (!job.snapshotOnly) return use;
  const unread = { ...use, protocols: [], lunPaths: [] };
  const { chosen, problem, ...choice } = use.choice;
  const isNeeded = keepsChainOnSecondary(job) || (chosen?.relation.kind === 'sync' && !problem);
  return isNeeded ? unread : { ...unread, choice };
}

/** For a job that reads nothing no proxy has to reach anything. */
export function withoutReaders(inventory: PlanningInventory): PlanningInventory {
  return { ...inventory, proxies: [{ id: '', name: '', addresses: [], slots: 1, online: true, reach: [] }] };
}

/**
 * Where the storage snapshots of a VM of a snapshot-only job stay: on the secondary (too), or on the primary alone,
 * which is a failover where the job asks for the secondary. There is no other way.
 */
export function chooseChains({ vmName, hindrance, volumes, job, inventory }: PathRequest): PathChoice {
  const standard = new LeewardError('L-PLN-200');
  const barred = hindrance?.reason ?? freezeProblem(volumes);
  if (barred) {
    const problem = new LeewardError('L-PLN-201', { vm: vmName, reason: reportOf(barred).what });
    return {
      problem,
      unproved: [],
      considered: considered({ secondary: barred, primary: barred, standard }),
    };
  }
  const isWanted = keepsChainOnSecondary(job);
  const reached = secondaryPath(volumes, withoutReaders(inventory));
  const lost = reached instanceof LeewardError ? reached : undefined;
  const isPaired = volumes.some(({ choice }) => choice.chosen);
  if (!lost && (isWanted || isPaired)) {
    const primary = alone(job) ?? new LeewardError('L-PLN-122', { path: 'primary', source: 'secondary' });
    return { source: 'secondary', unproved: [], considered: considered({ primary, standard }) };
  }
  const secondary = lost ?? new LeewardError('L-PLN-202');
  const primary = isWanted ? (alone(job) ?? strict(vmName, secondary, job)) : undefined;
  const verdicts = considered({ secondary, ...(primary ? { primary } : {}), standard });
  if (!primary) return { source: 'primary', unproved: [], considered: verdicts };
  const problem = primary.code === 'L-SRC-103' ? primary : secondary;
  return { problem, unproved: [], considered: verdicts };
}

/** Why the storage snapshots may not stay on the primary alone when the secondary cannot have any. */
function alone(job: Job): LeewardError | undefined {
  if (!keepsChainOnPrimary(job)) return new LeewardError('L-PLN-203');
  return job.failoverToPrimary ? undefined : new LeewardError('L-PLN-204');
}

function strict(vm: string, secondary: LeewardError, { failOnDowngrade }: Job): LeewardError | undefined {
  return failOnDowngrade
    ? new LeewardError('L-SRC-103', { vm, reason: reportOf(secondary).what })
    : undefined;
}

function considered(
  reasons: Partial<Record<ConsideredPath['path'], LeewardError>>,
): readonly ConsideredPath[] {
  return (['secondary', 'primary', 'standard'] as const).map((path): ConsideredPath => {
    const why = reasons[path];
    if (!why) return { path, verdict: 'chosen' };
    return { path, verdict: why.code === 'L-PLN-122' ? 'possible' : 'not', reason: reportOf(why) };
  });
}

/** Of the synchronous relations of a VM that are used whatever the job asks for: those that cannot be now. */
export function halvesMissing(volumes: readonly VolumeUse[], job: Job): readonly LeewardError[] {
  if (!job.snapshotOnly || keepsChainOnSecondary(job)) return [];
  return volumes.flatMap(({ home, choice: { chosen, problem } }) =>
    chosen?.relation.kind === 'sync' && problem
      ? [new LeewardError('L-PLN-205', { volume: home.volume.name, reason: reportOf(problem).what })]
      : [],
  );
}

/**
 * Whether the storage snapshot of a VM alone is what its VMware snapshot would freeze, by the volumes that hold it: all
 * is of one instant, and the guest is not asked to be quiesced, which only a VMware snapshot does.
 */
export function isFreezeOnly(volumes: readonly VolumeUse[], { snapshotOnly, quiesce }: Job): boolean {
  return snapshotOnly && quiesce === 'off' && volumes.length === 1;
}

/**
 * Groups in the order in which they are handled: those whose VM needs no VMware snapshot come last, in one lane (R11).
 * @param isFreezeOnly asked only of a VM that shares no volume with another VM of the job
 */
export function freezeOnlyLast(
  formed: readonly FormedGroup[],
  isFreezeOnly: (vmKey: string) => boolean,
): readonly FormedGroup[] {
  const isLast = ({ lane, members }: FormedGroup) => {
    const [only, ...others] = members;
    const isAlone = only && others.length === 0 && formed.filter((each) => each.lane === lane).length === 1;
    return isAlone === true && isFreezeOnly(only.vmKey);
  };
  return [
    ...formed.filter((group) => !isLast(group)),
    ...formed.filter(isLast).map((group) => ({ ...group, lane: afterOthers })),
  ];
}
