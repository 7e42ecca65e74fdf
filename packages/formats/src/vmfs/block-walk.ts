import { LeewardError } from '@leeward/core';
import { type AddressDecoder, addressDecoder, newAddress } from './address.ts';
import { BlockSet } from './block-set.ts';
import { checkCluster } from './cluster-check.ts';
import { ExtentList, type LogicalExtent } from './extent-list.ts';
import type { FileDescriptor } from './file-descriptor.ts';
import type { Geometry } from './geometry.ts';
import { LargeBlocks } from './large-blocks.ts';
import { addressType, zla } from './layout.ts';
import type { LogicalVolume } from './logical-volume.ts';
import { type ResourceFile, resourceOffset } from './resource-file.ts';

/** What resolving the addresses of a file needs of its volume. */
export interface WalkContext {
  readonly geometry: Geometry;
  readonly volume: LogicalVolume;
  readonly volumeName: string;
  readonly maxExtents: number;
  /** The resource file for sub-blocks (2), pointer blocks (3) or secondary pointer blocks (5). */
  resources(type: number): Promise<ResourceFile>;
  /** Blocks that belong to system files, which no other file may name. Undefined for system files themselves. */
  readonly systemBlocks: BlockSet | undefined;
}

/**
 * The runs of one file in the logical volume, whole, in order and merged. Every address is checked (`L-FMT-414`),
 * and their numbers must be those that the descriptor counts (`L-FMT-415`): what would read as wrong zeros is
 * an error. Reads each pointer block once and no more than there are in the volume.
 */
export function walkBlocks(
  context: WalkContext,
  file: string,
  descriptor: FileDescriptor,
  signal?: AbortSignal,
): Promise<LogicalExtent[]> {
  return new BlockWalk(context, file, descriptor, signal).run();
}

class BlockWalk {
  readonly #context: WalkContext;
  readonly #file: string;
  readonly #descriptor: FileDescriptor;
  readonly #signal: AbortSignal | undefined;
  readonly #decode: AddressDecoder;
  readonly #address = newAddress();
  readonly #list: ExtentList;
  readonly #small = new BlockSet();
  readonly #subBlocks = new Set<number>();
  readonly #pointerBlocks = new Set<number>();
  readonly #large: LargeBlocks;
  /** Blocks of the volume in a large block, and blocks of this file in one. */
  readonly #smallPerLarge: number;
  readonly #perLarge: number;
  #smallCount = 0;
  #zeroedSmall = 0;

  constructor(
    context: WalkContext,
    file: string,
    descriptor: FileDescriptor,
    signal: AbortSignal | undefined,
  ) {
    const { geometry, maxExtents } = context;
    this.#context = context;
    this.#file = file;
    this.#descriptor = descriptor;
    this.#signal = signal;
    this.#decode = addressDecoder(geometry);
    this.#list = new ExtentList(file, descriptor.lengthBytes, maxExtents);
    this.#smallPerLarge = geometry.largeBlockBytes / geometry.fileBlockBytes;
    this.#perLarge = Math.max(1, geometry.largeBlockBytes / descriptor.blockBytes);
    this.#large = new LargeBlocks(this.#perLarge);
  }

  async run(): Promise<LogicalExtent[]> {
    const { geometry } = this.#context;
    const { raw, lengthBytes, blockBytes } = this.#descriptor;
    if (this.#descriptor.zla === zla.inline) return this.#inline();
    const levels = levelsOf(this.#descriptor.zla);
    const { directAddresses, addressesPerPointerBlock } = geometry;
    const reach = directAddresses * addressesPerPointerBlock ** levels * blockBytes;
    if (lengthBytes > reach) throw this.#wrongSize(`its addresses reach ${reach} bytes`);
    const perRoot = addressesPerPointerBlock ** (levels - 1);
    if (
      levels === 2 &&
      lengthBytes <= directAddresses * perRoot * blockBytes &&
      this.#descriptor.blocks === 0
    )
      throw this.#wrongSize('it has no blocks, yet two levels of pointer blocks');
    const table = raw.subarray(geometry.addressesOffset);
    await this.#table(table, directAddresses, levels, 0);
    this.#checkCounters();
    return this.#list.finish();
  }

  #inline(): LogicalExtent[] {
    const { geometry } = this.#context;
    const { offset, lengthBytes, blocks } = this.#descriptor;
    if (lengthBytes > geometry.inlineBytes)
      throw this.#wrongSize(`at most ${geometry.inlineBytes} fit into its descriptor, where its content is`);
    if (blocks !== 0) throw this.#suspicious(`it has ${blocks} blocks, yet its content is in its descriptor`);
    this.#list.push('data', 0, lengthBytes, offset + geometry.inlineOffset);
    return this.#list.finish();
  }

  async #table(table: Buffer, count: number, level: number, firstBlock: number): Promise<void> {
    if (level === 0) {
      await this.#leaves(table, count, firstBlock);
      return;
    }
    const { addressBytes, addressesPerPointerBlock } = this.#context.geometry;
    const span = addressesPerPointerBlock ** level;
    for (let index = 0; index < count; index++) {
      const low = table.readUInt32LE(index * addressBytes);
      const high = addressBytes === 8 ? table.readUInt32LE(index * 8 + 4) : 0;
      if (low === 0 && high === 0) continue;
      const block = firstBlock + index * span;
      const pointers = await this.#pointerBlock(low, high, block);
      await this.#table(pointers, addressesPerPointerBlock, level - 1, block);
    }
  }

