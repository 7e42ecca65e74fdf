import { LeewardError } from '@leeward/core';
import { BlockSet } from './block-set.ts';
import { type WalkContext, walkBlocks } from './block-walk.ts';
import { type FileDescriptor, parseDescriptor } from './file-descriptor.ts';
import type { FsHeader } from './fs-header.ts';
import { descriptorFileOffset } from './geometry.ts';
import { addressType, fileType, systemSlot } from './layout.ts';
import type { LogicalVolume } from './logical-volume.ts';
import { MappedFile, type ResourceFile, readResourceFile } from './resource-file.ts';

/** The system files of an open volume, with what other files need of them. */
export interface SystemFiles {
  readonly descriptors: ResourceFile;
  readonly subBlocks: ResourceFile;
  readonly pointerBlocks: ResourceFile;
  readonly secondaryPointerBlocks: ResourceFile | undefined;
  /** All blocks of system files. */
  readonly blocks: BlockSet;
}

const names = [
  'the root directory',
  '.fbb.sf',
  '.fdc.sf',
  '.pbc.sf',
  '.sbc.sf',
  '.vh.sf',
  '.pb2.sf',
  '.sdd.sf',
];
const laterNames = ['.jbc.sf', '.unmap.sf', '.dfd.sf'];
const unused = 0;

/** Loads and checks them: `L-FMT-411` to `-415` name what is damaged. Any other file is resolved with them. */
export async function readSystemFiles(
  volume: LogicalVolume,
  header: FsHeader,
  volumeName: string,
  signal?: AbortSignal,
): Promise<SystemFiles> {
  return new SystemFileLoader(volume, header, volumeName, signal).load();
}

class SystemFileLoader {
  readonly #volume: LogicalVolume;
  readonly #header: FsHeader;
  readonly #volumeName: string;
  readonly #signal: AbortSignal | undefined;
  readonly #mapped = new Map<number, MappedFile>();
  readonly #opening = new Set<number>();

  constructor(volume: LogicalVolume, header: FsHeader, volumeName: string, signal: AbortSignal | undefined) {
    this.#volume = volume;
    this.#header = header;
    this.#volumeName = volumeName;
    this.#signal = signal;
  }

