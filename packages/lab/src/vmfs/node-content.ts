import { readBlocks, releaseBlocks, writeBlocks } from './block-content.ts';
import { VmfsHostError } from './block-store.ts';
import { BlockTable } from './block-table.ts';
import { pointerTypeOf, upperTypeOf } from './descriptor-writer.ts';
import type { FileBody, FileNode } from './file-node.ts';
import { levelFor, pointerPool, raiseLevel } from './node-writer.ts';
import { blockBytes } from './profile.ts';
import type { VolumeState } from './volume-state.ts';

/** Files up to this many sub-blocks stay in them; folders always do. */
const maxSubBlocks = 4;

export function emptyBody(state: VolumeState): FileBody {
  if (state.inlineFiles) return { kind: 'inline', content: Buffer.alloc(state.profile.inlineBytes) };
  return { kind: 'sub', subBlocks: [] };
}

export function blockBody({ profile }: VolumeState): FileBody & { readonly kind: 'blocks' } {
  return { kind: 'blocks', table: new BlockTable(profile.pointerBlockAddresses) };
}

/** Writes content and makes the file longer where needed. Metadata is only changed in memory: `flushNode` follows. */
export async function writeNode(
  state: VolumeState,
  node: FileNode,
  offsetBytes: number,
  data: Uint8Array,
): Promise<void> {
  const end = offsetBytes + data.length;
  await fitBody(state, node, Math.max(end, node.sizeBytes));
  const { body } = node;
  if (body.kind === 'inline') body.content.set(data, offsetBytes);
  else if (body.kind === 'sub') await writeSubBlocks(state, body.subBlocks, offsetBytes, data);
  else if (body.kind === 'blocks') await writeBlocks(state, body.table, offsetBytes, data);
  else throw new VmfsHostError('wrong-type', 'a raw device mapping has no content of its own');
  node.sizeBytes = Math.max(node.sizeBytes, end);
  if (body.kind === 'blocks') raiseLevel(state, node, body.table);
}

/** Fills the target; the range MUST be within the file. */
export async function readNode(
  state: VolumeState,
  node: FileNode,
  offsetBytes: number,
  target: Uint8Array,
): Promise<void> {
  const { body } = node;
  if (offsetBytes + target.length > node.sizeBytes)
    throw new RangeError(`byte ${offsetBytes + target.length} of a file of ${node.sizeBytes}`);
  if (body.kind === 'inline') target.set(body.content.subarray(offsetBytes, offsetBytes + target.length));
  else if (body.kind === 'sub') await readSubBlocks(state, body.subBlocks, offsetBytes, target);
  else if (body.kind === 'blocks') await readBlocks(state, body.table, offsetBytes, target);
}

/** What a file grows by reads as zeros; what it loses is freed. */
export async function resizeNode(state: VolumeState, node: FileNode, sizeBytes: number): Promise<void> {
  if (sizeBytes < node.sizeBytes) await cutTail(state, node, sizeBytes);
  else await fitBody(state, node, sizeBytes);
  node.sizeBytes = sizeBytes;
  const { body } = node;
  if (body.kind !== 'blocks') return;
  if (body.table.used === 0 && body.table.pointers.size === 0) body.table.level = levelFor(state, sizeBytes);
  else raiseLevel(state, node, body.table);
}

/** Frees all that the content of a file takes up. */
export async function releaseNode(state: VolumeState, node: FileNode): Promise<void> {
  const { body } = node;
  if (body.kind === 'sub') releaseSubBlocks(state, body.subBlocks, 0);
  if (body.kind !== 'blocks') return;
  await releaseBlocks(state, body.table, 0);
  const pool = pointerPool(state, pointerTypeOf(state.profile, state.pointerType, node.type));
  for (const pointer of body.table.pointers.values()) pool.release(pointer);
  const upperPool = pointerPool(state, upperTypeOf(state.profile, state.pointerType));
  for (const upper of body.table.uppers.values()) upperPool.release(upper);
}

