import { NfsStatusError } from '@leeward/transports/nfs/nfs-status';
import type {
  NfsAttributes,
  NfsCaller,
  NfsHandle,
  NfsObject,
  NfsWriting,
} from '@leeward/transports/nfs/server/file-system';
import { StoreFull, spaceLimit } from '../../storage/chunk-store.ts';
import type { Inode, InodeType } from '../storage/file-tree.ts';
import { type Identity, type Place, permits, type Resolver } from './resolver.ts';

interface Writable {
  readonly place: Place;
  readonly inode: Inode;
  readonly identity: Identity;
}

const longestName = 255;

/** Writes to the live files of read/write volumes; DP volumes and storage snapshots answer ROFS. */
export class VolumeWriting implements NfsWriting {
  readonly #resolver: Resolver;

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
  }

  #open(handle: NfsHandle, caller: NfsCaller, type: InodeType | undefined): Writable {
    const place = this.#resolver.place(handle);
    const identity = this.#resolver.identity(place.volume, caller);
    if (this.#resolver.readOnly(place)) throw new NfsStatusError('ROFS');
    if (place.volume.stopped) throw new NfsStatusError('IO', 'stopped: the replication is out of sync');
    if (!identity.verdict.write) throw new NfsStatusError('ACCES', 'export policy');
    const inode = this.#resolver.inode(place);
    if (type && inode.facts.type !== type)
      throw new NfsStatusError(type === 'directory' ? 'NOTDIR' : 'ISDIR');
    return { place, inode, identity };
  }

  /** A folder in which names may be made or taken away. */
  #folder(handle: NfsHandle, name: string, caller: NfsCaller): Writable {
    const folder = this.#open(handle, caller, 'directory');
    if (!permits(folder.inode, folder.identity, 3)) throw new NfsStatusError('ACCES');
    if (name === '' || name === '.' || name === '..' || name.includes('/')) throw new NfsStatusError('INVAL');
    if (Buffer.byteLength(name) > longestName) throw new NfsStatusError('NAMETOOLONG');
    if (this.#resolver.cluster.mountedAt(folder.place.volume, folder.place.inodeId, name))
      throw new NfsStatusError('EXIST', 'a volume is mounted there');
    if (name === '.snapshot') throw new NfsStatusError('EXIST');
    return folder;
  }

  async write(handle: NfsHandle, offsetBytes: number, data: Uint8Array, caller: NfsCaller): Promise<void> {
    const { place, inode, identity } = this.#open(handle, caller, 'file');
    if (!permits(inode, identity, 2) && inode.facts.uid !== identity.uid) throw new NfsStatusError('ACCES');
    const { tree, account } = place.volume;
    noSpace(() => tree.write(place.inodeId, offsetBytes, data, account, this.#now()));
  }

  /** The simulated array keeps its state in memory: nothing would become more durable by a sync of its files. */
  async commit(handle: NfsHandle, caller: NfsCaller): Promise<void> {
    this.#open(handle, caller, undefined);
  }

  async createFile(
    directory: NfsHandle,
    name: string,
    options: { readonly exclusive: boolean; readonly mode: number },
    caller: NfsCaller,
  ): Promise<NfsObject> {
    const { place, inode, identity } = this.#folder(directory, name, caller);
    const known = inode.entries.get(name);
    if (known !== undefined) {
      if (options.exclusive) throw new NfsStatusError('EXIST');
      const file = { ...place, inodeId: known };
      if (this.#resolver.inode(file).facts.type !== 'file') throw new NfsStatusError('EXIST');
      return this.#object(file);
    }
    return this.#make(place, name, 'file', options.mode, identity);
  }

  async makeDirectory(
    directory: NfsHandle,
    name: string,
    mode: number,
    caller: NfsCaller,
  ): Promise<NfsObject> {
    const { place, inode, identity } = this.#folder(directory, name, caller);
    if (inode.entries.has(name)) throw new NfsStatusError('EXIST');
    return this.#make(place, name, 'directory', mode, identity);
  }

  #make(place: Place, name: string, type: InodeType, mode: number, identity: Identity): NfsObject {
    const { tree, account } = place.volume;
    if (account.usedBytes >= spaceLimit(account)) throw new NfsStatusError('NOSPC');
    const owner = { uid: identity.uid, gid: identity.gids[0] ?? identity.uid };
    const made = tree.create(place.inodeId, name, type, mode & 0o7777, owner, this.#now());
    return this.#object({ ...place, inodeId: made.facts.id });
  }

  async setAttributes(
    handle: NfsHandle,
    changes: { readonly sizeBytes?: number; readonly mode?: number },
    caller: NfsCaller,
  ): Promise<NfsAttributes> {
    const { place, inode, identity } = this.#open(handle, caller, undefined);
    const owns = identity.uid === 0 || identity.uid === inode.facts.uid;
    const { tree, account } = place.volume;
    const { sizeBytes, mode } = changes;
    if (sizeBytes !== undefined) {
      if (inode.facts.type !== 'file') throw new NfsStatusError('ISDIR');
      if (!owns && !permits(inode, identity, 2)) throw new NfsStatusError('ACCES');
      noSpace(() => tree.resize(place.inodeId, sizeBytes, account, this.#now()));
    }
    if (mode !== undefined) {
      if (!owns) throw new NfsStatusError('PERM');
      const own = tree.own(place.inodeId);
      own.facts.mode = mode & 0o7777;
      own.facts.changedMs = this.#now();
    }
    return this.#resolver.attributes(place);
  }

  async remove(directory: NfsHandle, name: string, caller: NfsCaller): Promise<void> {
    const { place, inode } = this.#folder(directory, name, caller);
    if (this.#child(place, inode, name).facts.type === 'directory') throw new NfsStatusError('ISDIR');
    place.volume.tree.unlink(place.inodeId, name, this.#now());
  }

  async removeDirectory(directory: NfsHandle, name: string, caller: NfsCaller): Promise<void> {
    const { place, inode } = this.#folder(directory, name, caller);
    const child = this.#child(place, inode, name);
    if (child.facts.type !== 'directory') throw new NfsStatusError('NOTDIR');
    const mountedIn = this.#resolver.cluster
      .mountedBelow(place.volume)
      .some((volume) => volume.junction?.folderId === child.facts.id);
    if (child.entries.size > 0 || mountedIn) throw new NfsStatusError('NOTEMPTY');
    place.volume.tree.unlink(place.inodeId, name, this.#now());
  }

  async rename(
    fromDirectory: NfsHandle,
    fromName: string,
    toDirectory: NfsHandle,
    toName: string,
    caller: NfsCaller,
  ): Promise<void> {
    const from = this.#folder(fromDirectory, fromName, caller);
    const to = this.#folder(toDirectory, toName, caller);
    if (from.place.volume !== to.place.volume) throw new NfsStatusError('INVAL', 'other volume');
    const moved = this.#child(from.place, from.inode, fromName);
    const { tree } = from.place.volume;
    for (let at = to.inode; ; ) {
      if (at === moved) throw new NfsStatusError('INVAL', 'into itself');
      const above = tree.get(at.facts.parent);
      if (!above || above === at) break;
      at = above;
    }
    const replacedId = to.inode.entries.get(toName);
    const replaced = replacedId === undefined ? undefined : tree.get(replacedId);
    if (replaced && replaced !== moved) {
      if (replaced.facts.type === 'directory' && moved.facts.type !== 'directory')
        throw new NfsStatusError('EXIST');
      if (replaced.facts.type !== 'directory' && moved.facts.type === 'directory')
        throw new NfsStatusError('EXIST');
      if (replaced.entries.size > 0) throw new NfsStatusError('NOTEMPTY');
    }
    tree.rename(from.place.inodeId, fromName, to.place.inodeId, toName, this.#now());
  }

  #child(place: Place, folder: Inode, name: string): Inode {
    const id = folder.entries.get(name);
    const child = id === undefined ? undefined : place.volume.tree.get(id);
    if (!child) throw new NfsStatusError('NOENT');
    return child;
  }

  #object(place: Place): NfsObject {
    return { handle: this.#resolver.handle(place), attributes: this.#resolver.attributes(place) };
  }

  #now(): number {
    return this.#resolver.cluster.clock.now();
  }
}

function noSpace(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreFull) throw new NfsStatusError('NOSPC');
    throw error;
  }
}
