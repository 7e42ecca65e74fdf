import { addressType } from '@leeward/formats/vmfs/layout';
import { blockEntry } from './addresses.ts';
import { blocksPerLarge, type Profile } from './profile.ts';

/** A resource as an address names it; `index` counts from 0 in its file. */
export interface NamedResource {
  readonly type: number;
  readonly index: number;
}

/** The entry (as of `blockEntry`) of file block `block`, from an address that the lab wrote. */
export function readBlockEntry(profile: Profile, bytes: Buffer, index: number, block: number): number {
  const address = readAddress(profile, bytes, index);
  if (address === 0n) return 0;
  if (profile.version === 5) return blockEntry(Number(address >> 6n), false, (address & 0x20n) !== 0n);
  const isLarge = Number(address & 7n) === addressType.largeFileBlock;
  const cluster = Number((address >> 15n) & 0x7fffffffn);
  const item = isLarge ? block % blocksPerLarge : Number(address >> 51n);
  return blockEntry(cluster * blocksPerLarge + item, isLarge, ((address >> 7n) & 0xffn) !== 0n);
}

/** Undefined for a hole. */
export function readResource(profile: Profile, bytes: Buffer, index: number): NamedResource | undefined {
  const address = readAddress(profile, bytes, index);
  if (address === 0n) return undefined;
  const type = Number(address & 7n);
  const { perCluster } =
    type === addressType.subBlock
      ? profile.sbc
      : type === addressType.pointerBlock
        ? profile.pbc
        : profile.pb2;
  if (profile.version === 6)
    return { type, index: Number((address >> 6n) & 0xfffffffffn) * perCluster + Number(address >> 56n) };
  const highItem = type === addressType.subBlock ? Number((address >> 3n) & 3n) * 16 : 0;
  return {
    type,
    index: Number((address >> 6n) & 0x3fffffn) * perCluster + highItem + Number(address >> 28n),
  };
}

function readAddress({ addressBytes }: Profile, bytes: Buffer, index: number): bigint {
  return addressBytes === 8 ? bytes.readBigUInt64LE(index * 8) : BigInt(bytes.readUInt32LE(index * 4));
}
