import { LeewardError } from '../errors/leeward-error.ts';
import { dayMs } from '../retention/words.ts';
import type { LockAbility } from '../words/array-inventory.ts';
import type { VolumeId } from '../words/storage.ts';
import type { Job } from './job.ts';
import { keepsChainOnPrimary } from './job-chains.ts';
import type { Effect, VolumePlan } from './plan.ts';

/** What a run locks of the chains of a volume; or why the array locks nothing, or less than the job asks for. */
export function lockEffects(
  job: Job,
  volume: VolumePlan,
  abilityOf: (volume: VolumeId) => LockAbility | undefined,
): readonly Effect[] {
  const { relation } = volume;
  const { secondaryLockDays, primaryLockDays } = job;
  const isChainOnPrimary = keepsChainOnPrimary(job);
  if (!relation)
    return job.snapshotOnly && isChainOnPrimary ? lockEffect(primaryLockDays, volume, abilityOf) : [];
  // Both halves of a coordinated storage snapshot are locked alike, as long as either side wants.
  const both = relation.kind === 'sync' ? Math.max(secondaryLockDays ?? 0, primaryLockDays ?? 0) : undefined;
  return [
    ...lockEffect(both ?? secondaryLockDays, relation, abilityOf),
    ...(isChainOnPrimary || (job.snapshotOnly && both !== undefined)
      ? lockEffect(both ?? primaryLockDays, volume, abilityOf)
      : []),
    ...(primaryLockDays !== undefined && !isChainOnPrimary
      ? [told(volume, new LeewardError('L-PLN-172', { volume: volume.volumeName }))]
      : []),
  ];
}

type End = Pick<VolumePlan, 'arrayName' | 'volume' | 'volumeName'>;

function lockEffect(
  days: number | undefined,
  end: End,
  abilityOf: (volume: VolumeId) => LockAbility | undefined,
): readonly Effect[] {
  if (!days) return [];
  const { volumeName: volume, arrayName } = end;
  const ability = abilityOf(end.volume) ?? noLocks;
  if (!ability.possible)
    return [told(end, new LeewardError('L-PLN-170', { volume, days, why: ability.why }))];
  const most = ability.maxMs === undefined ? days : Math.floor(ability.maxMs / dayMs);
  const what = `locks on the long-term storage snapshots of volume ${volume}: nobody can delete one for ${Math.min(days, most)} day(s) after it was frozen`;
  const clamped = most < days ? [told(end, new LeewardError('L-PLN-171', { volume, days, most }))] : [];
  return [{ system: arrayName, action: 'change', what }, ...clamped];
}

/** A family without `Volume.locks`. */
const noLocks: LockAbility = { possible: false, why: 'this family of arrays has no locks.' };

function told({ arrayName }: Pick<End, 'arrayName'>, { message: what }: LeewardError): Effect {
  return { system: arrayName, action: 'keep', what };
}