  async #pointerBlock(low: number, high: number, block: number): Promise<Buffer> {
    const { geometry } = this.#context;
    const address = this.#address;
    const isPointer =
      this.#decode(low, high, address) &&
      (address.type === addressType.pointerBlock ||
        address.type === addressType.secondaryPointerBlock ||
        (address.type === addressType.subBlock && geometry.version === 6));
    if (!isPointer) throw this.#badAddress(block, low, high, 'is none of a pointer block');
    const { type, cluster, item } = address;
    const resources = await this.#context.resources(type);
    const bytes = geometry.addressesPerPointerBlock * geometry.addressBytes;
    if (resources.resourceBytes < bytes)
      throw resources.file.damaged(0, `its pointer blocks have ${resources.resourceBytes} bytes`);
    const offset = resourceOffset(resources, cluster, item);
    await checkCluster(resources, cluster, geometry, this.#signal);
    const key = offset * 8 + type;
    if (this.#pointerBlocks.has(key)) throw this.#badAddress(block, low, high, 'names a pointer block again');
    this.#pointerBlocks.add(key);
    return resources.file.read(offset, bytes, this.#signal);
  }

  async #leaves(table: Buffer, count: number, firstBlock: number): Promise<void> {
    const { addressBytes } = this.#context.geometry;
    const address = this.#address;
    for (let index = 0; index < count; index++) {
      const low = table.readUInt32LE(index * addressBytes);
      const high = addressBytes === 8 ? table.readUInt32LE(index * 8 + 4) : 0;
      if (low === 0 && high === 0) continue;
      const block = firstBlock + index;
      if (!this.#decode(low, high, address)) throw this.#badAddress(block, low, high, 'is of no known kind');
      if (address.tbz !== 0 && address.tbz !== 0xff) throw this.#partlyZeroed(block, address.tbz);
      if (address.type === addressType.subBlock) await this.#subBlock(block, low, high);
      else this.#fileBlock(block, low, high, index + 1 < count && isZero(table, index + 1, addressBytes));
    }
  }

  #fileBlock(block: number, low: number, high: number, isFollowedByNone: boolean): void {
    const { geometry, volume, systemBlocks } = this.#context;
    const { blockBytes } = this.#descriptor;
    const { type, cluster, tbz } = this.#address;
    const isLarge = type === addressType.largeFileBlock && geometry.version === 6;
    if (type !== addressType.fileBlock && !isLarge)
      throw this.#badAddress(block, low, high, 'is none of a block with content');
    if (this.#descriptor.zla === zla.subBlocks)
      throw this.#badAddress(block, low, high, 'is none of a sub-block');
    if (!isLarge && blockBytes !== geometry.fileBlockBytes)
      throw this.#badAddress(block, low, high, 'is none of a large block, of which the file consists');
    if (this.#large.endsAlone(block))
      throw this.#badAddress(block, low, high, 'lies where a large block that is named once reaches');
    const unitBytes = isLarge ? geometry.largeBlockBytes : blockBytes;
    const first = isLarge ? cluster * this.#smallPerLarge : cluster;
    if (!isLarge || !this.#large.isLast(cluster)) {
      if ((cluster + 1) * unitBytes > volume.sizeBytes)
        throw this.#badAddress(block, low, high, 'is behind the end of the volume');
      const isSystem = isLarge ? systemBlocks?.hasAny(first, this.#smallPerLarge) : systemBlocks?.has(first);
      if (isSystem) throw this.#badAddress(block, low, high, 'is one of a system file');
    }
    const isAlone = isLarge && isFollowedByNone && this.#perLarge > 1 && block % this.#perLarge === 0;
    const isNew = isLarge ? this.#addLarge(cluster, block, tbz, isAlone) : this.#addSmall(cluster);
    if (!isNew) throw this.#badAddress(block, low, high, 'is used in another place of the file');
    if (!isLarge) {
      this.#smallCount++;
      if (tbz !== 0) this.#zeroedSmall++;
    }
    const inside = isLarge ? (block % this.#perLarge) * blockBytes : 0;
    const kind = tbz === 0 ? 'data' : 'zero';
    this.#list.push(kind, block * blockBytes, isAlone ? unitBytes : blockBytes, cluster * unitBytes + inside);
  }

  #addSmall(cluster: number): boolean {
    const isPartOfLarge = this.#large.count > 0 && this.#large.has(Math.floor(cluster / this.#smallPerLarge));
    return !isPartOfLarge && this.#small.add(cluster);
  }

  #addLarge(cluster: number, block: number, tbz: number, isAlone: boolean): boolean {
    const isChecked = this.#large.isLast(cluster);
    const isFree = isChecked || !this.#small.hasAny(cluster * this.#smallPerLarge, this.#smallPerLarge);
    return isFree && this.#large.add(cluster, block, tbz !== 0, isAlone);
  }

  async #subBlock(block: number, low: number, high: number): Promise<void> {
    const { subBlockBytes } = this.#context.geometry;
    const { lengthBytes, blockBytes } = this.#descriptor;
    const { cluster, item } = this.#address;
    const key = cluster * 256 + item;
    if (this.#subBlocks.has(key))
      throw this.#badAddress(block, low, high, 'is used in another place of the file');
    this.#subBlocks.add(key);
    const fileOffset = block * blockBytes;
    const length = Math.min(blockBytes, lengthBytes - fileOffset);
    if (length > subBlockBytes)
      throw this.#badAddress(block, low, high, `names a sub-block, and ${length} bytes belong there`);
    this.#smallCount++;
    if (length <= 0) return;
    const resources = await this.#context.resources(addressType.subBlock);
    if (resources.resourceBytes !== subBlockBytes)
      throw resources.file.damaged(0, `its sub-blocks have ${resources.resourceBytes} bytes`);
    const place = resourceOffset(resources, cluster, item);
    await checkCluster(resources, cluster, this.#context.geometry, this.#signal);
    let at = fileOffset;
    resources.file.eachRun(place, length, (logical, runBytes) => {
      this.#list.push('data', at, runBytes, logical);
      at += runBytes;
    });
  }

  /** Large blocks may be counted as one, or as the file blocks they hold: which one is not published. */
  #checkCounters(): void {
    const { blocks, tbzBlocks, largeBlocks, lengthBytes, blockBytes } = this.#descriptor;
    const large = this.#large;
    const counts = (small: number, entries: number, whole: number) => [
      small + entries,
      small + whole,
      small + (whole === 0 ? 0 : whole * this.#smallPerLarge),
    ];
    const found = counts(this.#smallCount, large.entries, large.count);
    if (!found.includes(blocks))
      throw this.#suspicious(`its descriptor counts ${blocks} blocks, and its addresses name ${found[0]}`);
    const zeroed = counts(this.#zeroedSmall, large.zeroedEntries, large.zeroedCount);
    if (!zeroed.includes(tbzBlocks))
      throw this.#suspicious(
        `its descriptor counts ${tbzBlocks} blocks to be zeroed, and its addresses name ${zeroed[0]}`,
      );
    if (large.count !== largeBlocks)
      throw this.#suspicious(
        `its descriptor counts ${largeBlocks} large blocks, and its addresses name ${large.count}`,
      );
    const partly = large.partlyUsed(Math.ceil(lengthBytes / blockBytes));
    if (partly !== undefined)
      throw this.#suspicious(`a large block at byte ${partly * blockBytes} is named only in parts`);
  }

  get #place() {
    return { file: this.#file, volume: this.#context.volumeName };
  }

  #wrongSize(what: string): LeewardError {
    const { offset, lengthBytes } = this.#descriptor;
    const reason = `it has ${lengthBytes} bytes, but ${what}`;
    return new LeewardError('L-FMT-412', { ...this.#place, offset, reason });
  }

  #suspicious(reason: string): LeewardError {
    return new LeewardError('L-FMT-415', { ...this.#place, reason });
  }

  #partlyZeroed(block: number, map: number): LeewardError {
    const offset = block * this.#descriptor.blockBytes;
    return new LeewardError('L-FMT-416', { ...this.#place, offset, map: map.toString(2).padStart(8, '0') });
  }

  #badAddress(block: number, low: number, high: number, reason: string): LeewardError {
    const hex = (value: number) => value.toString(16).padStart(8, '0');
    const address = this.#context.geometry.addressBytes === 8 ? `${hex(high)}${hex(low)}` : hex(low);
    const offset = block * this.#descriptor.blockBytes;
    return new LeewardError('L-FMT-414', { ...this.#place, offset, address, reason });
  }
}

function isZero(table: Buffer, index: number, addressBytes: number): boolean {
  const at = index * addressBytes;
  return table.readUInt32LE(at) === 0 && (addressBytes === 4 || table.readUInt32LE(at + 4) === 0);
}

function levelsOf(arrayKind: number): number {
  if (arrayKind === zla.doubleIndirect) return 2;
  return arrayKind === zla.pointerBlocks || arrayKind === zla.secondaryPointerBlocks ? 1 : 0;
}
