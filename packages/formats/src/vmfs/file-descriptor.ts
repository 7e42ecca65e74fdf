import { LeewardError } from '@leeward/core';
import type { FileLock } from './file-lock.ts';
import type { Geometry } from './geometry.ts';
import { descriptorField, fileType, lockMagic, signature, zla } from './layout.ts';
import { maxFileBytes } from './limits.ts';
import { readU64 } from './u64.ts';

/** A file descriptor ("inode") that passed its own checks. */
export interface FileDescriptor {
  readonly address: number;
  readonly offset: number;
  readonly generation: number;
  readonly type: number;
  readonly lengthBytes: number;
  /** Unit of its addresses; of a file of large blocks that may be their size. */
  readonly blockBytes: number;
  readonly blocks: number;
  readonly tbzBlocks: number;
  readonly largeBlocks: number;
  readonly modifiedMs: number;
  readonly mode: number;
  readonly zla: number;
  readonly lock: FileLock;
  /** The whole descriptor as it is on disk. */
  readonly raw: Buffer;
}

const knownTypes = new Set<number>(Object.values(fileType));
const knownArrays = new Set<number>(Object.values(zla));

export interface DescriptorPlace {
  readonly geometry: Geometry;
  /** Names the file in errors. */
  readonly file: string;
  readonly volume: string;
  readonly address: number;
  /** Where it was read in the logical volume. */
  readonly offset: number;
}

/**
 * Checks a descriptor with what it says of itself, so that a stale, moved or overwritten one is not taken for
 * the file's: `L-FMT-412`.
 */
export function parseDescriptor(raw: Buffer, place: DescriptorPlace): FileDescriptor {
  const { geometry, file, volume, address, offset } = place;
  const damaged = (reason: string) => new LeewardError('L-FMT-412', { file, volume, offset, reason });
  if (raw.readUInt32LE(0) !== lockMagic.descriptor) throw damaged('its lock has another signature');
  if (readU64(raw, 4) !== offset) throw damaged('it says that it is at another place');
  const metadata = raw.subarray(geometry.metadataOffset);
  const u32 = (field: number) => metadata.readUInt32LE(field);
  if (u32(descriptorField.address) !== address)
    throw damaged(`it is that of another file (${u32(descriptorField.address).toString(16)})`);
  if (geometry.version === 6 && u32(descriptorField.signature) !== signature.descriptor)
    throw damaged('it has another signature');
  if (u32(descriptorField.links) === 0) throw damaged('it is free: no directory counts on it');
  const type = u32(descriptorField.type);
  if (!knownTypes.has(type)) throw damaged(`its type is ${type}`);
  const arrayKind = u32(descriptorField.zla);
  if (!knownArrays.has(arrayKind) && type !== fileType.rdm)
    throw damaged(`its addresses are of the unknown kind ${arrayKind}`);
  const lengthBytes = readU64(metadata, descriptorField.length);
  if (!(lengthBytes <= maxFileBytes)) throw damaged(`its length is ${lengthBytes} bytes`);
  const blockBytes = readU64(metadata, descriptorField.blockBytes);
  const shift = metadata[descriptorField.blockShift] ?? 0;
  const wanted = arrayKind === zla.subBlocks ? geometry.subBlockBytes : geometry.fileBlockBytes;
  // Whether files that consist of large blocks say so in their block size is not published.
  const isOfLarge =
    geometry.version === 6 &&
    type === fileType.regular &&
    arrayKind !== zla.subBlocks &&
    blockBytes === geometry.largeBlockBytes;
  const hasBlocks = arrayKind !== zla.inline && type !== fileType.rdm;
  // Descriptors from before a volume was upgraded to VMFS-5 do not have the shift.
  const isOld = geometry.version === 5 && shift === 0;
  if (hasBlocks && ((blockBytes !== wanted && !isOfLarge) || !(isOld || 2 ** shift === blockBytes)))
    throw damaged(`its blocks have ${blockBytes} bytes (shift ${shift}), and ${wanted} are expected`);
  const pair = (low: number, high: number) => u32(high) * 2 ** 32 + u32(low);
  return {
    address,
    offset,
    generation: u32(descriptorField.generation),
    type,
    lengthBytes,
    blockBytes: isOfLarge ? blockBytes : wanted,
    blocks: readU64(metadata, descriptorField.blocks),
    tbzBlocks: pair(descriptorField.tbzLow, descriptorField.tbzHigh),
    largeBlocks: geometry.version === 6 ? u32(descriptorField.largeBlocks) : 0,
    modifiedMs: u32(descriptorField.modified) * 1000,
    mode: u32(descriptorField.mode),
    zla: arrayKind,
    lock: { mode: raw.readUInt32LE(0x24), ownerHex: raw.toString('hex', 0x28, 0x38) },
    raw,
  };
}
