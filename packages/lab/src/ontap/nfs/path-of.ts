import type { NfsCallInfo } from '@leeward/transports/nfs/server/nfs-server';
import { rootInode } from '../storage/file-tree.ts';
import { decodeHandle } from './handle.ts';
import type { Place, Resolver } from './resolver.ts';

/**
 * Where a call works, from the root of the SVM's namespace on: `/vol1/web-01/web-01-flat.vmdk`, in a storage snapshot
 * `/vol1/.snapshot/NAME/…`. What is gone has the path that is known of it.
 */
export function pathOf(resolver: Resolver, { handle, name, path }: NfsCallInfo): string {
  if (path !== undefined) return path;
  if (!handle) return '';
  try {
    const place = resolver.place(handle);
    const at = placePath(resolver, place);
    return name === undefined ? at : `${at === '/' ? '' : at}/${name}`;
  } catch {
    return `stale:${handleText(handle)}`;
  }
}

function placePath(resolver: Resolver, place: Place): string {
  const { volume, snapshot, isSnapshotDirectory } = place;
  const below: string[] = [];
  let inodeId = place.inodeId;
  while (!isSnapshotDirectory && inodeId !== rootInode) {
    const tree = resolver.tree(place);
    const parent = tree.get(inodeId)?.facts.parent;
    if (parent === undefined || parent === inodeId) break;
    const entry = [...(tree.get(parent)?.entries ?? [])].find(([, id]) => id === inodeId);
    below.unshift(entry?.[0] ?? `inode:${inodeId}`);
    inodeId = parent;
  }
  const top = volume.junction?.path ?? '';
  const inside = snapshot ? ['.snapshot', snapshot.name] : isSnapshotDirectory ? ['.snapshot'] : [];
  return [top === '/' ? '' : top, ...inside, ...below].join('/') || '/';
}

function handleText(handle: Uint8Array): string {
  try {
    const { volume, snapshot, inode } = decodeHandle(handle);
    return `${volume}.${snapshot}.${inode}`;
  } catch {
    return Buffer.from(handle).toString('hex');
  }
}
