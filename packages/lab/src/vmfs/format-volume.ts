import type { Clock, Randomness } from '@leeward/core';
import { fileType, systemSlot } from '@leeward/formats/vmfs/layout';
import { blockEntry } from './addresses.ts';
import type { Placement } from './block-pool.ts';
import { type BlockStore, VmfsHostError } from './block-store.ts';
import { ClusterTable } from './cluster-table.ts';
import type { FileNode } from './file-node.ts';
import { writeFsHeader } from './header-writer.ts';
import { type LunIdentity, makeUuid, uuidText } from './identity.ts';
import { type LvmExtent, writeLvm } from './lvm-writer.ts';
import { blockBody } from './node-content.ts';
import { entryOf, NodeTable } from './node-table.ts';
import { flushNode, raiseLevel } from './node-writer.ts';
import { partitionStart, writeGpt, writeMbr } from './partition-writer.ts';
import { blockBytes, type Profile, vmfs5, vmfs6 } from './profile.ts';
import { endOfSystem, planSystemFiles, type SystemPlan } from './system-plan.ts';
import { peCountOf, VolumeSpace } from './volume-space.ts';
import type { LargeForm, VolumeState } from './volume-state.ts';
import { fileOf, makeState, tableOptions } from './volume-tables.ts';

export interface FormatOptions {
  readonly version: 5 | 6;
  readonly label: string;
  readonly clock: Clock;
  readonly random: Randomness;
  /** What each LUN says of itself, in the order of the stores. */
  readonly identities?: readonly LunIdentity[];
  /** `none`: the volume begins where the LUN does. Default `gpt`. */
  readonly partitionTable?: 'gpt' | 'mbr' | 'none';
  readonly placement?: Placement;
  /** VMFS-5 only. Default true: 64 sub-blocks in a cluster instead of 16. */
  readonly denseSubBlocks?: boolean;
  /** VMFS-6: which resources are pointer blocks. Default 2, as real volumes have it. */
  readonly pointerType?: 2 | 3 | 5;
  /** VMFS-6. Default `repeated`; the lab itself mounts no volume of another form again. */
  readonly largeForm?: LargeForm;
  /** Default true: the smallest files are kept in their descriptors. */
  readonly inlineFiles?: boolean;
  /** How many there can be; rounded up. The defaults grow with the volume. */
  readonly maxFiles?: number;
  readonly subBlocks?: number;
  readonly pointerBlocks?: number;
}

export interface FormattedVolume {
  readonly nodes: NodeTable;
  readonly uuid: string;
}

/** Makes a volume over all stores, one LUN each, in this order. What they held is lost. */
export async function formatVolume(
  stores: readonly BlockStore[],
  options: FormatOptions,
): Promise<FormattedVolume> {
  const { clock, random } = options;
  const profile = profileOf(options);
  const table = options.partitionTable ?? 'gpt';
  const partitionOffset = table === 'none' ? 0 : partitionStart;
  const tail = table === 'gpt' ? 33 * 512 : 0;
  const usable = stores.map((store) => (tail > 0 ? { ...bounded(store, tail) } : store));
  const [fsUuid, volumeUuid, hostUuid] = [
    makeUuid(clock, random),
    makeUuid(clock, random),
    makeUuid(clock, random),
  ];
  const facts = { label: options.label, fsUuid, volumeUuid, snapshotId: 1, createdMs: clock.now() };
  let firstPe = 0;
  const extents = usable.map((store, index): LvmExtent => {
    const peCount = peCountOf(store.sizeBytes - partitionOffset);
    if (peCount < 2) throw new VmfsHostError('no-space', 'a LUN of a volume needs 530 MiB at least');
    const identity = options.identities?.[index] ?? labIdentity(random, index);
    const extent = { store, identity, deviceUuid: makeUuid(clock, random), firstPe, peCount };
    firstPe += peCount;
    return extent;
  });
  for (const store of stores) {
    if (table === 'gpt') await writeGpt(store, random);
    if (table === 'mbr') await writeMbr(store);
  }
  for (const extent of extents) await writeLvm({ ...facts, profile, partitionOffset, extents }, extent);
  const space = new VolumeSpace(usable, partitionOffset);
  const totalBlocks = space.sizeBytes / blockBytes;
  const plan = planSystemFiles({ profile, totalBlocks, ...systemSizes(options, totalBlocks) });
  const { placement = 'sequential', pointerType = 2, inlineFiles = true, largeForm = 'repeated' } = options;
  const state = makeState({
    profile,
    space,
    plan,
    clock,
    random,
    placement,
    pointerType,
    hostUuid,
    inlineFiles,
    largeForm,
  });
  await writeFsHeader(state, facts);
  const nodes = new NodeTable(state);
  await writeSystem(state, plan, nodes, state.largeTable);
  return { nodes, uuid: uuidText(fsUuid) };
}

