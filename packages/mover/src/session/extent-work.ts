import { type Extent, LeewardError } from '@leeward/core';
import { type BlobIndex, type ExtentLayout, idBytes, type PointExtent } from '@leeward/repository';
import { markTouched } from '../areas/areas.ts';
import type { RecipeFile } from '../checkpoint/recipe-file.ts';
import type { RecipeBatch } from '../checkpoint/recipe-record.ts';
import type { ParentDisk } from './parent-disk.ts';

/** What is known about one extent before anything is read, and what is left to read. */
export interface ExtentWork {
  readonly extent: ExtentLayout;
  readonly firstBlock: number;
  /** Block ids, 32 bytes each; those to read are filled in later. */
  readonly content: Uint8Array;
  /** 1 for every block to read. */
  readonly toRead: Uint8Array;
  /** 1 for every block that is read only to see whether it is as in the parent, whose id `content` has until then. */
  readonly sampled: Uint8Array;
  /** Blocks that were chosen to be looked at, those included that are known without being read. */
  readonly sampledBlocks: number;
  /** Batches that an earlier try stored. */
  readonly resumed: readonly RecipeBatch[];
  /** The parent's tree, when it holds exactly this extent. */
  readonly parentTree?: Uint8Array | undefined;
  readonly warning?: LeewardError | undefined;
}

export interface ExtentContext {
  readonly index: BlobIndex;
  readonly blockBytes: number;
  readonly diskBytes: number;
  /** Normal areas, or everything. */
  readonly changed: 'all' | readonly Extent[];
  /** Whole blocks that are zeros without being read: normal areas. */
  readonly zeroAreas: readonly Extent[];
  readonly parent: ParentDisk | undefined;
  readonly recipe: RecipeFile;
  /** The id of so many zero bytes; that block is stored, or being stored, when it resolves. */
  readonly storedZeros: (bytes: number) => Promise<Uint8Array>;
  /** Which blocks of the next extent to compare with the parent, though they did not change. */
  readonly sample: (firstBlock: number, blocks: number) => readonly number[];
  /** A block that was said to be unchanged and is not as in the parent. */
  readonly distrust: (block: number) => LeewardError;
}

export async function planExtent(context: ExtentContext, extent: ExtentLayout): Promise<ExtentWork> {
  const { blockBytes, changed } = context;
  const blocks = Math.ceil(extent.sizeBytes / blockBytes);
  const firstBlock = extent.offsetBytes / blockBytes;
  const content = new Uint8Array(blocks * idBytes);
  const toRead = new Uint8Array(blocks);
  if (changed === 'all') toRead.fill(1);
  else markTouched(changed, extent.offsetBytes, blockBytes, toRead);
  const base = await fillFromBase(context, extent, content, toRead);
  await fillKnownZeros(context, extent, content, toRead);
  const chosen = context.parent ? context.sample(firstBlock, blocks) : [];
  const sampled = await markSample(context, extent, chosen, content, toRead);
  const work: ExtentWork = {
    ...{ extent, firstBlock, content, toRead, sampled, sampledBlocks: chosen.length, resumed: [] },
    ...base,
  };
  const resumed: RecipeBatch[] = [];
  for await (const batch of context.recipe.batchesOf(extent.index)) {
    if (resume(context, batch, work)) resumed.push(batch);
  }
  return { ...work, resumed };
}

/**
 * Has the chosen blocks read. Those that are known to be zeros are compared at once; those that are read anyway, since
 * the repository lost them, have nothing to be compared with.
 */
async function markSample(
  context: ExtentContext,
  extent: ExtentLayout,
  chosen: readonly number[],
  content: Uint8Array,
  toRead: Uint8Array,
): Promise<Uint8Array> {
  const { blockBytes } = context;
  const sampled = new Uint8Array(toRead.length);
  if (chosen.length === 0) return sampled;
  const zeros = new Uint8Array(toRead.length);
  markTouched(context.zeroAreas, extent.offsetBytes, blockBytes, zeros);
  for (const block of chosen) {
    if (toRead[block] === 1) continue;
    if (zeros[block] === 1) {
      const bytes = Math.min(blockBytes, extent.sizeBytes - block * blockBytes);
      const id = await context.storedZeros(bytes);
      if (!hasId(content, block, id)) throw context.distrust(extent.offsetBytes / blockBytes + block);
    } else {
      sampled[block] = 1;
      toRead[block] = 1;
    }
  }
  return sampled;
}

function hasId(content: Uint8Array, block: number, id: Uint8Array): boolean {
  return Buffer.compare(content.subarray(block * idBytes, (block + 1) * idBytes), id) === 0;
}

/** Takes over what was read of a block of the disk. Throws when it was to be as in the parent and is not. */
export function setContent(
  { content, sampled, firstBlock }: ExtentWork,
  block: number,
  id: Uint8Array,
  distrust: (block: number) => LeewardError,
): void {
  const inside = block - firstBlock;
  if (sampled[inside] === 1 && !hasId(content, inside, id)) throw distrust(block);
  content.set(id, inside * idBytes);
}

