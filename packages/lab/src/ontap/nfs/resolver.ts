import { NfsStatusError } from '@leeward/transports/nfs/nfs-status';
import type { NfsAttributes, NfsCaller, NfsHandle } from '@leeward/transports/nfs/server/file-system';
import { chunkBytes } from '../../storage/chunk-store.ts';
import type { Cluster } from '../storage/cluster.ts';
import { type FileTree, type Inode, rootInode } from '../storage/file-tree.ts';
import type { StorageSnapshot } from '../storage/storage-snapshot.ts';
import type { Svm } from '../storage/svm.ts';
import type { Volume } from '../storage/volume.ts';
import type { ExportAccess, Verdict } from './export-access.ts';
import { decodeHandle, encodeHandle, live, snapshotDirectory, snapshotDirectoryInode } from './handle.ts';

/** Place in the namespace that a handle stands for. */
export interface Place {
  readonly volume: Volume;
  /** Absent: live files (or the `.snapshot` folder itself). */
  readonly snapshot: StorageSnapshot | undefined;
  readonly isSnapshotDirectory: boolean;
  readonly inodeId: number;
}

export interface Identity {
  readonly uid: number;
  readonly gids: readonly number[];
  readonly verdict: Verdict;
}

/** From handles to files and from callers to what they may do, for one SVM. */
export class Resolver {
  readonly cluster: Cluster;
  readonly svm: Svm;
  readonly #access: ExportAccess;

  constructor(cluster: Cluster, svm: Svm, access: ExportAccess) {
    this.cluster = cluster;
    this.svm = svm;
    this.#access = access;
  }

  /** STALE when volume, storage snapshot or file is gone, ACCES when the export policy refuses the caller. */
  place(handle: NfsHandle): Place {
    const facts = decodeHandle(handle);
    const volume = this.#volume(facts.volume);
    if (facts.snapshot === snapshotDirectory) {
      if (!volume.snapshotDirectory) throw new NfsStatusError('STALE');
      return { volume, snapshot: undefined, isSnapshotDirectory: true, inodeId: snapshotDirectoryInode };
    }
    const snapshot = volume.snapshots.find((one) => one.instance === facts.snapshot);
    if (facts.snapshot !== live && (!snapshot || !volume.snapshotDirectory))
      throw new NfsStatusError('STALE');
    return { volume, snapshot, isSnapshotDirectory: false, inodeId: facts.inode };
  }

  #volume(instance: number): Volume {
    for (const volume of this.cluster.volumes.values()) {
      if (volume.instance !== instance) continue;
      const reachable = volume.svm === this.svm && !volume.inRecoveryQueue && volume.state === 'online';
      if (!reachable || (volume !== this.svm.root && !volume.junction)) break;
      return volume;
    }
    throw new NfsStatusError('STALE');
  }

  tree(place: Place): FileTree {
    return place.snapshot?.tree ?? place.volume.tree;
  }

  inode(place: Place): Inode {
    const found = this.tree(place).get(place.inodeId);
    if (!found || found.facts.lun) throw new NfsStatusError('STALE');
    return found;
  }

  identity(volume: Volume, caller: NfsCaller): Identity {
    if (volume.stopped === 'all') throw new NfsStatusError('IO', 'stopped: the replication is out of sync');
    const verdict = this.#access.verdict(volume.policy, caller.address, caller.flavor);
    if (!verdict.read) throw new NfsStatusError('ACCES', 'export policy');
    if (verdict.anonymous || (caller.uid === 0 && !verdict.root)) {
      if (verdict.anonymousUid === 65535) throw new NfsStatusError('ACCES', 'anonymous access is off');
      return { uid: verdict.anonymousUid, gids: [verdict.anonymousUid], verdict };
    }
    return { uid: caller.uid, gids: [caller.gid, ...caller.gids], verdict };
  }

  readOnly(place: Place): boolean {
    return place.volume.type === 'dp' || place.snapshot !== undefined || place.isSnapshotDirectory;
  }

  handle(place: Place): NfsHandle {
    const snapshot = place.isSnapshotDirectory ? snapshotDirectory : (place.snapshot?.instance ?? live);
    return encodeHandle({ volume: place.volume.instance, snapshot, inode: place.inodeId });
  }

  attributes(place: Place): NfsAttributes {
    const { volume } = place;
    if (place.isSnapshotDirectory) return this.#snapshotDirectoryAttributes(volume);
    const { facts, map, entries } = this.inode(place);
    return {
      type: facts.type,
      mode: facts.mode,
      links: facts.type === 'directory' ? 2 + entries.size : 1,
      uid: facts.uid,
      gid: facts.gid,
      sizeBytes: facts.sizeBytes,
      usedBytes: facts.type === 'file' ? map.usedBytes : chunkBytes / 16,
      fileSystemId: (BigInt(volume.instance) << 32n) | BigInt(place.snapshot?.instance ?? 0),
      fileId: BigInt(facts.id),
      accessedMs: facts.accessedMs,
      modifiedMs: facts.modifiedMs,
      changedMs: facts.changedMs,
    };
  }

  #snapshotDirectoryAttributes(volume: Volume): NfsAttributes {
    const changed = Math.max(volume.createMs, ...volume.snapshots.map((one) => one.createMs));
    return {
      type: 'directory',
      mode: 0o777,
      links: 2 + volume.snapshots.length,
      uid: 0,
      gid: 0,
      sizeBytes: 4096,
      usedBytes: 4096,
      fileSystemId: BigInt(volume.instance) << 32n,
      fileId: BigInt(snapshotDirectoryInode),
      accessedMs: changed,
      modifiedMs: changed,
      changedMs: changed,
    };
  }

  root(volume: Volume): Place {
    return { volume, snapshot: undefined, isSnapshotDirectory: false, inodeId: rootInode };
  }
}

/** Permission bits of the classic kind: 4 read, 2 write, 1 execute; uid 0 may all. */
export function permits(inode: Inode, identity: Identity, bits: number): boolean {
  if (identity.uid === 0) return true;
  const { mode, uid, gid } = inode.facts;
  const shift = identity.uid === uid ? 6 : identity.gids.includes(gid) ? 3 : 0;
  return ((mode >> shift) & bits) === bits;
}
