import { cascadeKept, linksText, transferEffects } from './cascade-effects.ts';
import type { Job } from './job.ts';
import { keepsChainOnPrimary } from './job-chains.ts';
import type { Effect, RelationPlan, VolumePlan } from './plan.ts';

/** What a run of a snapshot-only job does to the arrays of a volume: it makes links of chains and reads nothing. */
export function keptEffects(job: Job, volume: VolumePlan): readonly Effect[] {
  const { arrayName: system, volumeName, relation } = volume;
  if (relation?.kind === 'sync') return pairEffects(job, volume, relation);
  const made: Effect = {
    system,
    action: 'create',
    what: `${keepsChainOnPrimary(job) ? 'long-term' : 'temporary'} storage snapshot of volume ${volumeName}`,
  };
  return [
    made,
    ...(relation ? transferEffects(relation) : []),
    ...(relation ? keptOver(job, volume, relation) : keptAlone(job, volume)),
  ];
}

function keptAlone(job: Job, { arrayName, volumeName }: VolumePlan): readonly Effect[] {
  if (!keepsChainOnPrimary(job)) return [];
  const what = `${primaryLinks(job)} of volume ${volumeName}; older ones of this job go`;
  return [{ system: arrayName, action: 'keep', what }];
}

/** As the chains are rotated: a mirror has what the primary has, so there the primary keeps as many. */
function keptOver(job: Job, volume: VolumePlan, relation: RelationPlan): readonly Effect[] {
  if (relation.via) return cascadeKept(job, volume, relation);
  const { arrayName, volumeName } = volume;
  const own = keepsChainOnPrimary(job) ? [`${primaryLinks(job)} of its own chain`] : [];
  const links = linksText(Math.max(1, job.secondaryKeep), job.secondaryKeepDays);
  const isMirror = relation.policy === 'mirror';
  const base = own.length === 0 && !isMirror ? ['the base of the next transfer'] : [];
  const onPrimary = [...(isMirror ? [links] : []), ...own, ...base].join(', and ');
  const onSecondary = isMirror ? 'what the primary keeps, as a mirror,' : links;
  return [
    {
      system: relation.arrayName,
      action: 'keep',
      what: `${onSecondary} of volume ${relation.volumeName}; older ones of this job go`,
    },
    {
      system: arrayName,
      action: 'keep',
      what: `${onPrimary} of volume ${volumeName}; older ones of this job go`,
    },
  ];
}

/** Both halves come and go together, by the rule for the primary, or else by that for the secondary. */
function pairEffects(
  job: Job,
  { arrayName, volumeName }: VolumePlan,
  other: RelationPlan,
): readonly Effect[] {
  const both = `of volume ${volumeName} and, at the same instant, of volume ${other.volumeName} on ${other.arrayName}`;
  const count = keepsChainOnPrimary(job) ? (job.primaryKeep ?? 1) : Math.max(1, job.secondaryKeep);
  const days = keepsChainOnPrimary(job) ? job.primaryKeepDays : job.secondaryKeepDays;
  const kept = linksText(count, days, 'coordinated');
  return [
    {
      system: arrayName,
      action: 'create',
      what: `long-term storage snapshot on both sides of the synchronous relation: ${both}`,
    },
    {
      system: arrayName,
      action: 'keep',
      what: `${kept} on both sides, volumes ${volumeName} and ${other.volumeName}; older ones of this job go on both`,
    },
  ];
}

function primaryLinks({ primaryKeep, primaryKeepDays }: Job): string {
  return linksText(primaryKeep ?? 1, primaryKeepDays, 'long-term');
}
