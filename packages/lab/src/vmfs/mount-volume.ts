import type { Clock, Randomness } from '@leeward/core';
import {
  directoryLayout,
  descriptorField as field,
  fileType,
  systemSlot,
  zla,
} from '@leeward/formats/vmfs/layout';
import { descriptorAddress, entryBlock } from './addresses.ts';
import type { Placement } from './block-pool.ts';
import { type BlockStore, VmfsHostError } from './block-store.ts';
import { BlockTable } from './block-table.ts';
import type { FileBody, FileNode } from './file-node.ts';
import type { FormattedVolume } from './format-volume.ts';
import { makeUuid, uuidText } from './identity.ts';
import { readNode } from './node-content.ts';
import { NodeTable, newFolder } from './node-table.ts';
import { pointerPool } from './node-writer.ts';
import { alignment, blockBytes, blocksPerLarge } from './profile.ts';
import { readBlockEntry, readResource } from './read-addresses.ts';
import { readFirstPe, readPlacement, readProfile, readSystemPlan } from './read-plan.ts';
import { VolumeSpace } from './volume-space.ts';
import type { VolumeState } from './volume-state.ts';
import { makeState } from './volume-tables.ts';

export interface MountOptions {
  readonly clock: Clock;
  readonly random: Randomness;
  readonly placement?: Placement;
  readonly pointerType?: 2 | 3 | 5;
  readonly inlineFiles?: boolean;
}

/** Takes up a volume that the lab made, from what is on its LUNs, in any order. Not for volumes of real hosts. */
export async function mountVolume(
  stores: readonly BlockStore[],
  options: MountOptions,
): Promise<FormattedVolume> {
  const { clock, random, placement = 'sequential', pointerType = 2, inlineFiles = true } = options;
  const placed: { readonly store: BlockStore; readonly offset: number; readonly firstPe: number }[] = [];
  for (const store of stores) {
    const { offset, tail } = await readPlacement(store);
    const usable = {
      sizeBytes: store.sizeBytes - tail,
      read: store.read.bind(store),
      write: store.write.bind(store),
    };
    placed.push({ store: usable, offset, firstPe: await readFirstPe(store, offset) });
  }
  placed.sort((a, b) => a.firstPe - b.firstPe);
  const space = new VolumeSpace(
    placed.map(({ store }) => store),
    placed[0]?.offset ?? 0,
  );
  const { profile, uuid } = await readProfile(space);
  const plan = await readSystemPlan(space, profile);
  const hostUuid = makeUuid(clock, random);
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
    largeForm: 'repeated',
  });
  const nodes = new NodeTable(state);
  await new NodeLoader(state, nodes).load();
  return { nodes, uuid: uuidText(uuid) };
}

class NodeLoader {
  readonly #state: VolumeState;
  readonly #nodes: NodeTable;

  constructor(state: VolumeState, nodes: NodeTable) {
    this.#state = state;
    this.#nodes = nodes;
  }

  async load(): Promise<void> {
    const { profile, descriptors, blocks, subBlocks, pointerBlocks, secondary } = this.#state;
    for (let block = 0; block < profile.descriptorFileBlock; block++) blocks.small.use(block);
    const found: FileNode[] = [];
    for (let index = 0; index < descriptors.allocator.total; index++) {
      const node = await this.#node(index);
      if (node || index <= systemSlot.jbc + 7) descriptors.use(index);
      if (!node) continue;
      this.#nodes.adopt(node);
      found.push(node);
    }
    for (const node of found)
      if (node.type === fileType.directory || node.index === systemSlot.sdd) await this.#folder(node);
    for (const pool of [descriptors, blocks.small, subBlocks, pointerBlocks, secondary]) pool.settle();
    blocks.markAllWritten();
  }

