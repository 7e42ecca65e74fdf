import { blockEntry, entryBlock, isLargeEntry, isZeroedEntry } from './addresses.ts';
import type { BlockTable } from './block-table.ts';
import { blockBytes, blocksPerLarge } from './profile.ts';
import type { VolumeState } from './volume-state.ts';

const zeros = Buffer.alloc(blockBytes);

/** Writes into the blocks of a file; holes get blocks, blocks to be zeroed become written. */
export async function writeBlocks(
  state: VolumeState,
  table: BlockTable,
  offsetBytes: number,
  data: Uint8Array,
): Promise<void> {
  const end = offsetBytes + data.length;
  const missing = countHoles(table, Math.floor(offsetBytes / blockBytes), Math.ceil(end / blockBytes));
  state.blocks.takeSmallOrFail(missing);
  let from = offsetBytes;
  let to = offsetBytes;
  let place = 0;
  const write = async () => {
    if (to > from) await state.space.write(place, data.subarray(from - offsetBytes, to - offsetBytes));
  };
  while (to < end) {
    const inside = to % blockBytes;
    const length = Math.min(blockBytes - inside, end - to);
    const block = await writableBlock(state, table, Math.floor(to / blockBytes), length < blockBytes);
    const next = block * blockBytes + inside;
    if (next !== place + (to - from)) {
      await write();
      from = to;
      place = next;
    }
    to += length;
  }
  await write();
}

/** Holes and blocks to be zeroed read as zeros. */
export async function readBlocks(
  state: VolumeState,
  table: BlockTable,
  offsetBytes: number,
  target: Uint8Array,
): Promise<void> {
  for (let at = 0; at < target.length; ) {
    const inside = (offsetBytes + at) % blockBytes;
    const length = Math.min(blockBytes - inside, target.length - at);
    const entry = table.get(Math.floor((offsetBytes + at) / blockBytes));
    const part = target.subarray(at, at + length);
    if (entry === 0 || isZeroedEntry(entry)) part.fill(0);
    else await state.space.read(entryBlock(entry) * blockBytes + inside, part);
    at += length;
  }
}

/**
 * Allocates all that is still a hole from block `first` up to `end`: as large blocks where a whole one fits and
 * is free. `eager`: the blocks are zeroed now, else they are only marked as to be zeroed.
 */
export async function allocateThick(
  state: VolumeState,
  table: BlockTable,
  range: { readonly first: number; readonly end: number },
  eager: boolean,
): Promise<void> {
  state.blocks.takeSmallOrFail(countHoles(table, range.first, range.end));
  for (let block = range.first; block < range.end; ) {
    // A file of large blocks has no other ones, so its last one reaches beyond its end.
    const isWhole =
      block % blocksPerLarge === 0 && (state.largeForm === 'sized' || block + blocksPerLarge <= range.end);
    const isEmpty = isWhole && countHoles(table, block, block + blocksPerLarge) === blocksPerLarge;
    const large = isEmpty ? state.blocks.takeLarge() : undefined;
    const count = large === undefined ? 1 : blocksPerLarge;
    for (let part = 0; part < count; part++) {
      if (large === undefined && table.get(block) !== 0) continue;
      const place = large === undefined ? state.blocks.takeSmall() : large + part;
      if (eager) await clean(state, place);
      table.set(block + part, blockEntry(place, large !== undefined, !eager));
    }
    block += count;
  }
}

/** Frees all blocks from `first` on; of a large block only if it goes as a whole. Kept blocks are zeroed. */
export async function releaseBlocks(state: VolumeState, table: BlockTable, first: number): Promise<void> {
  for (const [block, entry] of [...table.entries()]) {
    if (block < first) continue;
    const place = entryBlock(entry);
    if (!isLargeEntry(entry)) {
      table.set(block, 0);
      state.blocks.small.release(place);
    } else if (block - (block % blocksPerLarge) >= first) {
      table.set(block, 0);
      if (block % blocksPerLarge === blocksPerLarge - 1)
        state.blocks.releaseLarge(place - blocksPerLarge + 1);
    } else if (!isZeroedEntry(entry)) await clean(state, place);
  }
}

function countHoles(table: BlockTable, first: number, end: number): number {
  let holes = 0;
  for (let block = first; block < end; block++) if (table.get(block) === 0) holes++;
  return holes;
}

async function writableBlock(
  state: VolumeState,
  table: BlockTable,
  block: number,
  isPartly: boolean,
): Promise<number> {
  const entry = table.get(block);
  if (entry === 0) {
    const place = state.blocks.takeSmall();
    if (isPartly) await clean(state, place);
    state.blocks.markWritten(place);
    table.set(block, blockEntry(place, false, false));
    return place;
  }
  const place = entryBlock(entry);
  if (isZeroedEntry(entry)) await zeroNow(state, table, block, entry);
  state.blocks.markWritten(place);
  return place;
}

/** The first write to a block to be zeroed; a large one becomes zeroed as a whole. */
async function zeroNow(state: VolumeState, table: BlockTable, block: number, entry: number): Promise<void> {
  const isLarge = isLargeEntry(entry);
  const first = isLarge ? block - (block % blocksPerLarge) : block;
  for (let part = first; part < first + (isLarge ? blocksPerLarge : 1); part++) {
    const place = entryBlock(table.get(part));
    await clean(state, place);
    table.set(part, blockEntry(place, isLarge, false));
  }
}

async function clean(state: VolumeState, place: number): Promise<void> {
  if (state.blocks.wasWritten(place)) await state.space.write(place * blockBytes, zeros);
}
