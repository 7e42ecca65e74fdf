import { reportOf } from '../errors/leeward-error.ts';
import { isoTime } from '../time/clock.ts';
import { vmKey } from '../words/virtual-machine.ts';
import { planEffects } from './effects.ts';
import { companionsOf, frozenForVm } from './frozen-with.ts';
import { formGroups } from './groups.ts';
import type { Job } from './job.ts';
import type { GroupPlan, Plan, RelationPlan, VmPlan, VolumePlan } from './plan.ts';
import { planVm, type VmDecision } from './plan-vm.ts';
import type { PlanningInventory } from './planning-inventory.ts';
import { resolveScope } from './scope.ts';
import { type VolumeUse, volumeKey } from './volume-use.ts';

/**
 * The plan of a job: a pure function of what was last seen. A run executes a plan and nothing else, so
 * everything that a run may do to a foreign system is listed in `effects`.
 */
export function makePlan(job: Job, inventory: PlanningInventory, nowMs: number): Plan {
  const scope = resolveScope(job.vms, inventory);
  const decisions = scope.vms.map((resolved) => planVm(resolved, job, inventory));
  const groups = groupsOf(decisions, job, inventory);
  const groupOf = new Map(groups.flatMap((group) => group.vmKeys.map((key) => [key, group.id] as const)));
  const vms = decisions.map(({ plan }): VmPlan => {
    const groupId = groupOf.get(vmKey(plan.vm));
    return groupId === undefined ? plan : { ...plan, groupId };
  });
  const unresolved = scope.unresolved.map(({ member, problem }) => ({ member, problem: reportOf(problem) }));
  const effects = planEffects(job, vms, groups);
  return { job, madeAt: isoTime(nowMs), vms, groups, unresolved, effects };
}

function groupsOf(
  decisions: readonly VmDecision[],
  job: Job,
  inventory: PlanningInventory,
): readonly GroupPlan[] {
  const planned = decisions.filter(({ plan }) => plan.source === 'secondary' || plan.source === 'primary');
  const byKey = new Map(planned.map((decision) => [vmKey(decision.plan.vm), decision]));
  const frozenFor = (volumes: readonly VolumeUse[]) => frozenForVm(volumes.map(({ home }) => home));
  const members = planned.map(({ plan, volumes }) => ({
    vmKey: vmKey(plan.vm),
    volumeKeys: frozenFor(volumes).map(volumeKey),
  }));
  return formGroups(members, job.vmsPerStorageSnapshot).map(({ lane, members: ofGroup }, at) => {
    const uses = new Map<string, VolumeUse>();
    const ofVms = ofGroup.map((member) => byKey.get(member.vmKey)?.volumes ?? []);
    for (const volumes of ofVms)
      for (const use of volumes) {
        const known = uses.get(volumeKey(use.home));
        uses.set(volumeKey(use.home), known ? together(known, use) : use);
      }
    return {
      id: `g${at + 1}`,
      lane,
      vmKeys: ofGroup.map((member) => member.vmKey),
      volumes: [
        ...uses.values(),
        ...companionsOf([...uses.values()], ofVms.flatMap(frozenFor), job, inventory),
      ].map(volumePlan),
    };
  });
}

/** The choice is the volume's and the job's, so it is the same for all VMs. */
function together(a: VolumeUse, b: VolumeUse): VolumeUse {
  return {
    ...a,
    protocols: [...new Set([...a.protocols, ...b.protocols])].sort(),
    lunPaths: [...new Set([...a.lunPaths, ...b.lunPaths])].sort(),
  };
}

function volumePlan({ home, protocols, lunPaths, choice }: VolumeUse): VolumePlan {
  const relation = relationPlan(choice.chosen);
  return {
    volume: home.volume.id,
    arrayId: home.array.id,
    arrayName: home.array.name,
    volumeName: home.volume.name,
    tenant: home.volume.tenant,
    protocols,
    lunPaths,
    ...(relation ? { relation } : {}),
  };
}

/**
 * The relation to try. One that is paused, broken off or lags is tried too: only the failed transfer decides for
 * the primary (R1). One of a kind that no transfer can be started on is not carried into the plan.
 */
function relationPlan(chosen: VolumeUse['choice']['chosen']): RelationPlan | undefined {
  const destination = chosen?.relation.destination.volume;
  if (!chosen || !destination) return undefined;
  const { relation, secondary } = chosen;
  if (relation.kind !== 'transfer' || relation.policy === 'other') return undefined;
  return {
    id: relation.id,
    kind: relation.kind,
    policy: relation.policy,
    policyName: relation.policyName,
    arrayId: secondary.id,
    arrayName: secondary.name,
    arrayOwnName: relation.destination.arrayName,
    volume: destination,
    volumeName: relation.destination.volumeName,
    tenant: relation.destination.tenant,
  };
}