  async #node(index: number): Promise<FileNode | undefined> {
    const { profile, space, descriptors } = this.#state;
    const raw = Buffer.alloc(profile.descriptorBytes);
    await space.read(descriptors.table.resourceOffset(index), raw);
    const u32 = (offset: number) => raw.readUInt32LE(profile.metadataAt + offset);
    const address = descriptorAddress(profile, index);
    if (u32(field.links) === 0 || u32(field.address) !== address) return undefined;
    return {
      index,
      address,
      generation: u32(field.generation),
      type: u32(field.type),
      parentAddress: u32(field.parent),
      links: u32(field.links),
      mode: u32(field.mode),
      sizeBytes: Number(raw.readBigUInt64LE(profile.metadataAt + field.length)),
      modifiedSeconds: u32(field.modified),
      lockMode: raw.readUInt32LE(0x24),
      body: await this.#body(raw, u32(field.type), u32(field.zla), index === systemSlot.vh),
    };
  }

  async #body(raw: Buffer, type: number, kind: number, isHeader: boolean): Promise<FileBody> {
    const { profile, subBlocks } = this.#state;
    const inline = Buffer.from(raw.subarray(profile.inlineAt, profile.inlineAt + profile.inlineBytes));
    if (type === fileType.rdm) return { kind: 'rdm', identity: inline.subarray(0, 78) };
    if (kind === zla.inline) return { kind: 'inline', content: inline };
    const array = raw.subarray(profile.addressesAt);
    if (kind === zla.subBlocks) {
      const list: number[] = [];
      for (let index = 0; index < profile.directAddresses; index++) {
        const resource = readResource(profile, array, index);
        if (!resource) continue;
        while (list.length < index) list.push(0);
        list.push(resource.index + 1);
        subBlocks.use(resource.index);
      }
      return { kind: 'sub', subBlocks: list };
    }
    const table = new BlockTable(profile.pointerBlockAddresses);
    table.level = kind === zla.fileBlocks ? 0 : kind === zla.doubleIndirect ? 2 : 1;
    await this.#table(table, array, profile.directAddresses, table.level, 0);
    table.changedPages.clear();
    const fileBlockBytes = Number(raw.readBigUInt64LE(profile.metadataAt + field.blockBytes));
    if (fileBlockBytes !== blockBytes || table.largeParts % blocksPerLarge !== 0)
      throw new VmfsHostError('invalid', 'the volume has large blocks in a form that is not mounted again');
    // The blocks of the volume's header are marked with those of the heartbeats.
    for (const [, entry] of isHeader ? [] : table.entries()) this.#state.blocks.small.use(entryBlock(entry));
    return { kind: 'blocks', table };
  }

  async #table(table: BlockTable, bytes: Buffer, count: number, level: number, first: number): Promise<void> {
    const { profile, space } = this.#state;
    if (level === 0) {
      for (let at = 0; at < count; at++)
        table.set(first + at, readBlockEntry(profile, bytes, at, first + at));
      return;
    }
    for (let at = 0; at < count; at++) {
      const resource = readResource(profile, bytes, at);
      if (!resource) continue;
      const pool = pointerPool(this.#state, resource.type === 2 ? 2 : resource.type === 3 ? 3 : 5);
      pool.use(resource.index);
      (level === 1 ? table.pointers : table.uppers).set(first / table.perPage ** level + at, resource.index);
      const pointers = Buffer.alloc(profile.pointerBlockAddresses * profile.addressBytes);
      await space.read(pool.table.resourceOffset(resource.index), pointers);
      await this.#table(table, pointers, table.perPage, level - 1, first + at * table.perPage ** level);
    }
  }

  /** Builds the folder anew from its entries; the first change writes it as a whole. */
  async #folder(node: FileNode): Promise<void> {
    const content = Buffer.alloc(node.sizeBytes);
    await readNode(this.#state, node, 0, content);
    const parent = this.#nodes.node(node.parentAddress);
    const folder = newFolder(this.#state, node, parent);
    const isSix = this.#state.profile.version === 6;
    for (const entry of isSix ? hashedEntries(content) : flatEntries(content)) folder.insert(entry);
    this.#nodes.adopt(node, folder);
  }
}

function* flatEntries(content: Buffer) {
  const { flatEntryBytes, flatNameOffset } = directoryLayout;
  for (let at = 2 * flatEntryBytes; at < content.length; at += flatEntryBytes)
    yield entryAt(content.subarray(at, at + flatEntryBytes), flatNameOffset);
}

function* hashedEntries(content: Buffer) {
  const { headerBytes, entryBlock: entries, blockHeaderBytes, entryBytes, nameOffset } = directoryLayout;
  for (let block = headerBytes; block < content.length; block += alignment) {
    if (content.readUInt16LE(block + 2) !== entries) continue;
    for (let slot = 0; slot < content.readUInt16LE(block + 4); slot++) {
      const isFree = ((content[block + 8 + (slot >>> 3)] ?? 0) & (1 << (slot & 7))) !== 0;
      const at = block + blockHeaderBytes + slot * entryBytes;
      if (!isFree) yield entryAt(content.subarray(at, at + entryBytes), nameOffset);
    }
  }
}

function entryAt(bytes: Buffer, nameOffset: number) {
  return {
    type: bytes.readUInt32LE(0),
    address: bytes.readUInt32LE(4),
    generation: bytes.readUInt32LE(8),
    name: bytes.toString('utf8', nameOffset).split('\0', 1)[0] ?? '',
  };
}
