import { namedEntry, writeBlockAddress, writeResourceAddress } from './addresses.ts';
import type { BlockTable } from './block-table.ts';
import { descriptorBytes, pointerTypeOf, upperTypeOf } from './descriptor-writer.ts';
import type { FileNode } from './file-node.ts';
import { blockBytes, type Profile } from './profile.ts';
import type { ResourcePool } from './resource-pool.ts';
import { flushPools, type VolumeState } from './volume-state.ts';

/**
 * Writes what changed of a file's metadata: changed pointer blocks at new places from the lowest up, allocation data,
 * then the descriptor, in one piece, which makes all of it valid at once; last, what it named before is freed. Whoever
 * reads the LUN in between sees the file's blocks as they were before or as they are now.
 */
export async function flushNode(state: VolumeState, node: FileNode): Promise<void> {
  const table = node.body.kind === 'blocks' ? node.body.table : undefined;
  if (table) await flushPointers(state, node, table);
  await flushPools(state);
  const offset = state.descriptors.table.resourceOffset(node.index);
  await state.space.write(offset, descriptorBytes(state, node, offset));
  if (!table || table.replaced.length === 0) return;
  for (const release of table.replaced.splice(0)) release();
  await flushPools(state);
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
  const { profile, pointerType } = state;
  if (table.level === 0) {
    table.changedPages.clear();
    return;
  }
  const type = pointerTypeOf(profile, pointerType, node.type);
  const place = { table, pool: pointerPool(state, type), resources: table.pointers };
  for (const page of [...table.changedPages]) {
    const entries = table.page(page);
    const bytes = entries && pointerBytes(profile);
    if (entries && bytes)
      for (let at = 0; at < entries.length; at++)
        writeBlockAddress(profile, bytes, at, namedEntry(state.largeForm, entries[at] ?? 0, at));
    await movePointer(state, place, page, bytes);
    table.changedUppers.add(Math.floor(page / table.perPage));
    table.changedPages.delete(page);
  }
  if (table.level < 2) {
    table.changedUppers.clear();
    return;
  }
  const upperPool = pointerPool(state, upperTypeOf(profile, pointerType));
  for (const upper of [...table.changedUppers]) {
    const bytes = pointerBytes(profile);
    let used = 0;
    for (let at = 0; at < table.perPage; at++) {
      const pointer = table.pointers.get(upper * table.perPage + at);
      if (pointer === undefined) continue;
      writeResourceAddress(profile, bytes, at, type, pointer);
      used++;
    }
    const upperPlace = { table, pool: upperPool, resources: table.uppers };
    await movePointer(state, upperPlace, upper, used > 0 ? bytes : undefined);
    table.changedUppers.delete(upper);
  }
}

function pointerBytes(profile: Profile): Buffer {
  return Buffer.alloc(profile.pointerBlockAddresses * profile.addressBytes);
}

interface PointerPlace {
  readonly table: BlockTable;
  readonly pool: ResourcePool;
  /** Resource of each pointer block. */
  readonly resources: Map<number, number>;
}

/** Writes a pointer block to a new place, or gives it up; the old place is freed when nothing names it any more. */
async function movePointer(
  state: VolumeState,
  { table, pool, resources }: PointerPlace,
  index: number,
  bytes: Buffer | undefined,
): Promise<void> {
  const known = resources.get(index);
  if (bytes) {
    const taken = pool.take();
    try {
      await state.space.write(pool.table.resourceOffset(taken), bytes);
    } catch (error) {
      pool.release(taken);
      throw error;
    }
    resources.set(index, taken);
  } else resources.delete(index);
  if (known !== undefined) table.replaced.push(() => pool.release(known));
}
