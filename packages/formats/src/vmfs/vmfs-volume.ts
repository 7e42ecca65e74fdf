import { LeewardError } from '@leeward/core';
import { descriptorPlace } from './address.ts';
import { type WalkContext, walkBlocks } from './block-walk.ts';
import { type RawEntry, readEntries } from './directory.ts';
import { DirectoryCache } from './directory-cache.ts';
import { type FileDescriptor, parseDescriptor } from './file-descriptor.ts';
import type { FsHeader } from './fs-header.ts';
import { addressType, fileType, zla } from './layout.ts';
import type { VmfsLimits } from './limits.ts';
import type { LogicalVolume } from './logical-volume.ts';
import { MappedFile, type ResourceFile, resourceOffset } from './resource-file.ts';
import { parseScsiIdentity, type ScsiIdentity, scsiIdentityBytes } from './scsi-identity.ts';
import { statOf, typeName, type VmfsDirectoryEntry, type VmfsStat } from './stat.ts';
import type { SystemFiles } from './system-files.ts';
import { type VmfsExtent, VmfsFile } from './vmfs-file.ts';

export interface VmfsVolumeParts {
  readonly volume: LogicalVolume;
  readonly header: FsHeader;
  readonly volumeName: string;
  readonly system: SystemFiles;
  readonly limits: VmfsLimits;
}

export interface OpenFileOptions {
  /** What the file's size must be, where it is known from elsewhere (a VMDK descriptor): else `L-FMT-426`. */
  readonly expectedBytes?: number;
  readonly signal?: AbortSignal;
}

const rootAddress: number = addressType.descriptor;

/**
 * An open VMFS volume. Paths are relative to the volume's root, with `/` between components ('' is the root);
 * symbolic links are not followed. Nothing here writes, and what is damaged is an error of the catalogue
 * (`L-FMT-41x`), never zeros: absence (`L-FMT-421`) and damage differ. Errors of a LUN pass through. Calls may
 * run at the same time. It needs no closing: who gave the LUNs closes them.
 */
export class VmfsVolume {
  /** The datastore's UUID, as in its URL in vCenter. */
  readonly uuid: string;
  readonly label: string;
  /** Such as `6.82`. */
  readonly version: string;
  readonly fileBlockBytes: number;
  readonly sizeBytes: number;
  readonly #parts: VmfsVolumeParts;
  readonly #walk: WalkContext;
  readonly #directories: DirectoryCache;

