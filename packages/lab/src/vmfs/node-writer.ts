import { writeBlockAddress, writeResourceAddress } from './addresses.ts';
import type { BlockTable } from './block-table.ts';
import { descriptorBytes, pointerTypeOf, upperTypeOf } from './descriptor-writer.ts';
import type { FileNode } from './file-node.ts';
import { blockBytes } from './profile.ts';
import type { ResourcePool } from './resource-pool.ts';
import { flushPools, type VolumeState } from './volume-state.ts';

/** Writes what changed of a file's metadata: pointer blocks from the lowest up, allocation data, its descriptor last. */
export async function flushNode(state: VolumeState, node: FileNode): Promise<void> {
  if (node.body.kind === 'blocks') await flushPointers(state, node, node.body.table);
  await flushPools(state);
  const offset = state.descriptors.table.resourceOffset(node.index);
  await state.space.write(offset, descriptorBytes(state, node, offset));
}

/** Levels of pointer blocks that a file of blocks needs. */
export function levelFor(state: VolumeState, sizeBytes: number): number {
  const { directAddresses, pointerBlockAddresses } = state.profile;
  const blocks = Math.ceil(sizeBytes / blockBytes);
  if (blocks <= directAddresses) return 0;
  return blocks <= directAddresses * pointerBlockAddresses ? 1 : 2;
}

/** Gives a file the levels that its size needs; it never loses one while it has blocks. */
export function raiseLevel(state: VolumeState, node: FileNode, table: BlockTable): void {
  const level = levelFor(state, node.sizeBytes);
  if (level <= table.level) return;
  if (table.level === 0) for (const page of table.pageIndexes()) table.changedPages.add(page);
  if (level === 2)
    for (const page of table.pageIndexes()) table.changedUppers.add(Math.floor(page / table.perPage));
  table.level = level;
}

/** The pool of a kind of pointer block. */
export function pointerPool(state: VolumeState, type: 2 | 3 | 5): ResourcePool {
  if (type === 2) return state.subBlocks;
  return type === 3 ? state.pointerBlocks : state.secondary;
}

async function flushPointers(state: VolumeState, node: FileNode, table: BlockTable): Promise<void> {
  const { profile, pointerType, space } = state;
  const changed = [...table.changedPages];
  table.changedPages.clear();
  if (table.level === 0) return;
  const type = pointerTypeOf(profile, pointerType, node.type);
  const pool = pointerPool(state, type);
  for (const page of changed) {
    const entries = table.page(page);
    const bytes = Buffer.alloc(profile.pointerBlockAddresses * profile.addressBytes);
    if (entries)
      for (let at = 0; at < entries.length; at++) writeBlockAddress(profile, bytes, at, entries[at] ?? 0);
    const resource = keepPointer(pool, table.pointers, page, entries !== undefined);
    if (resource.isNew || !entries) table.changedUppers.add(Math.floor(page / table.perPage));
    if (resource.at !== undefined) await space.write(pool.table.resourceOffset(resource.at), bytes);
  }
  const uppers = [...table.changedUppers];
  table.changedUppers.clear();
  if (table.level < 2) return;
  const upperPool = pointerPool(state, upperTypeOf(profile, pointerType));
  for (const upper of uppers) {
    const bytes = Buffer.alloc(profile.pointerBlockAddresses * profile.addressBytes);
    let used = 0;
    for (let at = 0; at < table.perPage; at++) {
      const pointer = table.pointers.get(upper * table.perPage + at);
      if (pointer === undefined) continue;
      writeResourceAddress(profile, bytes, at, type, pointer);
      used++;
    }
    const resource = keepPointer(upperPool, table.uppers, upper, used > 0);
    if (resource.at !== undefined) await space.write(upperPool.table.resourceOffset(resource.at), bytes);
  }
}

/** Takes or gives back the resource of one pointer block. */
function keepPointer(
  pool: ResourcePool,
  resources: Map<number, number>,
  index: number,
  isNeeded: boolean,
): { readonly at: number | undefined; readonly isNew: boolean } {
  const known = resources.get(index);
  if (isNeeded && known === undefined) {
    const at = pool.take();
    resources.set(index, at);
    return { at, isNew: true };
  }
  if (!isNeeded && known !== undefined) {
    resources.delete(index);
    pool.release(known);
    return { at: undefined, isNew: false };
  }
  return { at: known, isNew: false };
}
