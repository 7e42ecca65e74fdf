import { NoSuchObject } from '../../control/door.ts';
import { StoreFull } from '../../storage/chunk-store.ts';
import { digestOf, repeatableContent } from '../../storage/content.ts';
import { type Lun, lunContent } from '../san/lun.ts';
import type { Inode } from '../storage/file-tree.ts';
import type { Svm } from '../storage/svm.ts';
import type { World } from '../world.ts';
import type { Action } from './control-actions.ts';

export type SanAction = Extract<Action, { svm: string }>;

function svmNamed({ cluster }: World, name: string): Svm {
  const svm = cluster.svm(name);
  if (!svm) throw new NoSuchObject(`no SVM ${name}`);
  return svm;
}

export function actOnSan(world: World, wanted: SanAction): object {
  const { san, block, cluster } = world;
  const svm = svmNamed(world, wanted.svm);
  if (wanted.action === 'dropSessions') {
    block.drop(svm, wanted.initiator);
    return {};
  }
  const lun = san.luns.byPath(svm, wanted.lun);
  const content = lun && lunContent(lun);
  if (!lun || !content) throw new NoSuchObject(`no LUN ${wanted.lun} in ${wanted.svm}`);
  const { inode } = content;
  switch (wanted.action) {
    case 'fill':
      fill(world, lun, wanted);
      return {};
    case 'digest': {
      const of = wanted.snapshot === undefined ? inode : frozen(lun, wanted.snapshot);
      return { sha256: digestOf(of.map, of.facts.sizeBytes, wanted) };
    }
    case 'unmapLun':
      for (const map of san.mapsOfLun(lun))
        if (wanted.igroup === undefined || map.igroup.name === wanted.igroup) san.unmap(map);
      block.lunsChanged(svm);
      return {};
    case 'setLunOnline':
      lun.enabled = wanted.online;
      block.lunsChanged(svm);
      return {};
    case 'resizeLun':
      lun.volume.tree.resize(lun.inodeId, wanted.sizeBytes, lun.volume.account, cluster.clock.now());
      block.sizeChanged(lun);
      return {};
  }
}

function fill({ cluster }: World, lun: Lun, wanted: Extract<SanAction, { action: 'fill' }>): void {
  const { offsetBytes, lengthBytes, seed } = wanted;
  const { volume, inodeId } = lun;
  const sizeBytes = lunContent(lun)?.inode.facts.sizeBytes ?? 0;
  if (offsetBytes + lengthBytes > sizeBytes) throw new RangeError('behind the end of the LUN');
  try {
    for (const { at, bytes } of repeatableContent(seed, lengthBytes))
      volume.tree.write(inodeId, offsetBytes + at, bytes, volume.account, cluster.clock.now());
  } catch (error) {
    throw error instanceof StoreFull ? new Error(`volume ${volume.name} is full`) : error;
  }
}

/** The LUN as it was when a storage snapshot of its volume was taken. */
function frozen({ volume, inodeId }: Lun, name: string): Inode {
  const inode = volume.snapshots.find((one) => one.name === name)?.tree.get(inodeId);
  if (!inode) throw new NoSuchObject(`no storage snapshot ${name} with this LUN`);
  return inode;
}
