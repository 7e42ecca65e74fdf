import type { Job } from './job.ts';
import { keepsChainOnPrimary } from './job-chains.ts';
import { type Effect, type HopPlan, planHops, type RelationPlan, type VolumePlan } from './plan.ts';

/** `3 transferred storage snapshot(s)`, with the days that they stay at least. */
export function linksText(
  count: number,
  days: number | undefined,
  kind: 'transferred' | 'coordinated' | 'long-term' = 'transferred',
): string {
  const links = `${count} ${kind} storage snapshot(s)`;
  return days === undefined ? links : `${links} and those of the last ${days} day(s)`;
}

/** The transfers that a run makes, one after the other. */
export function transferEffects(relation: RelationPlan): readonly Effect[] {
  return planHops(relation).map(({ arrayName, volumeName, policy }, at): Effect => {
    const what = at === 0 ? 'transfer of it' : 'transfer of what arrived there';
    return {
      system: arrayName,
      action: 'create',
      what: `${what} to volume ${volumeName} (${policy} relation)`,
    };
  });
}

/**
 * What stays where after a cascade, as the chains are rotated. The job's links are kept on the last volume; where that is
 * a mirror on the one that feeds it, since a mirror has what that has; elsewhere the bases of the next transfers stay.
 */
export function cascadeKept(
  job: Job,
  { arrayName, volumeName }: VolumePlan,
  relation: RelationPlan,
): readonly Effect[] {
  const hops = planHops(relation);
  const places: readonly Pick<HopPlan, 'arrayName' | 'volumeName'>[] = [{ arrayName, volumeName }, ...hops];
  const isMirror = (at: number) => hops[at - 1]?.policy === 'mirror';
  let keeper = hops.length;
  while (isMirror(keeper)) keeper--;
  const links = linksText(Math.max(1, job.secondaryKeep), job.secondaryKeepDays);
  const own = keepsChainOnPrimary(job)
    ? [`${linksText(job.primaryKeep ?? 1, job.primaryKeepDays)} for its own chain`]
    : [];
  return places.map(({ arrayName: system, volumeName: volume }, at): Effect => {
    const before = places[at - 1]?.volumeName ?? '';
    if (isMirror(at))
      return {
        system,
        action: 'keep',
        what: `what volume ${before} keeps, as a mirror, in volume ${volume}`,
      };
    const wanted = [...(at === keeper ? [links] : []), ...(at === 0 ? own : [])];
    const bases = at < hops.length ? ['the bases of the next transfers'] : [];
    const kept = [...wanted, ...bases].join(', and ');
    return { system, action: 'keep', what: `${kept} of volume ${volume}; older ones of this job go` };
  });
}