  async load(): Promise<SystemFiles> {
    const { geometry } = this.#header;
    const resources = async (slot: number) =>
      readResourceFile(await this.#file(slot), geometry, this.#signal);
    const descriptors = await resources(systemSlot.fdc);
    this.#checkDescriptors(descriptors);
    const fbb = await resources(systemSlot.fbb);
    if (geometry.version === 6) await this.#checkSmallBlocks(fbb.file);
    const hasSecondary = geometry.version === 6 || (await this.#hasSlot(systemSlot.pb2));
    const subBlocks = await resources(systemSlot.sbc);
    const pointerBlocks = await resources(systemSlot.pbc);
    const secondaryPointerBlocks = hasSecondary ? await resources(systemSlot.pb2) : undefined;
    await this.#file(systemSlot.vh);
    if (geometry.version === 6)
      for (const slot of [8, 9, 10]) if (await this.#hasSlot(slot)) await this.#file(slot);
    return { descriptors, subBlocks, pointerBlocks, secondaryPointerBlocks, blocks: this.#allBlocks() };
  }

  #checkDescriptors(descriptors: ResourceFile): void {
    const { geometry, descriptorGroupOffset, descriptorClustersPerGroup } = this.#header;
    const { file, groupOffset, clustersPerGroup, resourceBytes } = descriptors;
    if (file.logicalOffset(0) !== descriptorFileOffset(geometry))
      throw file.damaged(0, 'its first block is not where the version has it');
    if (groupOffset !== descriptorGroupOffset || clustersPerGroup !== descriptorClustersPerGroup)
      throw file.damaged(0, `its groups are not those of the volume's header`);
    if (resourceBytes !== geometry.descriptorBytes)
      throw file.damaged(0, `its descriptors have ${resourceBytes} bytes`);
  }

  /** The number of small blocks in a large one is written twice; all addresses of VMFS-6 depend on it. */
  async #checkSmallBlocks(fbb: MappedFile): Promise<void> {
    const { geometry } = this.#header;
    const child = (await fbb.read(0, 512, this.#signal)).readUInt32LE(0x34);
    const perCluster = (await fbb.read(child, 512, this.#signal)).readUInt32LE(0);
    const perLarge = geometry.largeBlockBytes / geometry.fileBlockBytes;
    if (perCluster !== Math.min(8192, perLarge))
      throw fbb.damaged(
        child,
        `it has ${perCluster} blocks in a cluster, and the volume ${perLarge} in a large block`,
      );
  }

  /** Each block of system files once: two of them sharing one is damage. */
  #allBlocks(): BlockSet {
    const { fileBlockBytes } = this.#header.geometry;
    const blocks = new BlockSet();
    for (const file of this.#mapped.values())
      for (const { logicalOffset, lengthBytes } of file.extents)
        for (let at = 0; at < lengthBytes; at += fileBlockBytes)
          if (!blocks.add((logicalOffset + at) / fileBlockBytes))
            throw file.damaged(0, `it shares the block at ${logicalOffset + at} with another system file`);
    // The volume's header and all heartbeats lie before the descriptors.
    const end = descriptorFileOffset(this.#header.geometry);
    for (let at = 0; at < end; at += fileBlockBytes) blocks.add(at / fileBlockBytes);
    return blocks;
  }

  async #file(slot: number): Promise<MappedFile> {
    const known = this.#mapped.get(slot);
    if (known) return known;
    const name = nameOf(slot);
    if (this.#opening.has(slot)) {
      const reason = 'its own blocks can only be found with itself';
      throw new LeewardError('L-FMT-411', { structure: name, volume: this.#volumeName, offset: 0, reason });
    }
    this.#opening.add(slot);
    const descriptor = await this.#descriptor(slot);
    if (descriptor.type !== fileType.system) throw this.#damaged(slot, descriptor, 'it is no system file');
    const extents = await walkBlocks(this.#context(), name, descriptor, this.#signal);
    if (extents.some(({ kind }) => kind !== 'data')) throw this.#damaged(slot, descriptor, 'it has holes');
    const file = new MappedFile(name, this.#volumeName, this.#volume, extents);
    this.#mapped.set(slot, file);
    return file;
  }

  #context(): WalkContext {
    return {
      geometry: this.#header.geometry,
      volume: this.#volume,
      volumeName: this.#volumeName,
      maxExtents: 1_000_000,
      systemBlocks: undefined,
      resources: async (type) => {
        const slot = slotOfType(type);
        return readResourceFile(await this.#file(slot), this.#header.geometry, this.#signal);
      },
    };
  }

  /** Newer system files and, on VMFS-5, secondary pointer blocks may be absent: their slot is then free. */
  async #hasSlot(slot: number): Promise<boolean> {
    const { offset, address } = this.#place(slot);
    if (offset === 0) return false;
    const raw = await this.#raw(offset);
    const metadata = raw.subarray(this.#header.geometry.metadataOffset);
    const isOwn = metadata.readUInt32LE(0) === address && metadata.readUInt32LE(0x08) !== unused;
    const isSystem = metadata.readUInt32LE(0x0c) === fileType.system;
    // What the volume's header names must be there; other slots may hold any file.
    return slot === systemSlot.pb2 ? true : isOwn && isSystem;
  }

  async #descriptor(slot: number): Promise<FileDescriptor> {
    const { offset, address } = this.#place(slot);
    const { geometry } = this.#header;
    const place = { geometry, file: nameOf(slot), volume: this.#volumeName, address, offset };
    return parseDescriptor(await this.#raw(offset), place);
  }

  async #raw(offset: number): Promise<Buffer> {
    const raw = Buffer.alloc(this.#header.geometry.descriptorBytes);
    if (!(offset + raw.length <= this.#volume.sizeBytes)) {
      const reason = `it names a descriptor at ${offset}, behind the end of the volume`;
      throw new LeewardError('L-FMT-406', { volume: this.#volumeName, reason });
    }
    await this.#volume.read(offset, raw, this.#signal);
    return raw;
  }

  #place(slot: number): { readonly offset: number; readonly address: number } {
    const { geometry, descriptorGroupOffset, descriptorClustersPerGroup, pb2 } = this.#header;
    if (slot === systemSlot.pb2 && geometry.version === 5) return pb2;
    const first = descriptorFileOffset(geometry) + descriptorGroupOffset;
    return {
      offset:
        first + descriptorClustersPerGroup * geometry.clusterHeaderBytes + slot * geometry.descriptorBytes,
      address: (slot * 0x400000 + addressType.descriptor) >>> 0,
    };
  }

  #damaged(slot: number, { offset }: FileDescriptor, reason: string): LeewardError {
    return new LeewardError('L-FMT-412', { file: nameOf(slot), volume: this.#volumeName, offset, reason });
  }
}

function nameOf(slot: number): string {
  return [...names, ...laterNames][slot] ?? `system file ${slot}`;
}

function slotOfType(type: number): number {
  if (type === addressType.subBlock) return systemSlot.sbc;
  return type === addressType.pointerBlock ? systemSlot.pbc : systemSlot.pb2;
}
