import type { Geometry } from './geometry.ts';
import { addressType } from './layout.ts';

/** A decoded block address. Mutable, so that millions can be decoded without making an object each. */
export interface BlockAddress {
  /** One of `addressType`. */
  type: number;
  /** Resource cluster; file blocks: the block number, large ones: the number of the large block. */
  cluster: number;
  /** Resource in its cluster; 0 for file blocks. */
  item: number;
  /** To be zeroed: which eighths of the block (0xff: all) read as zeros whatever lies there. */
  tbz: number;
}

export function newAddress(): BlockAddress {
  return { type: 0, cluster: 0, item: 0, tbz: 0 };
}

/** Returns false for what is no address of this version: an unknown type, or bits that have no meaning. */
export type AddressDecoder = (low: number, high: number, into: BlockAddress) => boolean;

export function addressDecoder(geometry: Geometry): AddressDecoder {
  if (geometry.version === 6) return sixDecoder(geometry.largeBlockBytes / geometry.fileBlockBytes);
  return geometry.denseSubBlocks ? fiveDense : fivePlain;
}

function fiveDense(low: number, _high: number, into: BlockAddress): boolean {
  return decodeFive(low, into, true);
}

function fivePlain(low: number, _high: number, into: BlockAddress): boolean {
  return decodeFive(low, into, false);
}

function decodeFive(low: number, into: BlockAddress, dense: boolean): boolean {
  const type = low & 7;
  into.type = type;
  into.tbz = 0;
  if (type === addressType.fileBlock) {
    into.cluster = low >>> 6;
    into.item = 0;
    into.tbz = low & 0x20 ? 0xff : 0;
    return (low & 0x08) === 0;
  }
  into.cluster = (low >>> 6) & 0x3fffff;
  into.item = low >>> 28;
  if (type === addressType.subBlock && dense) {
    into.item |= ((low >>> 3) & 3) << 4;
    return true;
  }
  const known =
    type === addressType.subBlock ||
    type === addressType.pointerBlock ||
    type === addressType.secondaryPointerBlock;
  return known && (low & 0x18) === 0;
}

function sixDecoder(smallPerLarge: number): AddressDecoder {
  return (low, high, into) => {
    const type = low & 7;
    into.type = type;
    if (type === addressType.fileBlock || type === addressType.largeFileBlock) {
      const cluster = ((low >>> 15) | ((high & 0x3fff) << 17)) >>> 0;
      const item = high >>> 19;
      into.item = 0;
      into.tbz = (low >>> 7) & 0xff;
      if ((low & 0x58) !== 0 || (high & 0x7c000) !== 0) return false;
      if (type === addressType.largeFileBlock) {
        into.cluster = cluster;
        return item === 0;
      }
      into.cluster = cluster * smallPerLarge + item;
      return item < smallPerLarge;
    }
    into.cluster = (low >>> 6) + (high & 0x3ff) * 2 ** 26;
    into.item = high >>> 24;
    into.tbz = 0;
    const known =
      type === addressType.subBlock ||
      type === addressType.pointerBlock ||
      type === addressType.secondaryPointerBlock;
    return known && (low & 0x18) === 0 && (high & 0xfffc00) === 0;
  };
}

/** The address of a file descriptor, on both versions. Undefined for an address of another type. */
export function descriptorPlace(
  address: number,
): { readonly cluster: number; readonly item: number } | undefined {
  if ((address & 7) !== addressType.descriptor) return undefined;
  return { cluster: (address >>> 6) & 0xffff, item: address >>> 22 };
}
