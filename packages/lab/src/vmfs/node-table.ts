import { directoryLayout, systemSlot } from '@leeward/formats/vmfs/layout';
import { descriptorAddress, descriptorIndex } from './addresses.ts';
import { VmfsHostError } from './block-store.ts';
import type { FileBody, FileNode } from './file-node.ts';
import { FlatFolder } from './flat-folder.ts';
import type { FolderContent, FolderEntry } from './folder-content.ts';
import { HashedFolder } from './hashed-folder.ts';
import type { NameHash } from './name-hash.ts';
import { resizeNode, writeNode } from './node-content.ts';
import { flushNode } from './node-writer.ts';
import { rewriteSubBlocks } from './shadow-folder.ts';
import { systemNames } from './system-plan.ts';
import { modifiedNow, type VolumeState } from './volume-state.ts';

const rootIndex = 0;

/** The files and folders of a volume, in memory and on disk. */
export class NodeTable {
  readonly state: VolumeState;
  readonly #nodes = new Map<number, FileNode>();
  readonly #folders = new Map<number, FolderContent>();
  #generation = 0;

  constructor(state: VolumeState) {
    this.state = state;
  }

  get root(): FileNode {
    return this.node(descriptorAddress(this.state.profile, rootIndex));
  }

  node(address: number): FileNode {
    const node = this.#nodes.get(descriptorIndex(this.state.profile, address));
    if (!node) throw new VmfsHostError('not-found', `no descriptor ${address.toString(16)}`);
    return node;
  }

  /** Takes a descriptor; it is on disk after `flushNode`. `index`: a fixed one, of a system file. */
  add(
    facts: Pick<FileNode, 'type' | 'mode' | 'parentAddress'> & { readonly body: FileBody },
    index = this.state.descriptors.take(systemSlot.jbc + 8),
  ): FileNode {
    const node: FileNode = {
      ...facts,
      index,
      address: descriptorAddress(this.state.profile, index),
      generation: ++this.#generation,
      links: 1,
      sizeBytes: 0,
      modifiedSeconds: modifiedNow(this.state),
      lockMode: 0,
    };
    this.#nodes.set(index, node);
    return node;
  }

  /** Puts in a node that is on disk already. */
  adopt(node: FileNode, folder?: FolderContent): void {
    this.#nodes.set(node.index, node);
    this.#generation = Math.max(this.#generation, node.generation);
    if (folder) this.#folders.set(node.index, folder);
  }

  drop(node: FileNode): void {
    this.#nodes.delete(node.index);
    this.#folders.delete(node.index);
    this.state.descriptors.release(node.index);
  }

  folder(node: FileNode): FolderContent {
    const folder = this.#folders.get(node.index);
    if (!folder) throw new VmfsHostError('wrong-type', 'not a folder');
    return folder;
  }

  isFolder(node: FileNode): boolean {
    return this.#folders.has(node.index);
  }

  /** Makes the empty content of a new folder and writes it. */
  async makeFolder(node: FileNode, parent: FileNode): Promise<void> {
    this.#folders.set(node.index, newFolder(this.state, node, parent));
    await this.writeFolder(node);
  }

  /**
   * Writes what changed in a folder. The changed sub-blocks get new places, and the descriptor, written in one piece,
   * makes them valid all at once: whoever reads the LUN in between sees the folder as it was before or as it is now.
   * The root, which has file blocks and hardly ever changes, is written in place.
   */
  async writeFolder(node: FileNode): Promise<void> {
    const folder = this.folder(node);
    node.modifiedSeconds = modifiedNow(this.state);
    if (node.body.kind === 'sub') {
      await rewriteSubBlocks(this.state, node, folder);
      return;
    }
    for (const { offset, data } of folder.takeChanges()) await writeNode(this.state, node, offset, data);
    if (folder.sizeBytes < node.sizeBytes) await resizeNode(this.state, node, folder.sizeBytes);
    node.sizeBytes = folder.sizeBytes;
    await flushNode(this.state, node);
  }
}

export function newFolder(state: VolumeState, node: FileNode, parent: FileNode): FolderContent {
  const own = entryOf('.', node);
  const up = entryOf('..', parent);
  if (state.profile.version === 5) return new FlatFolder(own, up);
  const isRoot = node.index === rootIndex;
  return new HashedFolder(own, up, isRoot, isRoot ? systemHash : undefined);
}

export function entryOf(name: string, { type, address, generation }: FileNode): FolderEntry {
  return { name, type, address, generation };
}

/** System files have fixed places in the hash table of the root. */
function systemHash(name: string): NameHash | undefined {
  const order = [1, 2, 3, 4, 5, 6, 7, 8].findIndex((slot) => systemNames[slot] === name);
  if (order < 0) return undefined;
  const hash = directoryLayout.firstSystemHash + order;
  return { index: hash, link: hash };
}
