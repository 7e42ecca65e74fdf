import { fileType } from '@leeward/formats/vmfs/layout';
import { Mutex } from '../vcenter/disk/mutex.ts';
import { allocateThick } from './block-content.ts';
import { type BlockStore, VmfsHostError } from './block-store.ts';
import type { FileNode } from './file-node.ts';
import { type FormatOptions, formatVolume } from './format-volume.ts';
import { type LunIdentity, scsiIdentity } from './identity.ts';
import { type MountOptions, mountVolume } from './mount-volume.ts';
import { blockBody, emptyBody, readNode, releaseNode, resizeNode, writeNode } from './node-content.ts';
import { entryOf, type NodeTable } from './node-table.ts';
import { flushNode } from './node-writer.ts';
import { nodeAt, parentOf } from './paths.ts';
import { blockBytes } from './profile.ts';
import { modifiedNow } from './volume-state.ts';

/** How a host allocates a disk: `lazy` marks blocks as to be zeroed, `eager` zeroes them. */
export type DiskFormat = 'thin' | 'lazy' | 'eager';

export interface HostFileStat {
  readonly type: 'folder' | 'file' | 'symlink' | 'system' | 'rdm';
  readonly sizeBytes: number;
  readonly modifiedSeconds: number;
  /** Blocks that are allocated, in bytes. */
  readonly allocatedBytes: number;
}

const specialTypes = new Map<number, HostFileStat['type']>([
  [fileType.symlink, 'symlink'],
  [fileType.system, 'system'],
  [fileType.rdm, 'rdm'],
]);

/** A file that a host has open: it stays the same one when it is renamed. */
export interface HostFile {
  readonly sizeBytes: number;
  read(offsetBytes: number, target: Uint8Array): Promise<void>;
  write(offsetBytes: number, data: Uint8Array): Promise<void>;
  setSize(sizeBytes: number): Promise<void>;
}

/**
 * A mounted VMFS volume as a simulated ESXi host has it. Paths are relative to the root, with `/` between
 * components. Calls may overlap: they take effect one after the other, metadata before the call ends. Failures
 * are `VmfsHostError`s; those of the LUN pass through. One host at a time: nobody else may write to the LUNs.
 */
export class VmfsHostVolume {
  /** As in the datastore's URL. */
  readonly uuid: string;
  readonly #nodes: NodeTable;
  readonly #mutex = new Mutex();
  /** Files whose metadata on the LUNs is behind, since writing it failed. */
  readonly #behind = new Set<FileNode>();
  /** Files whose metadata is kept back from the LUNs. */
  readonly #held = new Set<FileNode>();

  constructor(nodes: NodeTable, uuid: string) {
    this.#nodes = nodes;
    this.uuid = uuid;
  }

  /** Makes a new volume over the LUNs. */
  static async format(stores: readonly BlockStore[], options: FormatOptions): Promise<VmfsHostVolume> {
    const { nodes, uuid } = await formatVolume(stores, options);
    return new VmfsHostVolume(nodes, uuid);
  }

  /** Takes up a volume that the lab made, after a restart or from a copy of its LUNs, which may be in any order. */
  static async mount(stores: readonly BlockStore[], options: MountOptions): Promise<VmfsHostVolume> {
    const { nodes, uuid } = await mountVolume(stores, options);
    return new VmfsHostVolume(nodes, uuid);
  }

  get sizeBytes(): number {
    return this.#nodes.state.blocks.small.allocator.total * blockBytes;
  }

  get freeBytes(): number {
    return this.#nodes.state.blocks.small.allocator.free * blockBytes;
  }

