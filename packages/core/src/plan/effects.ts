import type { LockAbility } from '../words/array-inventory.ts';
import type { VolumeId } from '../words/storage.ts';
import { vmKey } from '../words/virtual-machine.ts';
import { cascadeKept, linksText, transferEffects } from './cascade-effects.ts';
import type { Job } from './job.ts';
import { keepsChainOnPrimary, keepsCoordinatedChain } from './job-chains.ts';
import { lockEffects } from './lock-effects.ts';
import type { Effect, GroupPlan, RelationPlan, VmPlan, VolumePlan } from './plan.ts';
import { keptEffects } from './snapshot-only-effects.ts';

/** Everything that a run will create, change, delete or keep on foreign systems, in the order it happens. */
export function planEffects(
  job: Job,
  vms: readonly VmPlan[],
  groups: readonly GroupPlan[],
  lockAbilityOf: (volume: VolumeId) => LockAbility | undefined = () => undefined,
): readonly Effect[] {
  const byKey = new Map(vms.map((vm) => [vmKey(vm.vm), vm]));
  const onSystems = groups.flatMap((group) => [
    ...group.vmKeys.flatMap((key) => vmEffects(byKey.get(key))),
    ...group.volumes.flatMap((each) =>
      [
        ...(job.snapshotOnly ? keptEffects(job, each) : volumeEffects(job, each)),
        ...lockEffects(job, each, lockAbilityOf),
      ].map((effect): Effect => ({ ...effect, volume: each.volume })),
    ),
  ]);
  const standard = vms.filter(({ source }) => source === 'standard');
  const all = [...onSystems, ...standard.flatMap((vm) => vmEffects(vm))];
  if (job.keepPoints === undefined || all.length === 0) return all;
  const what = `points of this job beyond the newest ${job.keepPoints} of each VM that gets a new one`;
  return [...all, { system: 'repository', action: 'delete', what }];
}

function vmEffects(vm: VmPlan | undefined): Effect[] {
  if (!vm) return [];
  const { vcenterName: system } = vm;
  const cbt: Effect[] = vm.enableCbt
    ? [{ system, action: 'change', what: `switch on changed block tracking of VM ${vm.name}` }]
    : [];
  return [...cbt, ...(vm.freezeOnly ? [] : [vmwareSnapshotEffect(vm)])];
}

function vmwareSnapshotEffect({ vcenterName: system, name, source }: VmPlan): Effect {
  const end =
    source === 'standard' ? 'when the VM is read through vCenter' : 'as soon as the storage snapshot exists';
  return { system, action: 'create', what: `VMware snapshot of VM ${name}, removed ${end}` };
}

function volumeEffects(job: Job, volume: VolumePlan): Effect[] {
  const { arrayName: system, volumeName, relation } = volume;
  if (relation?.kind === 'sync') return coordinatedEffects(job, volume, relation);
  const temporary: Effect = {
    system,
    action: 'create',
    what: `temporary storage snapshot of volume ${volumeName}`,
  };
  if (!relation)
    return [temporary, { system, action: 'delete', what: `that storage snapshot, when the VMs are read` }];
  const secondary = relation.arrayName;
  const access: Effect[] =
    volume.protocols.length === 0
      ? []
      : [
          {
            system: secondary,
            action: 'change',
            what: 'access of the proxy to the transferred storage snapshot, withdrawn when the VMs are read',
          },
        ];
  return [
    temporary,
    ...transferEffects(relation),
    ...access,
    ...(relation.via ? cascadeKept(job, volume, relation) : keptLinks(job, volume, relation)),
  ];
}

/** Both halves come and go together. */
function coordinatedEffects(job: Job, volume: VolumePlan, relation: RelationPlan): Effect[] {
  const { arrayName: system, volumeName, protocols } = volume;
  const { arrayName: secondary, volumeName: other } = relation;
  const both = `of volume ${volumeName} and, at the same instant, of volume ${other} on ${secondary}`;
  const isKept = keepsCoordinatedChain(job);
  const made = `${isKept ? 'long-term' : 'temporary'} storage snapshot on both sides of the synchronous relation: ${both}`;
  const access: Effect[] =
    protocols.length === 0
      ? []
      : [
          {
            system: secondary,
            action: 'change',
            what: `access of the proxy to the storage snapshot of volume ${other}, withdrawn when the VMs are read`,
          },
        ];
  const end: Effect = isKept
    ? {
        system,
        action: 'keep',
        what: `${linksText(job.primaryKeep ?? 1, job.primaryKeepDays, 'coordinated')} on both sides, volumes ${volumeName} and ${other}; older ones of this job go on both`,
      }
    : { system, action: 'delete', what: 'that storage snapshot on both sides, when the VMs are read' };
  return [{ system, action: 'create', what: made }, ...access, end];
}

/** As the chains are rotated: a mirror has what the primary has, so there the primary keeps as many. */
function keptLinks(job: Job, { arrayName, volumeName }: VolumePlan, relation: RelationPlan): Effect[] {
  const action = 'keep';
  const links = linksText(Math.max(1, job.secondaryKeep), job.secondaryKeepDays);
  const ownChain = keepsChainOnPrimary(job)
    ? linksText(job.primaryKeep ?? 1, job.primaryKeepDays)
    : undefined;
  if (relation.policy === 'mirror') {
    const both = ownChain === undefined ? links : `${links}, and ${ownChain} for its own chain,`;
    const primary = `${both} of volume ${volumeName}; older ones of this job go`;
    const mirrored = `what the primary keeps, as a mirror, in volume ${relation.volumeName}`;
    return [
      { system: arrayName, action, what: primary },
      { system: relation.arrayName, action, what: mirrored },
    ];
  }
  const secondary = `${links} of volume ${relation.volumeName}; older ones of this job go`;
  const base = ownChain
    ? `${ownChain} of volume ${volumeName}, the newest as base of the next transfer; older ones of this job go`
    : `the newest transferred storage snapshot of volume ${volumeName}, as base of the next transfer; the one before it goes`;
  return [
    { system: relation.arrayName, action, what: secondary },
    { system: arrayName, action, what: base },
  ];
}
