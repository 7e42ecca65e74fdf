import type { Clock, Randomness } from '@leeward/core';
import { lockMagic, systemSlot } from '@leeward/formats/vmfs/layout';
import { BlockPool, type Placement } from './block-pool.ts';
import { ClusterTable } from './cluster-table.ts';
import { blockBytes, type Profile } from './profile.ts';
import { ResourcePool } from './resource-pool.ts';
import type { SystemFilePlan, SystemPlan } from './system-plan.ts';
import type { VolumeSpace } from './volume-space.ts';
import type { LargeForm, VolumeState } from './volume-state.ts';

export interface StateOptions {
  readonly profile: Profile;
  readonly space: VolumeSpace;
  readonly plan: SystemPlan;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly placement: Placement;
  readonly pointerType: 2 | 3 | 5;
  readonly hostUuid: Buffer;
  readonly inlineFiles: boolean;
  readonly largeForm: LargeForm;
}

/** Everything in memory that a volume's writer works with; nothing is allocated yet. */
export function makeState(
  options: StateOptions,
): VolumeState & { readonly largeTable: ClusterTable | undefined } {
  const { profile, space, plan, clock, random, placement, pointerType, hostUuid } = options;
  const pool = (slot: number) => {
    const file = fileOf(plan, slot);
    return new ResourcePool(file.name, tableOptions(profile, space, file));
  };
  const fbb = fileOf(plan, systemSlot.fbb);
  const largeTable = plan.smallBlocks ? new ClusterTable(tableOptions(profile, space, fbb)) : undefined;
  const small = plan.smallBlocks
    ? new ResourcePool('.fbb.sf', {
        ...tableOptions(profile, space, fbb),
        ...plan.smallBlocks,
        total: plan.totalBlocks,
        lockMagic: lockMagic.fileBlocks,
      })
    : pool(systemSlot.fbb);
  return {
    profile,
    space,
    clock,
    descriptors: pool(systemSlot.fdc),
    subBlocks: pool(systemSlot.sbc),
    pointerBlocks: pool(systemSlot.pbc),
    secondary: pool(systemSlot.pb2),
    blocks: new BlockPool({ small, large: largeTable, placement, random }),
    pointerType,
    hostUuid,
    inlineFiles: options.inlineFiles,
    largeForm: options.largeForm,
    largeTable,
  };
}

export function fileOf({ files }: SystemPlan, slot: number): SystemFilePlan {
  const file = files.find((each) => each.slot === slot);
  if (!file) throw new RangeError(`no system file ${slot}`);
  return file;
}

export function tableOptions(profile: Profile, space: VolumeSpace, file: SystemFilePlan) {
  const { shape, groups, total, groupsAt, firstBlock } = file;
  const fileOffset = firstBlock * blockBytes;
  return {
    space,
    profile,
    shape,
    groups,
    total,
    groupsAt,
    fileOffset,
    headerAt: 0,
    lockMagic: file.lockMagic,
  };
}
