import { fileType, directoryLayout as layout } from '@leeward/formats/vmfs/layout';
import { type ChangedPart, changedParts, type FolderContent, type FolderEntry } from './folder-content.ts';
import { LinkGroups } from './link-groups.ts';
import { type NameHash, nameHash } from './name-hash.ts';
import { alignment } from './profile.ts';

const entriesPerBlock = 14;
const headerPages = layout.headerBytes / alignment;

/** Gives the fixed hash of a system file, in the root folder. */
export type FixedHash = (name: string) => NameHash | undefined;

/** A folder of VMFS-6: header with a hash table, an allocation map, blocks of entries and of links for collisions. */
export class HashedFolder implements FolderContent {
  readonly #isRoot: boolean;
  readonly #fixedHash: FixedHash;
  readonly #placed = new Map<
    string,
    { readonly entry: FolderEntry; readonly block: number; readonly slot: number }
  >();
  readonly #changed = new Set<number>();
  readonly #openBlocks: number[] = [];
  readonly #links: LinkGroups;
  #content = Buffer.alloc(layout.headerBytes + 2 * alignment);
  #blocks = 0;

  constructor(
    own: FolderEntry,
    parent: FolderEntry,
    isRoot: boolean,
    fixedHash: FixedHash = () => undefined,
  ) {
    this.#isRoot = isRoot;
    this.#fixedHash = fixedHash;
    const header = this.#content;
    header.writeUInt32LE(layout.version, 0);
    header.writeUInt32LE(1, layout.mapCount);
    writeEntry(header, layout.self, { ...own, name: '.', type: fileType.directory }, { index: 0, link: 0 });
    writeEntry(
      header,
      layout.parent,
      { ...parent, name: '..', type: fileType.directory },
      { index: 0, link: 0 },
    );
    for (let page = 0; page < headerPages; page++) this.#changed.add(page);
    this.#addBlock(layout.mapBlock, 0, 0);
    this.#block(0).fill(0xcc, layout.blockHeaderBytes);
    this.#mark(0, 3);
    this.#openBlocks.push(this.#addBlock(layout.entryBlock, entriesPerBlock, 5));
    this.#links = new LinkGroups({
      addBlock: (slots) => this.#addBlock(layout.linkBlock, slots, 6),
      block: (index) => this.#changedBlock(index),
      setFree: (index, slot, isFree) => this.#setFree(index, slot, isFree),
    });
    this.#count();
  }

  get sizeBytes(): number {
    return layout.headerBytes + this.#blocks * alignment;
  }

  get(name: string): FolderEntry | undefined {
    return this.#placed.get(name)?.entry;
  }

  entries(): readonly FolderEntry[] {
    return [...this.#placed.values()].map(({ entry }) => entry);
  }

  insert(entry: FolderEntry): void {
    const { block, slot } = this.#freeSlot();
    const hash = this.#hash(entry.name);
    const at = layout.blockHeaderBytes + slot * layout.entryBytes;
    writeEntry(this.#changedBlock(block), at, entry, hash, layout.headerBytes + block * alignment + at);
    this.#placed.set(entry.name, { entry, block, slot });
    this.#setHead(
      hash,
      this.#links.add(this.#head(hash), location(1, block, slot), hash, (other) => this.#hashAt(other)),
    );
    this.#count();
  }

  remove(name: string): void {
    const place = this.#placed.get(name);
    if (!place) return;
    const { block, slot } = place;
    const hash = this.#hash(name);
    this.#setHead(hash, this.#links.remove(this.#head(hash), location(1, block, slot)));
    const at = layout.blockHeaderBytes + slot * layout.entryBytes;
    this.#changedBlock(block).fill(0, at, at + layout.entryBytes);
    this.#setFree(block, slot, true);
    this.#mark(block, 5);
    if (!this.#openBlocks.includes(block)) this.#openBlocks.push(block);
    this.#placed.delete(name);
    this.#count();
  }

  takeChanges(unit?: number): ChangedPart[] {
    return changedParts(this.#content, { ownUnit: alignment, unit }, this.#changed, this.sizeBytes);
  }

  #hash(name: string): NameHash {
    return this.#fixedHash(name) ?? nameHash(name, this.#isRoot);
  }

  #hashAt(place: number): NameHash {
    const at = layout.blockHeaderBytes + (place >>> 24) * layout.entryBytes;
    const block = this.#block((place >>> 2) & 0x3fffff);
    return { index: block.readUInt16LE(at + 0x0c), link: block.readUInt16LE(at + 0x0e) };
  }

  #head({ index }: NameHash): number {
    return this.#content.readUInt32LE(layout.hashTable + index * 4);
  }

  #setHead({ index }: NameHash, value: number): void {
    const at = layout.hashTable + index * 4;
    this.#content.writeUInt32LE(value, at);
    this.#changed.add(Math.floor(at / alignment));
  }

  #freeSlot(): { readonly block: number; readonly slot: number } {
    const block = this.#openBlocks[0] ?? this.#addBlock(layout.entryBlock, entriesPerBlock, 5);
    if (this.#openBlocks.length === 0) this.#openBlocks.push(block);
    const bytes = this.#block(block);
    let slot = 0;
    while (((bytes[8 + (slot >>> 3)] ?? 0) & (1 << (slot & 7))) === 0) slot++;
    this.#setFree(block, slot, false);
    if (bytes.readUInt16LE(6) === 0) {
      this.#openBlocks.shift();
      this.#mark(block, 1);
    }
    return { block, slot };
  }

  #block(index: number): Buffer {
    const at = layout.headerBytes + index * alignment;
    return this.#content.subarray(at, at + alignment);
  }

  #changedBlock(index: number): Buffer {
    this.#changed.add(headerPages + index);
    return this.#block(index);
  }

  #addBlock(type: number, slots: number, nibble: number): number {
    const index = this.#blocks++;
    if (this.sizeBytes > this.#content.length)
      this.#content = Buffer.concat([this.#content, Buffer.alloc(this.#content.length)]);
    const bytes = this.#changedBlock(index);
    bytes.writeUInt16LE(1, 0);
    bytes.writeUInt16LE(type, 2);
    bytes.writeUInt16LE(slots, 4);
    bytes.writeUInt16LE(slots, 6);
    for (let slot = 0; slot < slots; slot++)
      bytes[8 + (slot >>> 3)] = (bytes[8 + (slot >>> 3)] ?? 0) | (1 << (slot & 7));
    if (index > 0) this.#mark(index, nibble);
    return index;
  }

  #setFree(index: number, slot: number, isFree: boolean): void {
    const bytes = this.#changedBlock(index);
    const at = 8 + (slot >>> 3);
    const bit = 1 << (slot & 7);
    bytes[at] = isFree ? (bytes[at] ?? 0) | bit : (bytes[at] ?? 0) & ~bit;
    bytes.writeUInt16LE(bytes.readUInt16LE(6) + (isFree ? 1 : -1), 6);
  }

  /** The kind of a block in the allocation map. */
  #mark(index: number, nibble: number): void {
    const map = this.#changedBlock(0);
    const at = layout.blockHeaderBytes + (index >>> 1);
    const byte = map[at] ?? 0;
    map[at] = index % 2 === 0 ? (byte & 0x0f) | (nibble << 4) : (byte & 0xf0) | nibble;
  }

  #count(): void {
    this.#content.writeUInt32LE(this.#placed.size + 2, layout.entryCount);
    this.#content.writeUInt32LE(this.#blocks, layout.allocatedBlocks);
    this.#changed.add(0);
  }
}

/** Of an entry (type 1) or a group of links (type 2). */
function location(type: 1 | 2, block: number, slot: number): number {
  return slot * 2 ** 24 + block * 4 + type;
}

function writeEntry(bytes: Buffer, at: number, entry: FolderEntry, hash: NameHash, ownOffset = at): void {
  bytes.fill(0, at, at + layout.entryBytes);
  bytes.writeUInt32LE(entry.type, at);
  bytes.writeUInt32LE(entry.address, at + 0x04);
  bytes.writeUInt32LE(entry.generation, at + 0x08);
  bytes.writeUInt16LE(hash.index, at + 0x0c);
  bytes.writeUInt16LE(hash.link, at + 0x0e);
  bytes.writeBigUInt64LE(BigInt(ownOffset), at + 0x10);
  bytes.write(entry.name, at + layout.nameOffset, 'utf8');
}
