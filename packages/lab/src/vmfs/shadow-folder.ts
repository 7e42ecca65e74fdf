import { VmfsHostError } from './block-store.ts';
import type { FileNode } from './file-node.ts';
import type { FolderContent } from './folder-content.ts';
import { flushNode } from './node-writer.ts';
import { flushPools, type VolumeState } from './volume-state.ts';

/** Writes the changed sub-blocks of a folder to new places, switches its descriptor to them, then frees the old ones. */
export async function rewriteSubBlocks(
  state: VolumeState,
  node: FileNode,
  folder: FolderContent,
): Promise<void> {
  const { profile, subBlocks: pool } = state;
  const unit = profile.subBlockBytes;
  const count = Math.ceil(folder.sizeBytes / unit);
  if (count > profile.directAddresses) throw new VmfsHostError('no-space', 'the folder is full');
  const before = node.body.kind === 'sub' ? node.body.subBlocks : [];
  const places = before.slice(0, count);
  while (places.length < count) places.push(0);
  const taken: number[] = [];
  try {
    for (const { offset, data } of folder.takeChanges(unit)) {
      const place = pool.take();
      taken.push(place);
      places[offset / unit] = place + 1;
      await state.space.write(pool.table.resourceOffset(place), Buffer.concat([data], unit));
    }
  } catch (error) {
    for (const place of taken) pool.release(place);
    throw error;
  }
  node.body = { kind: 'sub', subBlocks: places };
  node.sizeBytes = folder.sizeBytes;
  await flushNode(state, node);
  for (const place of before) if (place !== 0 && !places.includes(place)) pool.release(place - 1);
  await flushPools(state);
}