/** Unchanged blocks: of the parent as far as it reaches, zeros without a parent. */
async function fillFromBase(
  context: ExtentContext,
  extent: ExtentLayout,
  content: Uint8Array,
  toRead: Uint8Array,
): Promise<Pick<ExtentWork, 'parentTree' | 'warning'>> {
  const { parent, changed } = context;
  if (changed === 'all') return {};
  if (!parent) {
    await fillZeros(context, extent, content, (block) => toRead[block] === 0);
    return {};
  }
  const parentExtent = parent.extent(extent.index);
  if (!parentExtent) {
    toRead.fill(1);
    return {};
  }
  try {
    const ids = await parent.content(parentExtent);
    return fillFromParent(context, extent, parentExtent, ids, content, toRead);
  } catch (error) {
    if (!(error instanceof LeewardError) || error.code !== 'L-REP-126') throw error;
    toRead.fill(1);
    return { warning: error };
  }
}

/** What would be read although it is known to be zeros. */
async function fillKnownZeros(
  context: ExtentContext,
  extent: ExtentLayout,
  content: Uint8Array,
  toRead: Uint8Array,
): Promise<void> {
  const zeros = new Uint8Array(toRead.length);
  markTouched(context.zeroAreas, extent.offsetBytes, context.blockBytes, zeros);
  const isKnown = (block: number) => toRead[block] === 1 && zeros[block] === 1;
  await fillZeros(context, extent, content, isKnown);
  for (let block = 0; block < toRead.length; block++) if (isKnown(block)) toRead[block] = 0;
}

async function fillZeros(
  context: ExtentContext,
  extent: ExtentLayout,
  content: Uint8Array,
  isZero: (block: number) => boolean,
): Promise<void> {
  const { blockBytes } = context;
  for (let block = 0; block * idBytes < content.length; block++) {
    if (!isZero(block)) continue;
    const bytes = Math.min(blockBytes, extent.sizeBytes - block * blockBytes);
    content.set(await context.storedZeros(bytes), block * idBytes);
  }
}

/** A block whose id is in no index is read again, which heals the repository. */
function fillFromParent(
  context: ExtentContext,
  extent: ExtentLayout,
  parentExtent: PointExtent,
  ids: Uint8Array,
  content: Uint8Array,
  toRead: Uint8Array,
): Pick<ExtentWork, 'parentTree'> {
  const { blockBytes, index } = context;
  const isSame = parentExtent.sizeBytes === extent.sizeBytes && parentExtent.fileName === extent.fileName;
  let isUnchanged = isSame;
  for (let block = 0; block < toRead.length; block++) {
    const end = Math.min((block + 1) * blockBytes, extent.sizeBytes);
    const parentEnd = Math.min((block + 1) * blockBytes, parentExtent.sizeBytes);
    const isUsable = end === parentEnd && index.has('data', ids, block * idBytes);
    if (isUsable) content.set(ids.subarray(block * idBytes, (block + 1) * idBytes), block * idBytes);
    else toRead[block] = 1;
    if (toRead[block] === 1) isUnchanged = false;
  }
  return isUnchanged ? { parentTree: parentExtent.treeId } : {};
}

/** Takes over a batch of an earlier try when every block of it is still to be read here and is stored. */
function resume({ index, distrust }: ExtentContext, batch: RecipeBatch, work: ExtentWork): boolean {
  const { firstBlock, toRead } = work;
  const isUsable = Array.from(batch.blocks).every(
    (block, at) => toRead[block - firstBlock] === 1 && index.isStored('data', batch.ids, at * idBytes),
  );
  if (!isUsable) return false;
  batch.blocks.forEach((block, at) => {
    setContent(work, block, batch.ids.subarray(at * idBytes, (at + 1) * idBytes), distrust);
    toRead[block - firstBlock] = 0;
  });
  return true;
}

/** Blocks to read that no changed area touches and no sample chose: of the whole disk, in order, merged. */
export function rereadAreas(
  { extent, firstBlock, toRead, sampled }: ExtentWork,
  changed: readonly Extent[],
  blockBytes: number,
): Extent[] {
  const expected = new Uint8Array(toRead.length);
  markTouched(changed, extent.offsetBytes, blockBytes, expected);
  const areas: { offsetBytes: number; lengthBytes: number }[] = [];
  for (let block = 0; block < toRead.length; block++) {
    if (toRead[block] === 0 || sampled[block] === 1 || expected[block] === 1) continue;
    const offsetBytes = (firstBlock + block) * blockBytes;
    const last = areas.at(-1);
    if (last && last.offsetBytes + last.lengthBytes === offsetBytes) last.lengthBytes += blockBytes;
    else areas.push({ offsetBytes, lengthBytes: blockBytes });
  }
  return areas;
}

/** Block numbers of the disk to read, cut into batches. */
export function* batchesOf(work: ExtentWork, blocksPerBatch: number): Iterable<Uint32Array> {
  let blocks: number[] = [];
  for (let block = 0; block < work.toRead.length; block++) {
    if (work.toRead[block] === 0) continue;
    blocks.push(work.firstBlock + block);
    if (blocks.length < blocksPerBatch) continue;
    yield Uint32Array.from(blocks);
    blocks = [];
  }
  if (blocks.length > 0) yield Uint32Array.from(blocks);
}
