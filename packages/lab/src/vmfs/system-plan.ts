import { lockMagic, systemSlot } from '@leeward/formats/vmfs/layout';
import { groupBytesOf } from './cluster-table.ts';
import { alignment, blockBytes, blocksPerLarge, groupOffset, type Profile, type Shape } from './profile.ts';

/** One system file of a volume: what it holds and where it lies. */
export interface SystemFilePlan {
  readonly slot: number;
  readonly name: string;
  readonly shape: Shape;
  readonly groups: number;
  readonly total: number;
  readonly lockMagic: number;
  readonly groupsAt: number;
  readonly firstBlock: number;
  readonly blocks: number;
}

/** The level of small blocks inside `.fbb.sf` of VMFS-6. */
export interface SmallBlockPlan {
  readonly shape: Shape;
  readonly groups: number;
  readonly headerAt: number;
  readonly groupsAt: number;
}

export interface SystemPlan {
  readonly files: readonly SystemFilePlan[];
  readonly smallBlocks: SmallBlockPlan | undefined;
  readonly totalBlocks: number;
}

export interface SystemPlanOptions {
  readonly profile: Profile;
  readonly totalBlocks: number;
  readonly maxFiles: number;
  readonly subBlocks: number;
  readonly pointerBlocks: number;
}

export const systemNames: Readonly<Record<number, string>> = {
  [systemSlot.fbb]: '.fbb.sf',
  [systemSlot.fdc]: '.fdc.sf',
  [systemSlot.pbc]: '.pbc.sf',
  [systemSlot.sbc]: '.sbc.sf',
  [systemSlot.vh]: '.vh.sf',
  [systemSlot.pb2]: '.pb2.sf',
  [systemSlot.sdd]: '.sdd.sf',
  [systemSlot.jbc]: '.jbc.sf',
};

const childHeaderAt = groupOffset;

/** How large the system files are and where they lie: one behind the other, descriptors first. */
export function planSystemFiles(options: SystemPlanOptions): SystemPlan {
  const { profile, totalBlocks } = options;
  const isSix = profile.version === 6;
  const files: SystemFilePlan[] = [];
  let next = profile.descriptorFileBlock;
  const add = (slot: number, magic: number, shape: Shape, wanted: number, whole = true) => {
    const groups = Math.ceil(wanted / (shape.perCluster * shape.clustersPerGroup));
    const total = whole ? groups * shape.perCluster * shape.clustersPerGroup : wanted;
    const bytes = groupOffset + groups * groupBytesOf(profile, shape);
    const plan = { slot, name: systemNames[slot] ?? '', shape, groups, total, lockMagic: magic };
    const blocks = Math.ceil(bytes / blockBytes);
    files.push({ ...plan, groupsAt: groupOffset, firstBlock: next, blocks });
    next += blocks;
  };
  add(systemSlot.fdc, lockMagic.descriptors, profile.fdc, options.maxFiles);
  add(systemSlot.sbc, lockMagic.subBlocks, profile.sbc, options.subBlocks);
  add(systemSlot.pbc, lockMagic.pointerBlocks, profile.pbc, options.pointerBlocks);
  add(systemSlot.pb2, lockMagic.secondaryPointerBlocks, profile.pb2, isSix ? 64 : 256);
  if (isSix)
    add(
      systemSlot.jbc,
      lockMagic.pointerBlocks,
      { perCluster: 4, clustersPerGroup: 4, resourceBytes: alignment },
      16,
    );
  if (!isSix) {
    add(systemSlot.fbb, lockMagic.fileBlocks, profile.fbb, totalBlocks, false);
    return { files, smallBlocks: undefined, totalBlocks };
  }
  const large = Math.floor(totalBlocks / blocksPerLarge);
  const largeShape = { ...profile.fbb, clustersPerGroup: 16 };
  const largeGroups = Math.ceil(large / (largeShape.perCluster * largeShape.clustersPerGroup));
  const largeAt = childHeaderAt + 0x10000;
  const smallAt = largeAt + largeGroups * groupBytesOf(profile, largeShape);
  const smallShape = { perCluster: blocksPerLarge, clustersPerGroup: 128, resourceBytes: 0 };
  const groups = Math.ceil(totalBlocks / (blocksPerLarge * smallShape.clustersPerGroup));
  const bytes = smallAt + groups * groupBytesOf(profile, smallShape);
  files.push({
    slot: systemSlot.fbb,
    name: '.fbb.sf',
    shape: largeShape,
    groups: largeGroups,
    total: large,
    lockMagic: lockMagic.fileBlocks,
    groupsAt: largeAt,
    firstBlock: next,
    blocks: Math.ceil(bytes / blockBytes),
  });
  return {
    files,
    totalBlocks,
    smallBlocks: { shape: smallShape, groups, headerAt: childHeaderAt, groupsAt: smallAt },
  };
}

/** First block that no system file takes. */
export function endOfSystem({ files }: SystemPlan): number {
  return Math.max(...files.map(({ firstBlock, blocks }) => firstBlock + blocks));
}