function profileOf({ version, denseSubBlocks = true }: FormatOptions): Profile {
  if (version === 6) return vmfs6;
  if (denseSubBlocks) return vmfs5;
  return { ...vmfs5, configFlags: vmfs5.configFlags & ~0x4, sbc: { ...vmfs5.sbc, perCluster: 16 } };
}

function systemSizes(options: FormatOptions, totalBlocks: number) {
  const between = (low: number, value: number, high: number) =>
    Math.max(low, Math.min(Math.ceil(value), high));
  const isSix = options.version === 6;
  const sixPointers = options.pointerType === 3 ? 256 : 0;
  return {
    maxFiles: options.maxFiles ?? between(512, totalBlocks / 16, 4096),
    subBlocks: options.subBlocks ?? between(1024, totalBlocks / 16, 4096),
    pointerBlocks: options.pointerBlocks ?? (isSix ? sixPointers : between(512, totalBlocks / 512, 64512)),
  };
}

async function writeSystem(
  state: VolumeState,
  plan: SystemPlan,
  nodes: NodeTable,
  largeTable: ClusterTable | undefined,
): Promise<void> {
  const { blocks, descriptors } = state;
  for (let block = 0; block < endOfSystem(plan); block++) {
    blocks.small.use(block);
    blocks.markWritten(block);
  }
  for (let slot = 0; slot <= systemSlot.jbc + 7; slot++) descriptors.use(slot);
  const root = nodes.add(
    { type: fileType.directory, mode: 0o041777, parentAddress: 4, body: blockBody(state) },
    0,
  );
  const system = { type: fileType.system, mode: 0o400, parentAddress: root.address };
  const vh = nodes.add({ ...system, body: blockBody(state) }, systemSlot.vh);
  fillBody(state, vh, 0, 4);
  const files = plan.files.map((file) => {
    const node = nodes.add({ ...system, body: blockBody(state) }, file.slot);
    fillBody(state, node, file.firstBlock, file.blocks);
    return node;
  });
  const sdd = nodes.add({ ...system, mode: 0o040700, body: { kind: 'sub', subBlocks: [] } }, systemSlot.sdd);
  await nodes.makeFolder(sdd, root);
  await nodes.makeFolder(root, root);
  const all = [...files, vh, sdd].sort((a, b) => a.index - b.index);
  for (const node of all) {
    nodes.folder(root).insert(entryOf(systemName(plan, node.index), node));
    await flushNode(state, node);
  }
  await nodes.writeFolder(root);
  await writeTables(state, plan, largeTable);
}

function systemName(plan: SystemPlan, slot: number): string {
  if (slot === systemSlot.vh) return '.vh.sf';
  return slot === systemSlot.sdd ? '.sdd.sf' : fileOf(plan, slot).name;
}

function fillBody(state: VolumeState, node: FileNode, firstBlock: number, count: number): void {
  if (node.body.kind !== 'blocks') return;
  for (let block = 0; block < count; block++)
    node.body.table.set(block, blockEntry(firstBlock + block, false, false));
  node.sizeBytes = count * blockBytes;
  raiseLevel(state, node, node.body.table);
}

async function writeTables(
  state: VolumeState,
  plan: SystemPlan,
  largeTable: ClusterTable | undefined,
): Promise<void> {
  const { profile, space, blocks, descriptors, subBlocks, pointerBlocks, secondary } = state;
  const { smallBlocks } = plan;
  for (const pool of [descriptors, subBlocks, pointerBlocks, secondary, blocks.small]) {
    if (pool !== blocks.small || !largeTable) await pool.table.writeHeader();
    await pool.table.writeAll(pool.isUsed);
    pool.settle();
  }
  if (!largeTable || !smallBlocks) return;
  const journal = new ClusterTable(tableOptions(profile, space, fileOf(plan, systemSlot.jbc)));
  await journal.writeHeader();
  await journal.writeAll(() => false);
  await largeTable.writeHeader(new Map([[0x34, smallBlocks.headerAt]]));
  await largeTable.writeAll((large) => !blocks.isLargeFree(large));
  const { perCluster, clustersPerGroup } = profile.fbb;
  await blocks.small.table.writeHeader(
    new Map([
      [0x28, 2],
      [0x38, perCluster],
      [0x3c, clustersPerGroup],
      [0x40, largeTable.groupBytes],
    ]),
  );
}

function bounded(store: BlockStore, tail: number): BlockStore {
  return {
    sizeBytes: store.sizeBytes - tail,
    read: (offset, target) => store.read(offset, target),
    write: (offset, data) => store.write(offset, data),
  };
}

function labIdentity(random: Randomness, lun: number): LunIdentity {
  const naa = `600a0980${Buffer.from(random.bytes(12)).toString('hex')}`;
  return { lun, vendor: 'LEEWARD', model: 'LAB LUN', revision: '1', naa };
}
