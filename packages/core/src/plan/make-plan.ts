import { type ErrorReport, reportOf } from '../errors/leeward-error.ts';
import { isoTime } from '../time/clock.ts';
import type { LockAbility } from '../words/array-inventory.ts';
import { sameObject, type VolumeId } from '../words/storage.ts';
import { type VirtualMachine, vmKey } from '../words/virtual-machine.ts';
import { planEffects } from './effects.ts';
import { companionsOf, frozenForVm } from './frozen-with.ts';
import { type GroupFacts, groupCuts } from './group-cuts.ts';
import { formGroups } from './groups.ts';
import type { Job } from './job.ts';
import { placesOf } from './limits.ts';
import {
  type GroupPlan,
  type HopPlan,
  type Plan,
  type RelationPlan,
  syncSides,
  type VmPlan,
  type VolumePlan,
} from './plan.ts';
import { planVm, type VmDecision } from './plan-vm.ts';
import type { PlanningInventory } from './planning-inventory.ts';
import { hopsOfPath, type RelationHop } from './relation-paths.ts';
import { cascadeProblem } from './relation-problem.ts';
import type { RunScope } from './run-scope.ts';
import { resolveScope, type Scope } from './scope.ts';
import { afterOthers, freezeOnlyLast, isFreezeOnly, keptUse } from './snapshot-only.ts';
import { settleSync } from './sync-use.ts';
import { type VolumeUse, volumeKey } from './volume-use.ts';

/**
 * The plan of a job: a pure function of what was last seen. A run executes a plan and nothing else, so
 * everything that a run may do to a foreign system is listed in `effects`.
 * @param only the part of the job that the run is about; absent: all of it
 */
export function makePlan(job: Job, inventory: PlanningInventory, nowMs: number, only?: RunScope): Plan {
  const scope = resolveScope(job.vms, inventory, only);
  const decisions = scope.vms.map((resolved) => planVm(resolved, job, inventory));
  const others = only ? volumesOfOthers(scope, job, inventory) : noVolumes;
  const placed = decisions.map((decision, at) => withPlaces(decision, scope.vms[at]?.vm, inventory));
  const { groups, warnings, freezeOnly } = groupsOf(placed, job, inventory, others);
  const groupOf = new Map(groups.flatMap((group) => group.vmKeys.map((key) => [key, group.id] as const)));
  const vms = placed.map(({ plan }): VmPlan => {
    const groupId = groupOf.get(vmKey(plan.vm));
    const warning = warnings.get(vmKey(plan.vm));
    return {
      ...plan,
      ...(groupId === undefined ? {} : { groupId }),
      ...(freezeOnly.has(vmKey(plan.vm)) ? { freezeOnly: true, places: [] } : {}),
      ...(warning ? { warnings: [...plan.warnings, warning] } : {}),
    };
  });
  const unresolved = scope.unresolved.map(({ member, problem }) => ({ member, problem: reportOf(problem) }));
  const effects = planEffects(job, vms, groups, (volume) => lockAbilityOf(volume, inventory));
  return { job, madeAt: isoTime(nowMs), vms, groups, unresolved, effects };
}

const noVolumes: ReadonlySet<string> = new Set();

/** What is frozen for VMs of a snapshot-only job that are not in this part of it, since that decides how the others are. */
function volumesOfOthers(part: Scope, job: Job, inventory: PlanningInventory): ReadonlySet<string> {
  if (!job.snapshotOnly) return noVolumes;
  const here = new Set(part.vms.map(({ vm }) => vmKey(vm.id)));
  const others = resolveScope(job.vms, inventory).vms.filter(({ vm }) => !here.has(vmKey(vm.id)));
  const planned = others.map((resolved) => planVm(resolved, job, inventory));
  const frozen = planned.flatMap(({ plan, volumes }) =>
    plan.source === undefined ? [] : frozenForVm(volumes.map(({ home }) => home)),
  );
  return new Set(frozen.map(volumeKey));
}

function lockAbilityOf(volume: VolumeId, { arrays }: PlanningInventory): LockAbility | undefined {
  const volumes = arrays.flatMap(({ inventory }) => inventory?.volumes ?? []);
  return volumes.find(({ id }) => sameObject(id, volume))?.locks;
}

function withPlaces(
  decision: VmDecision,
  vm: VirtualMachine | undefined,
  inventory: PlanningInventory,
): VmDecision {
  const { plan } = decision;
  const vcenter = inventory.vcenters.find(({ id }) => id === plan.vm.vcenterId);
  if (!vm || !vcenter || !plan.source) return decision;
  return { ...decision, plan: { ...plan, places: placesOf(vm, vcenter, plan.source === 'standard') } };
}

interface FormedGroups {
  readonly groups: readonly GroupPlan[];
  /** By VM key. */
  readonly warnings: ReadonlyMap<string, ErrorReport>;
  /** Keys of the VMs without a VMware snapshot. */
  readonly freezeOnly: ReadonlySet<string>;
}

