import type { DiskChain } from '../chain/disk-chain.ts';
import { openDiskChain } from '../chain/open-disk-chain.ts';
import { descriptorOf } from './delta-descriptor.ts';
import { MemoryFolder } from './memory-folder.ts';
import { SparseFile } from './sparse-file.ts';

/** A delta over a base of zeros, which is the file `flat` where one is given. */
export function singleFolder(
  kind: 'cowd' | 'sesparse',
  delta: SparseFile,
  capacityBytes: number,
  flat = new SparseFile(),
): { readonly folder: MemoryFolder; readonly path: string } {
  const folder = new MemoryFolder();
  flat.truncate(capacityBytes);
  folder.files.set('vm-flat.vmdk', flat);
  folder.files.set('vm-000001-delta.vmdk', delta);
  const extents = (type: string, fileName: string) => [{ type, fileName, lengthBytes: capacityBytes }];
  const base = { createType: 'vmfs', cid: '1', extents: extents('VMFS', 'vm-flat.vmdk') };
  const createType = kind === 'cowd' ? 'vmfsSparse' : 'seSparse';
  const parent = { parentCid: '1', hint: 'vm.vmdk' };
  const top = { ...parent, extents: extents(createType.toUpperCase(), 'vm-000001-delta.vmdk') };
  folder.addText('vm.vmdk', descriptorOf(base));
  folder.addText('vm-000001.vmdk', descriptorOf({ createType, cid: '2', ...top }));
  return { folder, path: 'vm-000001.vmdk' };
}

/** The chain of `singleFolder`. */
export async function openSingle(...disk: Parameters<typeof singleFolder>): Promise<DiskChain> {
  const { folder, path } = singleFolder(...disk);
  return openDiskChain(folder, path);
}
