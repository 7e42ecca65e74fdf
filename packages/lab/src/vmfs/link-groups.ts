import { directoryLayout as layout } from '@leeward/formats/vmfs/layout';
import type { NameHash } from './name-hash.ts';

const groupBytes = 84;
const groupsPerBlock = 48;
const linksPerGroup = 12;
const linkBytes = 6;
const linksAt = 6;
const nextAt = linksAt + linksPerGroup * linkBytes;

/** The folder that the groups of links are in. */
export interface LinkBlocks {
  /** Adds a block of links with that many groups; returns its number. */
  addBlock(groups: number): number;
  /** The bytes of a block that is about to be changed. */
  block(index: number): Buffer;
  setFree(index: number, group: number, isFree: boolean): void;
}

/**
 * Names that share a slot of the hash table: the slot then holds the place of a group of links, and groups form a
 * chain. A head is the value of the slot: 0, the place of one entry (type 1) or of a group (type 2).
 */
export class LinkGroups {
  readonly #blocks: LinkBlocks;
  readonly #free: number[] = [];

  constructor(blocks: LinkBlocks) {
    this.#blocks = blocks;
  }

  /** Returns the new head. `hashOf` tells the hash of the entry at a place. */
  add(head: number, entry: number, hash: NameHash, hashOf: (entry: number) => NameHash): number {
    if (head === 0) return entry;
    if ((head & 3) === 1) {
      const group = this.#newGroup(hash.index);
      this.#put(group, head, hashOf(head).link);
      this.#put(group, entry, hash.link);
      return group;
    }
    let group = head;
    while (!this.#put(group, entry, hash.link)) {
      const bytes = this.#bytes(group);
      const next = bytes.readUInt32LE(nextAt);
      if (next !== 0) {
        group = next;
        continue;
      }
      const added = this.#newGroup(hash.index);
      this.#bytes(group).writeUInt32LE(added, nextAt);
      group = added;
    }
    return head;
  }

  /** Returns the new head. Used links stay in front of free ones, and no group of a chain is empty. */
  remove(head: number, entry: number): number {
    if (head === entry) return 0;
    if ((head & 3) !== 2) return head;
    const groups: number[] = [];
    const links: (readonly [entry: number, hash: number])[] = [];
    for (let group = head; group !== 0; group = this.#bytes(group).readUInt32LE(nextAt)) {
      groups.push(group);
      const bytes = this.#bytes(group);
      for (let at = linksAt; at < nextAt; at += linkBytes)
        if (bytes.readUInt32LE(at) !== 0) links.push([bytes.readUInt32LE(at), bytes.readUInt16LE(at + 4)]);
    }
    const kept = links.filter(([each]) => each !== entry);
    for (const [index, group] of groups.entries()) {
      const own = kept.slice(index * linksPerGroup, (index + 1) * linksPerGroup);
      const isLast = (index + 1) * linksPerGroup >= kept.length;
      if (own.length === 0) this.#release(group);
      else this.#fill(group, own, isLast ? 0 : (groups[index + 1] ?? 0));
    }
    return kept.length === 0 ? 0 : head;
  }

  #fill(group: number, links: readonly (readonly [number, number])[], next: number): void {
    const bytes = this.#bytes(group);
    const index = bytes.readUInt16LE(0);
    this.#clear(bytes, index);
    for (const [entry, hash] of links) this.#put(group, entry, hash);
    bytes.writeUInt32LE(next, nextAt);
  }

  #clear(bytes: Buffer, index: number): void {
    bytes.fill(0);
    bytes.writeUInt16LE(index, 0);
    bytes[2] = linksPerGroup;
    bytes[3] = linksPerGroup;
  }

  #newGroup(index: number): number {
    if (this.#free.length === 0) {
      const block = this.#blocks.addBlock(groupsPerBlock);
      for (let group = groupsPerBlock - 1; group >= 0; group--) this.#free.push(groupPlace(block, group));
    }
    const place = this.#free.pop() ?? 0;
    const { block, group } = fromPlace(place);
    this.#blocks.setFree(block, group, false);
    this.#clear(this.#bytes(place), index);
    return place;
  }

  #release(place: number): void {
    const { block, group } = fromPlace(place);
    this.#bytes(place).fill(0);
    this.#blocks.setFree(block, group, true);
    this.#free.push(place);
  }

  /** False when the group is full. */
  #put(place: number, entry: number, linkHash: number): boolean {
    const bytes = this.#bytes(place);
    for (let link = 0; link < linksPerGroup; link++) {
      const at = linksAt + link * linkBytes;
      if (bytes.readUInt32LE(at) !== 0) continue;
      bytes.writeUInt32LE(entry, at);
      bytes.writeUInt16LE(linkHash, at + 4);
      bytes[3] = (bytes[3] ?? 0) - 1;
      bytes[4] = (link + 1) % linksPerGroup;
      return true;
    }
    return false;
  }

  #bytes(place: number): Buffer {
    const { block, group } = fromPlace(place);
    const at = layout.blockHeaderBytes + group * groupBytes;
    return this.#blocks.block(block).subarray(at, at + groupBytes);
  }
}

function groupPlace(block: number, group: number): number {
  return group * 2 ** 24 + block * 4 + 2;
}

function fromPlace(place: number): { readonly block: number; readonly group: number } {
  return { block: (place >>> 2) & 0x3fffff, group: place >>> 24 };
}