/** @param others volumes of VMs of the job that this plan is not about */
function groupsOf(
  decisions: readonly VmDecision[],
  job: Job,
  inventory: PlanningInventory,
  others: ReadonlySet<string>,
): FormedGroups {
  const planned = decisions.filter(({ plan }) => plan.source === 'secondary' || plan.source === 'primary');
  const byKey = new Map(planned.map((decision) => [vmKey(decision.plan.vm), decision]));
  const frozenFor = (volumes: readonly VolumeUse[]) => frozenForVm(volumes.map(({ home }) => home));
  const members = planned.map(({ plan, volumes }) => ({
    vmKey: vmKey(plan.vm),
    volumeKeys: frozenFor(volumes).map(volumeKey),
  }));
  const cuts = groupCuts(job, (key) => factsOf(byKey.get(key), inventory), inventory.limits);
  const warnings = new Map<string, ErrorReport>();
  const formed = freezeOnlyLast(formGroups(members, cuts.whyFull), (key) => {
    const volumes = byKey.get(key)?.volumes ?? [];
    return isFreezeOnly(volumes, job) && !frozenFor(volumes).some((home) => others.has(volumeKey(home)));
  });
  const freezeOnly = new Set<string>();
  const groups = formed.map(({ lane, members: ofGroup, cutBecause }, at) => {
    const isUnfrozen = lane === afterOthers;
    if (isUnfrozen) for (const member of ofGroup) freezeOnly.add(member.vmKey);
    const warning = isUnfrozen ? undefined : cuts.overBudget(ofGroup);
    if (warning && ofGroup[0]) warnings.set(ofGroup[0].vmKey, warning);
    const uses = new Map<string, VolumeUse>();
    const ofVms = ofGroup.map((member) => byKey.get(member.vmKey)?.volumes ?? []);
    for (const volumes of ofVms)
      for (const use of volumes) {
        const known = uses.get(volumeKey(use.home));
        uses.set(volumeKey(use.home), known ? together(known, use) : use);
      }
    const frozen = [
      ...uses.values(),
      ...companionsOf([...uses.values()], ofVms.flatMap(frozenFor), job, inventory).map((use) =>
        keptUse(use, job),
      ),
    ];
    const onSecondary = ofGroup.flatMap((member) => {
      const decision = byKey.get(member.vmKey);
      return decision?.plan.source === 'secondary' ? decision.volumes.map(({ home }) => volumeKey(home)) : [];
    });
    return {
      id: `g${at + 1}`,
      lane,
      vmKeys: ofGroup.map((member) => member.vmKey),
      volumes: settleSync(frozen, new Set(onSecondary), job, inventory).map(volumePlan),
      ...(isUnfrozen ? {} : { lifetimeMs: cuts.lifetimeMs(ofGroup) }),
      ...(cutBecause ? { cutBecause } : {}),
    };
  });
  return { groups, warnings, freezeOnly };
}

function factsOf(decision: VmDecision | undefined, inventory: PlanningInventory): GroupFacts | undefined {
  if (!decision) return undefined;
  const { plan } = decision;
  return {
    name: plan.name,
    places: plan.places ?? [],
    times: inventory.snapshotTimes?.[vmKey(plan.vm)] ?? {},
    isOnVmfs: plan.disks.some(({ located }) => located.vmfs !== undefined),
  };
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
  const relation = relationPlan(choice);
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
 * the primary (R1). A synchronous one is carried into the plan only where it can be used: what is detected at the start
 * decides (R2). One of a kind that no transfer can be started on is not carried at all, and no cascade with such a hop.
 */
function relationPlan({ chosen, problem }: VolumeUse['choice']): RelationPlan | undefined {
  if (!chosen || cascadeProblem(chosen, '')) return undefined;
  const { kind, sync } = chosen.relation;
  const hops = hopsOfPath(chosen);
  const isOther = hops.some(({ relation }) => relation.policy === 'other');
  if (kind === 'sync' ? problem || !sync : isOther) return undefined;
  const [last, ...before] = hops.map(hopPlan).toReversed();
  const via = before.filter((hop) => hop !== undefined).toReversed();
  if (!last || via.length < before.length) return undefined;
  return {
    ...last,
    kind,
    ...(via.length > 0 ? { via } : {}),
    ...(sync ? { sync: syncSides(sync) } : {}),
  };
}

/** `undefined` where the volume that it writes to is not known. */
function hopPlan({ relation, secondary }: RelationHop): HopPlan | undefined {
  const { id, policy, policyName, destination } = relation;
  const { volume, volumeName, tenant, arrayName: arrayOwnName } = destination;
  if (!volume) return undefined;
  const array = { arrayId: secondary.id, arrayName: secondary.name, arrayOwnName };
  return { id, policy, policyName, ...array, volume, volumeName, tenant };
}
