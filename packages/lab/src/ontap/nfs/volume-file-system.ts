import { NfsStatusError } from '@leeward/transports/nfs/nfs-status';
import type {
  NfsAttributes,
  NfsCaller,
  NfsDirectoryEntry,
  NfsFileSystem,
  NfsHandle,
  NfsObject,
  NfsStatistics,
} from '@leeward/transports/nfs/server/file-system';
import { spaceLimit } from '../../storage/chunk-store.ts';
import { rootInode } from '../storage/file-tree.ts';
import { type Place, permits, type Resolver } from './resolver.ts';
import { VolumeWriting } from './volume-writing.ts';

const snapshotName = '.snapshot';
/** Bits of ACCESS (RFC 1813). */
const access = { read: 1, lookup: 2, modify: 4, extend: 8, delete: 16, execute: 32 };

/**
 * The namespace of one SVM as NFS clients see it: volumes joined at their junctions, each guarded by its own
 * export policy, with a hidden `.snapshot` folder that leads to the volume's storage snapshots.
 */
export class VolumeFileSystem implements NfsFileSystem {
  readonly #resolver: Resolver;
  readonly writing: VolumeWriting;

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
    this.writing = new VolumeWriting(resolver);
  }

  async mount(path: string, caller: NfsCaller): Promise<NfsHandle> {
    const root = this.#resolver.svm.root;
    if (!root) throw new NfsStatusError('NOENT');
    let place = this.#resolver.root(root);
    this.#resolver.identity(root, caller);
    for (const name of path.split('/').filter((part) => part !== '' && part !== '.')) {
      if (name === '..') throw new NfsStatusError('NOENT');
      place = this.#step(place, name);
      this.#resolver.identity(place.volume, caller);
    }
    if (this.#resolver.attributes(place).type !== 'directory') throw new NfsStatusError('NOTDIR');
    return this.#resolver.handle(place);
  }

  async exports() {
    const { cluster, svm } = this.#resolver;
    const mounted = cluster.visible().filter((volume) => volume.svm === svm && volume.junction);
    return ['/', ...mounted.map((volume) => volume.junction?.path ?? '')].map((path) => ({
      path,
      clients: ['(everyone)'],
    }));
  }

  async attributes(handle: NfsHandle, caller: NfsCaller): Promise<NfsAttributes> {
    const place = this.#resolver.place(handle);
    this.#resolver.identity(place.volume, caller);
    return this.#resolver.attributes(place);
  }

  async lookup(directory: NfsHandle, name: string, caller: NfsCaller): Promise<NfsObject> {
    const place = this.#resolver.place(directory);
    const identity = this.#resolver.identity(place.volume, caller);
    if (!place.isSnapshotDirectory) {
      const folder = this.#resolver.inode(place);
      if (folder.facts.type !== 'directory') throw new NfsStatusError('NOTDIR');
      if (!permits(folder, identity, 1)) throw new NfsStatusError('ACCES');
    }
    const found = name === '.' ? place : name === '..' ? this.#above(place) : this.#step(place, name);
    this.#resolver.identity(found.volume, caller);
    return { handle: this.#resolver.handle(found), attributes: this.#resolver.attributes(found) };
  }

  /** One name further; junctions and `.snapshot` are crossed. */
  #step(place: Place, name: string): Place {
    const { volume } = place;
    if (place.isSnapshotDirectory) {
      const snapshot = volume.snapshots.find((one) => one.name === name);
      if (!snapshot) throw new NfsStatusError('NOENT');
      return { volume, snapshot, isSnapshotDirectory: false, inodeId: rootInode };
    }
    if (name === snapshotName && !place.snapshot && place.inodeId === rootInode && volume.snapshotDirectory)
      return { ...place, isSnapshotDirectory: true, inodeId: place.inodeId };
    const mounted = place.snapshot
      ? undefined
      : this.#resolver.cluster.mountedAt(volume, place.inodeId, name);
    if (mounted) return this.#resolver.root(mounted);
    const folder = this.#resolver.inode(place);
    if (folder.facts.type !== 'directory') throw new NfsStatusError('NOTDIR');
    const inodeId = folder.entries.get(name);
    if (inodeId === undefined) throw new NfsStatusError('NOENT');
    return { ...place, inodeId };
  }

  #above(place: Place): Place {
    const { volume } = place;
    if (place.isSnapshotDirectory) return this.#resolver.root(volume);
    if (place.inodeId !== rootInode) return { ...place, inodeId: this.#resolver.inode(place).facts.parent };
    if (place.snapshot) return { ...place, snapshot: undefined, isSnapshotDirectory: true };
    const { junction } = volume;
    if (!junction) return place;
    return { ...this.#resolver.root(junction.parent), inodeId: junction.folderId };
  }

  async access(handle: NfsHandle, wanted: number, caller: NfsCaller): Promise<number> {
    const place = this.#resolver.place(handle);
    const identity = this.#resolver.identity(place.volume, caller);
    if (place.isSnapshotDirectory) return wanted & (access.read | access.lookup);
    const inode = this.#resolver.inode(place);
    let granted = 0;
    if (permits(inode, identity, 4)) granted |= access.read;
    if (permits(inode, identity, 1))
      granted |= inode.facts.type === 'directory' ? access.lookup : access.execute;
    if (permits(inode, identity, 2) && identity.verdict.write && !this.#resolver.readOnly(place))
      granted |= access.modify | access.extend | (inode.facts.type === 'directory' ? access.delete : 0);
    return wanted & granted;
  }

  async readDirectory(directory: NfsHandle, afterCookie: bigint, maxEntries: number, caller: NfsCaller) {
    const place = this.#resolver.place(directory);
    const identity = this.#resolver.identity(place.volume, caller);
    if (!place.isSnapshotDirectory) {
      const inode = this.#resolver.inode(place);
      if (inode.facts.type !== 'directory') throw new NfsStatusError('NOTDIR');
      if (!permits(inode, identity, 4)) throw new NfsStatusError('ACCES');
    }
    const all = this.#children(place).filter((entry) => entry.cookie > afterCookie);
    const chosen = all.slice(0, maxEntries);
    const entries = chosen.map(({ name, cookie, at }): NfsDirectoryEntry => {
      const attributes = this.#resolver.attributes(at);
      return { fileId: attributes.fileId, name, cookie, handle: this.#resolver.handle(at), attributes };
    });
    return { entries, end: chosen.length === all.length };
  }

  /** Cookies are made of object numbers, which never change, so listings survive changes in between. */
  #children(place: Place): { name: string; cookie: bigint; at: Place }[] {
    const dots = [
      { name: '.', cookie: 1n, at: place },
      { name: '..', cookie: 2n, at: this.#above(place) },
    ];
    if (place.isSnapshotDirectory) {
      const { volume } = place;
      return [
        ...dots,
        ...volume.snapshots.map((snapshot) => ({
          name: snapshot.name,
          cookie: BigInt(snapshot.instance) + 10n,
          at: { volume, snapshot, isSnapshotDirectory: false, inodeId: rootInode },
        })),
      ].sort(byCookie);
    }
    const files = [...this.#resolver.inode(place).entries].map(([name, inodeId]) => ({
      name,
      cookie: BigInt(inodeId) + 10n,
      at: { ...place, inodeId },
    }));
    const mounted = place.snapshot
      ? []
      : this.#resolver.cluster
          .mountedBelow(place.volume)
          .filter((volume) => volume.junction?.folderId === place.inodeId)
          .map((volume) => ({
            name: volume.junction?.name ?? '',
            cookie: (1n << 40n) + BigInt(volume.instance),
            at: this.#resolver.root(volume),
          }));
    return [...dots, ...files, ...mounted].sort(byCookie);
  }

  async readLink(handle: NfsHandle, caller: NfsCaller): Promise<string> {
    const place = this.#resolver.place(handle);
    this.#resolver.identity(place.volume, caller);
    const inode = this.#resolver.inode(place);
    if (inode.facts.type !== 'symlink') throw new NfsStatusError('INVAL');
    return inode.facts.link;
  }

  async read(handle: NfsHandle, offsetBytes: number, target: Uint8Array, caller: NfsCaller) {
    const place = this.#resolver.place(handle);
    const identity = this.#resolver.identity(place.volume, caller);
    if (place.isSnapshotDirectory) throw new NfsStatusError('ISDIR');
    const inode = this.#resolver.inode(place);
    if (inode.facts.type === 'directory') throw new NfsStatusError('ISDIR');
    if (!permits(inode, identity, 4) && !permits(inode, identity, 1)) throw new NfsStatusError('ACCES');
    const { sizeBytes } = inode.facts;
    const bytesRead = Math.max(0, Math.min(target.length, sizeBytes - offsetBytes));
    if (bytesRead > 0) inode.map.read(offsetBytes, target.subarray(0, bytesRead));
    return { bytesRead, end: offsetBytes + bytesRead >= sizeBytes };
  }

  async statistics(handle: NfsHandle): Promise<NfsStatistics> {
    const { account } = this.#resolver.place(handle).volume;
    return {
      totalBytes: account.limitBytes,
      freeBytes: Math.max(0, spaceLimit(account) - account.usedBytes),
    };
  }
}

function byCookie(a: { cookie: bigint }, b: { cookie: bigint }): number {
  return a.cookie < b.cookie ? -1 : a.cookie > b.cookie ? 1 : 0;
}
