import type { Clock } from '@leeward/core';
import type { ChunkStore, SpaceAccount } from '../../storage/chunk-store.ts';
import { FileMap } from '../../storage/file-map.ts';
import type { LunFacts } from './lun.ts';

export type InodeType = 'file' | 'directory' | 'symlink';

/** What is known of a file or folder besides its bytes. */
export interface InodeFacts {
  readonly id: number;
  readonly type: InodeType;
  parent: number;
  mode: number;
  uid: number;
  gid: number;
  sizeBytes: number;
  accessedMs: number;
  modifiedMs: number;
  changedMs: number;
  link: string;
  /** A LUN: a file without a name in any folder, out of reach of NFS. */
  lun?: LunFacts | undefined;
}

export class Inode {
  readonly facts: InodeFacts;
  readonly entries: Map<string, number>;
  readonly map: FileMap;
  /** Trees that hold this object; changed in place only while it is one. */
  holders = 1;

  constructor(facts: InodeFacts, entries: Map<string, number>, map: FileMap) {
    this.facts = facts;
    this.entries = entries;
    this.map = map;
  }

  copy(): Inode {
    return new Inode({ ...this.facts }, new Map(this.entries), this.map.share());
  }
}

export const rootInode = 64;

/**
 * The files of a volume or of one storage snapshot of it. `share` is a storage snapshot: both trees then hold the
 * same inodes until one of them changes.
 */
export class FileTree {
  readonly store: ChunkStore;
  readonly #inodes: Map<number, Inode>;
  /** Those among the inodes that are LUNs. */
  readonly #luns: Set<number>;
  #nextId: number;

  private constructor(store: ChunkStore, inodes: Map<number, Inode>, luns: Set<number>, nextId: number) {
    this.store = store;
    this.#inodes = inodes;
    this.#luns = luns;
    this.#nextId = nextId;
  }

  static empty(store: ChunkStore, clock: Clock): FileTree {
    const facts = newFacts(rootInode, 'directory', { uid: 0, gid: 0 }, clock.now());
    const root = new Inode(facts, new Map(), new FileMap(store));
    return new FileTree(store, new Map([[rootInode, root]]), new Set(), rootInode + 32);
  }

  share(): FileTree {
    for (const inode of this.#inodes.values()) inode.holders++;
    return new FileTree(this.store, new Map(this.#inodes), new Set(this.#luns), this.#nextId);
  }

  release(): void {
    for (const inode of this.#inodes.values()) this.#let(inode);
    this.#inodes.clear();
    this.#luns.clear();
  }

  #let(inode: Inode): void {
    inode.holders--;
    if (inode.holders === 0) inode.map.release();
  }

  get(id: number): Inode | undefined {
    return this.#inodes.get(id);
  }

  inodes(): IterableIterator<Inode> {
    return this.#inodes.values();
  }

  /** Inode numbers of the LUNs. */
  luns(): ReadonlySet<number> {
    return this.#luns;
  }

  /** A new LUN, empty or with the content of another one of this volume or of a storage snapshot of it. */
  createLun(lun: LunFacts, sizeBytes: number, now: number, source?: Inode): Inode {
    const facts = newFacts(this.#nextId++, 'file', { uid: 0, gid: 0 }, now);
    const map = source ? source.map.share() : new FileMap(this.store);
    const inode = new Inode({ ...facts, mode: 0o600, sizeBytes, lun }, new Map(), map);
    this.#inodes.set(facts.id, inode);
    this.#luns.add(facts.id);
    return inode;
  }

  get count(): number {
    return this.#inodes.size;
  }

  /** The inode, private to this tree. */
  own(id: number): Inode {
    const inode = this.#inodes.get(id);
    if (!inode) throw new Error(`no inode ${id}`);
    if (inode.holders === 1) return inode;
    const copy = inode.copy();
    inode.holders--;
    this.#inodes.set(id, copy);
    return copy;
  }

  create(parent: number, name: string, type: InodeType, mode: number, owner: Owner, now: number): Inode {
    const id = this.#nextId++;
    const facts = { ...newFacts(id, type, owner, now), parent, mode };
    const inode = new Inode(facts, new Map(), new FileMap(this.store));
    this.#inodes.set(id, inode);
    const folder = this.own(parent);
    folder.entries.set(name, id);
    touch(folder, now);
    return inode;
  }

  /** Takes a name away, and the object behind it: there are no hard links. */
  unlink(parent: number, name: string, now: number): void {
    const folder = this.own(parent);
    const id = folder.entries.get(name);
    if (id === undefined) return;
    folder.entries.delete(name);
    touch(folder, now);
    this.drop(id);
  }

  rename(from: number, fromName: string, to: number, toName: string, now: number): void {
    const source = this.own(from);
    const id = source.entries.get(fromName);
    if (id === undefined) return;
    const target = this.own(to);
    const replaced = target.entries.get(toName);
    if (replaced === id) return;
    source.entries.delete(fromName);
    target.entries.set(toName, id);
    this.own(id).facts.parent = to;
    if (replaced !== undefined) this.drop(replaced);
    touch(source, now);
    touch(target, now);
  }

  drop(id: number): void {
    const inode = this.#inodes.get(id);
    if (!inode) return;
    this.#inodes.delete(id);
    this.#luns.delete(id);
    this.#let(inode);
  }

  write(id: number, offset: number, data: Uint8Array, payer: SpaceAccount, now: number): void {
    const inode = this.own(id);
    inode.map.write(offset, data, payer);
    inode.facts.sizeBytes = Math.max(inode.facts.sizeBytes, offset + data.length);
    touch(inode, now);
  }

  resize(id: number, sizeBytes: number, payer: SpaceAccount, now: number): void {
    const inode = this.own(id);
    if (sizeBytes < inode.facts.sizeBytes) inode.map.truncate(sizeBytes, payer);
    inode.facts.sizeBytes = sizeBytes;
    touch(inode, now);
  }

  /** Puts an inode as another cluster has it (same id), with the bytes that this tree already holds for it. */
  adopt(facts: InodeFacts, entries: Iterable<[string, number]>, payer: SpaceAccount): void {
    const known = this.#inodes.get(facts.id);
    const map = known ? known.map.share() : new FileMap(this.store);
    if (known && facts.sizeBytes < known.facts.sizeBytes) map.truncate(facts.sizeBytes, payer);
    if (known) this.#let(known);
    this.#inodes.set(facts.id, new Inode({ ...facts }, new Map(entries), map));
    if (facts.lun) this.#luns.add(facts.id);
    else this.#luns.delete(facts.id);
    this.#nextId = Math.max(this.#nextId, facts.id + 1);
  }
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

function newFacts(id: number, type: InodeType, owner: Owner, now: number): InodeFacts {
  return {
    id,
    type,
    parent: rootInode,
    mode: 0o755,
    ...owner,
    sizeBytes: type === 'directory' ? 4096 : 0,
    accessedMs: now,
    modifiedMs: now,
    changedMs: now,
    link: '',
  };
}

function touch(inode: Inode, now: number): void {
  inode.facts.modifiedMs = now;
  inode.facts.changedMs = now;
}
