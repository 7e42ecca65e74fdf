import type { Inode } from '../storage/file-tree.ts';
import type { LunFacts } from '../storage/lun.ts';
import type { Volume } from '../storage/volume.ts';

/** A LUN of one volume: what the array made up for it there. What it holds is the volume's inode. */
export interface Lun {
  readonly uuid: string;
  readonly serial: string;
  readonly volume: Volume;
  readonly inodeId: number;
  /** Taken offline by an administrator: false. */
  enabled: boolean;
}

/** The LUN's bytes and facts as they are now; undefined once it is gone. */
export function lunContent(lun: Lun): { readonly inode: Inode; readonly facts: LunFacts } | undefined {
  const inode = lun.volume.tree.get(lun.inodeId);
  return inode?.facts.lun && { inode, facts: inode.facts.lun };
}

export function lunPath(lun: Lun): string {
  return `/vol/${lun.volume.name}/${lunContent(lun)?.facts.name ?? ''}`;
}

/** Nothing of it can be changed: it lies on a replication destination. */
export const isReadOnly = (lun: Lun): boolean => lun.volume.type === 'dp';

export type LunState = 'online' | 'offline';

export const lunState = (lun: Lun): LunState =>
  lun.enabled && lun.volume.state === 'online' ? 'online' : 'offline';