  constructor(parts: VmfsVolumeParts) {
    const { header, volume, volumeName, system, limits } = parts;
    this.uuid = header.uuid;
    this.label = header.label;
    this.version = header.version;
    this.fileBlockBytes = header.geometry.fileBlockBytes;
    this.sizeBytes = volume.sizeBytes;
    this.#parts = parts;
    this.#directories = new DirectoryCache(limits);
    this.#walk = {
      geometry: header.geometry,
      volume,
      volumeName,
      maxExtents: limits.extents,
      systemBlocks: system.blocks,
      resources: async (type) => resourcesOf(system, type, volumeName),
    };
  }

  async stat(path: string, signal?: AbortSignal): Promise<VmfsStat> {
    return statOf(await this.#find(path, signal));
  }

  /** Sorted by name. */
  async readDirectory(path: string, signal?: AbortSignal): Promise<VmfsDirectoryEntry[]> {
    const entries = await this.#entries(path, await this.#find(path, signal), signal);
    return [...entries.values()]
      .map(({ name, type }) => ({ name, type: typeName(type) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Finds and checks all blocks of a file, a symbolic link or a system file. */
  async openFile(path: string, options: OpenFileOptions = {}): Promise<VmfsFile> {
    const { expectedBytes, signal } = options;
    const descriptor = await this.#find(path, signal);
    const { type, lengthBytes } = descriptor;
    const { volumeName, volume } = this.#parts;
    if (type === fileType.rdm) throw new LeewardError('L-FMT-423', { file: path });
    if (type === fileType.directory)
      throw new LeewardError('L-FMT-422', { file: path, volume: volumeName, type: 'a directory' });
    if (expectedBytes !== undefined && expectedBytes !== lengthBytes)
      throw new LeewardError('L-FMT-426', { file: path, sizeBytes: lengthBytes, expectedBytes });
    const isSystem = type === fileType.system;
    const context = isSystem ? { ...this.#walk, systemBlocks: undefined } : this.#walk;
    return new VmfsFile(statOf(descriptor), volume, await walkBlocks(context, path, descriptor, signal));
  }

  /** Ordered, without gaps, merged; ends at the end of the file. */
  async extents(path: string, options: OpenFileOptions = {}): Promise<VmfsExtent[]> {
    return (await this.openFile(path, options)).extents();
  }

  /** The whole content. `L-FMT-424` when it is longer than `maxBytes`. */
  async readFile(path: string, maxBytes: number, signal?: AbortSignal): Promise<Buffer> {
    const file = await this.openFile(path, signal ? { signal } : {});
    if (file.sizeBytes > maxBytes)
      throw new LeewardError('L-FMT-424', { file: path, sizeBytes: file.sizeBytes, limitBytes: maxBytes });
    const content = Buffer.alloc(file.sizeBytes);
    await file.read(0, content, signal);
    return content;
  }

  /** The target of a symbolic link. */
  async readLink(path: string, signal?: AbortSignal): Promise<string> {
    await this.#mustBe(path, fileType.symlink, 'no symbolic link', signal);
    return (await this.readFile(path, 4096, signal)).toString('utf8').replace(/\0+$/, '');
  }

  /** The LUN that a raw device mapping stands for. */
  async readRawDevice(path: string, signal?: AbortSignal): Promise<ScsiIdentity> {
    const descriptor = await this.#mustBe(path, fileType.rdm, 'no raw device mapping', signal);
    const { inlineOffset } = this.#parts.header.geometry;
    return parseScsiIdentity(descriptor.raw.subarray(inlineOffset, inlineOffset + scsiIdentityBytes));
  }

  async #mustBe(path: string, type: number, name: string, signal?: AbortSignal): Promise<FileDescriptor> {
    const descriptor = await this.#find(path, signal);
    if (descriptor.type === type) return descriptor;
    throw new LeewardError('L-FMT-422', { file: path, volume: this.#parts.volumeName, type: name });
  }

  async #find(path: string, signal?: AbortSignal): Promise<FileDescriptor> {
    const { volumeName } = this.#parts;
    const parts = path === '' ? [] : path.split('/');
    if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0')))
      throw new LeewardError('L-FMT-425', { file: path });
    let descriptor = await this.#descriptor('/', rootAddress, signal);
    for (const [index, part] of parts.entries()) {
      const parent = parts.slice(0, index).join('/');
      const entry = (await this.#entries(parent, descriptor, signal)).get(part);
      const file = parts.slice(0, index + 1).join('/');
      if (!entry) throw new LeewardError('L-FMT-421', { file, volume: volumeName });
      descriptor = await this.#descriptor(file, entry.address, signal);
      this.#checkEntry(file, entry, descriptor);
    }
    return descriptor;
  }

  #checkEntry(file: string, entry: RawEntry, { generation, type, offset }: FileDescriptor): void {
    const stale = (reason: string) =>
      new LeewardError('L-FMT-412', { file, volume: this.#parts.volumeName, offset, reason });
    if (entry.generation !== generation)
      throw stale(`it is of generation ${generation}, and the directory names ${entry.generation}`);
    if (entry.type !== type) throw stale(`it is of type ${type}, and the directory says ${entry.type}`);
  }

  async #descriptor(file: string, address: number, signal?: AbortSignal): Promise<FileDescriptor> {
    const { header, system, volumeName, volume } = this.#parts;
    const { geometry } = header;
    const place = descriptorPlace(address);
    if (!place)
      throw new LeewardError('L-FMT-413', { directory: file, volume: volumeName, reason: 'bad address' });
    const inFile = resourceOffset(system.descriptors, place.cluster, place.item);
    const offset = system.descriptors.file.logicalOffset(inFile);
    const raw = await system.descriptors.file.read(inFile, geometry.descriptorBytes, signal);
    const descriptor = parseDescriptor(raw, { geometry, file, volume: volumeName, address, offset });
    if (descriptor.zla === zla.inline && offset + raw.length > volume.sizeBytes)
      throw system.descriptors.file.damaged(inFile, 'it ends behind the volume');
    return descriptor;
  }

  async #entries(
    path: string,
    descriptor: FileDescriptor,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, RawEntry>> {
    const { header, volumeName, volume, limits } = this.#parts;
    const { type, address } = descriptor;
    const isRoot = address === rootAddress;
    if (type !== fileType.directory && !(type === fileType.system && (descriptor.mode & 0o40000) !== 0))
      throw new LeewardError('L-FMT-422', { file: path, volume: volumeName, type: 'no directory' });
    const cached = this.#directories.get(address);
    if (cached) return cached;
    const name = isRoot ? 'the root directory' : `the directory ${path}`;
    const runs = await walkBlocks(this.#walk, path || '/', descriptor, signal);
    const entries = await readEntries({
      content: new MappedFile(name, volumeName, volume, runs),
      descriptor,
      geometry: header.geometry,
      path,
      volumeName,
      maxEntries: limits.directoryEntries,
      signal,
    });
    this.#directories.put(address, entries);
    return entries;
  }
}

function resourcesOf(system: SystemFiles, type: number, volumeName: string): ResourceFile {
  if (type === addressType.subBlock) return system.subBlocks;
  if (type === addressType.pointerBlock) return system.pointerBlocks;
  if (system.secondaryPointerBlocks) return system.secondaryPointerBlocks;
  const reason = 'the volume has none, and an address names it';
  throw new LeewardError('L-FMT-411', { structure: '.pb2.sf', volume: volumeName, offset: 0, reason });
}
