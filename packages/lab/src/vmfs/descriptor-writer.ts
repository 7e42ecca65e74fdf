import { descriptorField as field, fileType, lockMagic, signature, zla } from '@leeward/formats/vmfs/layout';
import {
  isLargeEntry,
  isZeroedEntry,
  namedEntry,
  writeBlockAddress,
  writeResourceAddress,
} from './addresses.ts';
import type { BlockTable } from './block-table.ts';
import type { FileNode } from './file-node.ts';
import { blockBytes, blocksPerLarge, type Profile } from './profile.ts';
import type { LargeForm, VolumeState } from './volume-state.ts';

/** The bytes of a file descriptor that is at `offset` of the logical volume. */
export function descriptorBytes(state: VolumeState, node: FileNode, offset: number): Buffer {
  const { profile, hostUuid } = state;
  const bytes = Buffer.alloc(profile.descriptorBytes);
  bytes.writeUInt32LE(lockMagic.descriptor, 0x00);
  bytes.writeBigUInt64LE(BigInt(offset), 0x04);
  bytes.writeUInt32LE(node.lockMode, 0x24);
  if (node.lockMode !== 0) bytes.set(hostUuid, 0x28);
  bytes.writeBigUInt64LE(BigInt(node.modifiedSeconds) * 1_000_000n, 0x38);
  const at = profile.metadataAt;
  const put = (offsetInMetadata: number, value: number) => bytes.writeUInt32LE(value, at + offsetInMetadata);
  const putLong = (offsetInMetadata: number, value: number) =>
    bytes.writeBigUInt64LE(BigInt(value), at + offsetInMetadata);
  put(field.address, node.address);
  put(field.generation, node.generation);
  put(field.links, node.links);
  put(field.type, node.type);
  putLong(field.length, node.sizeBytes);
  for (const time of [field.modified, field.changed, field.accessed]) put(time, node.modifiedSeconds);
  put(field.mode, node.mode);
  put(field.tbzShift, 20);
  put(field.parent, node.parentAddress);
  if (profile.version === 6) put(field.signature, signature.descriptor);
  const facts = bodyFacts(state, node);
  putLong(field.blockBytes, facts.blockBytes);
  bytes[at + field.blockShift] = Math.log2(facts.blockBytes);
  putLong(field.blocks, facts.blocks);
  put(field.zla, facts.zla);
  put(field.tbzLow, facts.zeroed % 2 ** 32);
  put(field.pointerBlocks, facts.pointerBlocks);
  if (profile.version === 6) put(field.largeBlocks, facts.largeBlocks);
  writeBody(state, node, bytes);
  return bytes;
}

function bodyFacts({ profile, pointerType, largeForm }: VolumeState, { body, type }: FileNode) {
  const none = {
    blockBytes,
    blocks: 0,
    zla: zla.inline as number,
    zeroed: 0,
    pointerBlocks: 0,
    largeBlocks: 0,
  };
  if (body.kind === 'inline' || body.kind === 'rdm') return none;
  if (body.kind === 'sub') {
    const blocks = body.subBlocks.filter((each) => each !== 0).length;
    return { ...none, blockBytes: profile.subBlockBytes, blocks, zla: zla.subBlocks };
  }
  const { table } = body;
  const largeBlocks = table.largeParts / blocksPerLarge;
  if (isSized(profile, largeForm, table))
    return {
      ...{ blockBytes: blockBytes * blocksPerLarge, blocks: largeBlocks, zla: zla.fileBlocks as number },
      ...{ zeroed: table.zeroed / blocksPerLarge, pointerBlocks: 0, largeBlocks },
    };
  const isSecondary = pointerTypeOf(profile, pointerType, type) === 5;
  const single = isSecondary ? zla.secondaryPointerBlocks : zla.pointerBlocks;
  return {
    ...none,
    ...namedBlocks(largeForm, table),
    zla: table.level === 0 ? zla.fileBlocks : table.level === 1 ? single : zla.doubleIndirect,
    pointerBlocks: table.pointers.size + table.uppers.size,
    largeBlocks,
  };
}

/** All of it is large blocks, and few enough to need no pointer blocks. */
function isSized({ directAddresses }: Profile, form: LargeForm, { used, largeParts }: BlockTable): boolean {
  return form === 'sized' && used > 0 && largeParts === used && used / blocksPerLarge <= directAddresses;
}

/** How many blocks the addresses of a file name, and how many of those are to be zeroed. */
function namedBlocks(
  form: LargeForm,
  table: BlockTable,
): { readonly blocks: number; readonly zeroed: number } {
  if (form !== 'single') return { blocks: table.used, zeroed: table.zeroed };
  let again = 0;
  let zeroedAgain = 0;
  for (const [block, entry] of table.entries()) {
    if (!isLargeEntry(entry) || block % blocksPerLarge === 0) continue;
    again++;
    if (isZeroedEntry(entry)) zeroedAgain++;
  }
  return { blocks: table.used - again, zeroed: table.zeroed - zeroedAgain };
}

/** System files cannot have their pointer blocks in files that are found with them. */
export function pointerTypeOf(profile: Profile, usual: 2 | 3 | 5, type: number): 2 | 3 | 5 {
  if (type === fileType.system) return 5;
  return profile.version === 5 ? 3 : usual;
}

export function upperTypeOf(profile: Profile, usual: 2 | 3 | 5): 2 | 3 | 5 {
  return profile.version === 5 ? 5 : usual;
}

function writeBody(
  { profile, pointerType, largeForm }: VolumeState,
  { body, type }: FileNode,
  bytes: Buffer,
): void {
  if (body.kind === 'inline') bytes.set(body.content, profile.inlineAt);
  if (body.kind === 'rdm') bytes.set(body.identity, profile.inlineAt);
  const array = bytes.subarray(profile.addressesAt);
  if (body.kind === 'sub')
    for (const [index, each] of body.subBlocks.entries())
      if (each !== 0) writeResourceAddress(profile, array, index, 2, each - 1);
  if (body.kind === 'blocks')
    writeTable(
      profile,
      largeForm,
      body.table,
      array,
      pointerTypeOf(profile, pointerType, type),
      upperTypeOf(profile, pointerType),
    );
}

function writeTable(
  profile: Profile,
  form: LargeForm,
  table: BlockTable,
  array: Buffer,
  pointer: 2 | 3 | 5,
  upper: 2 | 3 | 5,
): void {
  if (isSized(profile, form, table)) {
    for (let large = 0; large < profile.directAddresses; large++)
      writeBlockAddress(profile, array, large, table.get(large * blocksPerLarge));
    return;
  }
  if (table.level === 0) {
    for (let block = 0; block < profile.directAddresses; block++)
      writeBlockAddress(profile, array, block, namedEntry(form, table.get(block), block));
    return;
  }
  const type = table.level === 1 ? pointer : upper;
  const resources = table.level === 1 ? table.pointers : table.uppers;
  for (const [index, resource] of resources) writeResourceAddress(profile, array, index, type, resource);
}