async function cutTail(state: VolumeState, node: FileNode, sizeBytes: number): Promise<void> {
  const { body } = node;
  if (body.kind === 'inline') body.content.fill(0, sizeBytes);
  if (body.kind === 'sub') {
    const unit = state.profile.subBlockBytes;
    releaseSubBlocks(state, body.subBlocks, Math.ceil(sizeBytes / unit));
    if (sizeBytes % unit !== 0 && body.subBlocks[Math.floor(sizeBytes / unit)])
      await writeSubBlocks(state, body.subBlocks, sizeBytes, Buffer.alloc(unit - (sizeBytes % unit)));
  }
  if (body.kind === 'blocks') {
    await releaseBlocks(state, body.table, Math.ceil(sizeBytes / blockBytes));
    const rest = Buffer.alloc((blockBytes - (sizeBytes % blockBytes)) % blockBytes);
    if (rest.length > 0 && body.table.get(Math.floor(sizeBytes / blockBytes)) !== 0)
      await writeBlocks(state, body.table, sizeBytes, rest);
  }
}

/** Moves the content to a larger kind of place when the size asks for it. */
async function fitBody(state: VolumeState, node: FileNode, sizeBytes: number): Promise<void> {
  const { profile } = state;
  const { body } = node;
  const isFolder = (node.mode & 0o170000) === 0o040000;
  const subLimit = (isFolder ? profile.directAddresses : maxSubBlocks) * profile.subBlockBytes;
  const fits =
    body.kind === 'blocks' ||
    body.kind === 'rdm' ||
    sizeBytes <= (body.kind === 'inline' ? profile.inlineBytes : subLimit);
  if (fits) return;
  if (isFolder) throw new VmfsHostError('no-space', 'the folder is full');
  const content = Buffer.alloc(node.sizeBytes);
  await readNode(state, node, 0, content);
  if (body.kind === 'sub') releaseSubBlocks(state, body.subBlocks, 0);
  node.body = sizeBytes <= subLimit ? { kind: 'sub', subBlocks: [] } : blockBody(state);
  if (node.body.kind === 'sub') await writeSubBlocks(state, node.body.subBlocks, 0, content);
  else await writeBlocks(state, node.body.table, 0, content);
}

async function writeSubBlocks(
  state: VolumeState,
  subBlocks: number[],
  offsetBytes: number,
  data: Uint8Array,
): Promise<void> {
  const unit = state.profile.subBlockBytes;
  for (let at = 0; at < data.length; ) {
    const index = Math.floor((offsetBytes + at) / unit);
    const inside = (offsetBytes + at) % unit;
    const length = Math.min(unit - inside, data.length - at);
    while (subBlocks.length <= index) subBlocks.push(0);
    let resource = (subBlocks[index] ?? 0) - 1;
    if (resource < 0) {
      resource = state.subBlocks.take();
      subBlocks[index] = resource + 1;
      await state.space.write(state.subBlocks.table.resourceOffset(resource), Buffer.alloc(unit));
    }
    const place = state.subBlocks.table.resourceOffset(resource) + inside;
    await state.space.write(place, data.subarray(at, at + length));
    at += length;
  }
}

async function readSubBlocks(
  state: VolumeState,
  subBlocks: readonly number[],
  offsetBytes: number,
  target: Uint8Array,
): Promise<void> {
  const unit = state.profile.subBlockBytes;
  for (let at = 0; at < target.length; ) {
    const inside = (offsetBytes + at) % unit;
    const length = Math.min(unit - inside, target.length - at);
    const resource = (subBlocks[Math.floor((offsetBytes + at) / unit)] ?? 0) - 1;
    const part = target.subarray(at, at + length);
    if (resource < 0) part.fill(0);
    else await state.space.read(state.subBlocks.table.resourceOffset(resource) + inside, part);
    at += length;
  }
}

function releaseSubBlocks(state: VolumeState, subBlocks: number[], first: number): void {
  for (const each of subBlocks.splice(first)) if (each !== 0) state.subBlocks.release(each - 1);
}