  makeDirectory(path: string): Promise<void> {
    return this.#mutex.run(async () => {
      const { state } = this.#nodes;
      const { parent, name } = this.#newPlace(path);
      const node = this.#nodes.add({
        type: fileType.directory,
        mode: 0o040755,
        parentAddress: parent.address,
        body: { kind: 'sub', subBlocks: [] },
      });
      try {
        await this.#nodes.makeFolder(node, parent);
      } catch (error) {
        await releaseNode(state, node);
        this.#nodes.drop(node);
        throw error;
      }
      await this.#enter(parent, name, node);
    });
  }

  /** A new empty file, for descriptors, logs and the like. */
  createFile(path: string): Promise<HostFile> {
    return this.#mutex.run(async () => this.#handle(await this.#create(path, emptyBody(this.#nodes.state))));
  }

  /** A new file of that size, as a disk's data file is made. */
  createDisk(path: string, sizeBytes: number, format: DiskFormat): Promise<HostFile> {
    return this.#mutex.run(async () => {
      const { state } = this.#nodes;
      const body = blockBody(state);
      const node = await this.#create(path, body);
      try {
        await resizeNode(state, node, sizeBytes);
        const range = { first: 0, end: Math.ceil(sizeBytes / blockBytes) };
        if (format !== 'thin') await allocateThick(state, body.table, range, format === 'eager');
        await this.#flush(node);
      } catch (error) {
        await this.#unlink(path);
        throw error;
      }
      return this.#handle(node);
    });
  }

  symlink(path: string, target: string): Promise<void> {
    return this.#mutex.run(async () => {
      const { state } = this.#nodes;
      const node = await this.#create(path, emptyBody(state), fileType.symlink, 0o120777);
      await writeNode(state, node, 0, Buffer.from(target, 'utf8'));
      await this.#flush(node);
    });
  }

  createRawDeviceMapping(path: string, identity: LunIdentity, sizeBytes: number): Promise<void> {
    return this.#mutex.run(async () => {
      const node = await this.#create(path, { kind: 'rdm', identity: scsiIdentity(identity) }, fileType.rdm);
      node.sizeBytes = sizeBytes;
      await this.#flush(node);
    });
  }

  async open(path: string): Promise<HostFile> {
    const node = nodeAt(this.#nodes, path);
    if (node.type !== fileType.regular) throw new VmfsHostError('wrong-type', `${path} is no file`);
    return this.#handle(node);
  }

  /** Extends a disk, allocating as it was made. */
  grow(path: string, sizeBytes: number, format: DiskFormat): Promise<void> {
    return this.#mutex.run(async () => {
      const { state } = this.#nodes;
      const node = nodeAt(this.#nodes, path);
      if (sizeBytes < node.sizeBytes) throw new VmfsHostError('invalid', 'a disk cannot shrink');
      const first = Math.ceil(node.sizeBytes / blockBytes);
      await resizeNode(state, node, sizeBytes);
      const range = { first, end: Math.ceil(sizeBytes / blockBytes) };
      if (format !== 'thin' && node.body.kind === 'blocks')
        await allocateThick(state, node.body.table, range, format === 'eager');
      await this.#flush(node);
    });
  }

  /** A file, a link or an empty folder. */
  remove(path: string): Promise<void> {
    return this.#mutex.run(() => this.#unlink(path));
  }

  /** Replaces a file that has the new name: at every moment the LUNs hold the old one or the new one under it. */
  rename(from: string, to: string): Promise<void> {
    return this.#mutex.run(async () => {
      const node = nodeAt(this.#nodes, from);
      const source = parentOf(this.#nodes, from);
      const target = parentOf(this.#nodes, to);
      const isSameFolder = source.parent === target.parent;
      if (isSameFolder && source.name === target.name) return;
      if (this.#nodes.isFolder(node) && `${to}/`.startsWith(`${from}/`))
        throw new VmfsHostError('invalid', 'a folder cannot move into itself');
      const targetFolder = this.#nodes.folder(target.parent);
      const replaced = targetFolder.get(target.name) && nodeAt(this.#nodes, to);
      if (replaced) this.#checkRemovable(replaced, to);
      if (!isSameFolder) {
        node.parentAddress = target.parent.address;
        await this.#flush(node);
      }
      if (replaced) targetFolder.remove(target.name);
      if (isSameFolder) targetFolder.remove(source.name);
      await this.#enter(target.parent, target.name, node);
      if (!isSameFolder) {
        this.#nodes.folder(source.parent).remove(source.name);
        await this.#nodes.writeFolder(source.parent);
      }
      if (replaced) await this.#free(replaced);
    });
  }

  list(path: string): { readonly name: string; readonly stat: HostFileStat }[] {
    return this.#nodes
      .folder(nodeAt(this.#nodes, path))
      .entries()
      .map(({ name, address }) => ({ name, stat: this.#stat(this.#nodes.node(address)) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  stat(path: string): HostFileStat {
    return this.#stat(nodeAt(this.#nodes, path));
  }

  /** What the lock of the file says: 0 free, 1 exclusive, 2 read-only, 3 multi-writer. */
  setLock(path: string, mode: 0 | 1 | 2 | 3): Promise<void> {
    return this.#mutex.run(async () => {
      const node = nodeAt(this.#nodes, path);
      node.lockMode = mode;
      await this.#flush(node);
    });
  }

  /**
   * From now on the host keeps back what it would write down of this file: addresses of new blocks, and that blocks are
   * no more to be zeroed. Content is written as ever. Whoever reads the LUNs sees the file as its descriptor was before,
   * complete and with counters that are right for it, as in a storage snapshot whose host has that change in its journal
   * only. Ends with `releaseMetadata`.
   */
  holdMetadata(path: string): Promise<void> {
    return this.#mutex.run(async () => {
      this.#held.add(nodeAt(this.#nodes, path));
    });
  }

  /** Writes down all that was kept back. Fine for a file of which nothing was. */
  releaseMetadata(path: string): Promise<void> {
    return this.#mutex.run(async () => {
      const node = nodeAt(this.#nodes, path);
      if (this.#held.delete(node)) await this.#flush(node);
    });
  }

  async #flush(node: FileNode): Promise<void> {
    if (!this.#held.has(node)) await flushNode(this.#nodes.state, node);
  }

  #handle(node: FileNode): HostFile {
    const { state } = this.#nodes;
    const change = (work: () => Promise<void>) =>
      this.#mutex.run(async () => {
        const before = layoutOf(node);
        try {
          await work();
        } finally {
          if (layoutOf(node) !== before || node.body.kind === 'inline' || this.#behind.has(node)) {
            this.#behind.add(node);
            node.modifiedSeconds = modifiedNow(state);
            await this.#flush(node);
            this.#behind.delete(node);
          }
        }
      });
    return {
      get sizeBytes() {
        return node.sizeBytes;
      },
      read: (offsetBytes, target) => this.#mutex.run(() => readNode(state, node, offsetBytes, target)),
      write: (offsetBytes, data) => change(() => writeNode(state, node, offsetBytes, data)),
      setSize: (sizeBytes) => change(() => resizeNode(state, node, sizeBytes)),
    };
  }

  async #create(
    path: string,
    body: FileNode['body'],
    type: number = fileType.regular,
    mode = 0o100600,
  ): Promise<FileNode> {
    const { parent, name } = this.#newPlace(path);
    const node = this.#nodes.add({ type, mode, parentAddress: parent.address, body });
    await this.#flush(node);
    await this.#enter(parent, name, node);
    return node;
  }

  #newPlace(path: string) {
    const place = parentOf(this.#nodes, path);
    if (this.#nodes.folder(place.parent).get(place.name))
      throw new VmfsHostError('exists', `${path} exists already`);
    return place;
  }

  async #enter(parent: FileNode, name: string, node: FileNode): Promise<void> {
    const folder = this.#nodes.folder(parent);
    folder.insert(entryOf(name, node));
    try {
      await this.#nodes.writeFolder(parent);
    } catch (error) {
      folder.remove(name);
      throw error;
    }
  }

  async #unlink(path: string): Promise<void> {
    const node = nodeAt(this.#nodes, path);
    const { parent, name } = parentOf(this.#nodes, path);
    this.#checkRemovable(node, path);
    this.#nodes.folder(parent).remove(name);
    await this.#nodes.writeFolder(parent);
    await this.#free(node);
  }

  #checkRemovable(node: FileNode, path: string): void {
    if (node.type === fileType.system) throw new VmfsHostError('invalid', `${path} is a system file`);
    if (this.#nodes.isFolder(node) && this.#nodes.folder(node).entries().length > 0)
      throw new VmfsHostError('not-empty', `${path} is not empty`);
  }

  /** Gives back all of a file that no folder names any more. */
  async #free(node: FileNode): Promise<void> {
    const { state } = this.#nodes;
    this.#held.delete(node);
    await releaseNode(state, node);
    node.links = 0;
    node.sizeBytes = 0;
    node.body = emptyBody(state);
    this.#nodes.drop(node);
    await this.#flush(node);
  }

  #stat({ type, sizeBytes, modifiedSeconds, body, mode }: FileNode): HostFileStat {
    const isFolder = (mode & 0o170000) === 0o040000;
    const special = specialTypes.get(type);
    const unit = this.#nodes.state.profile.subBlockBytes;
    const subBlocks = body.kind === 'sub' ? body.subBlocks.filter((each) => each !== 0).length : 0;
    return {
      type: type === fileType.directory || isFolder ? 'folder' : (special ?? 'file'),
      sizeBytes,
      modifiedSeconds,
      allocatedBytes: body.kind === 'blocks' ? body.table.used * blockBytes : subBlocks * unit,
    };
  }
}

/** Changes exactly when the descriptor has to be written again. */
function layoutOf({ sizeBytes, body }: FileNode): string {
  if (body.kind === 'sub') return `${sizeBytes} s${body.subBlocks.join(',')}`;
  if (body.kind !== 'blocks') return `${sizeBytes}`;
  const { used, zeroed, level, changedPages } = body.table;
  return `${sizeBytes} b${used} ${zeroed} ${level} ${changedPages.size}`;
}
