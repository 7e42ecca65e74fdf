import type { Randomness } from '@leeward/core';
import { CowdImage } from './cowd-image.ts';
import { descriptorOf } from './delta-descriptor.ts';
import { MemoryFolder } from './memory-folder.ts';
import { SesparseImage } from './sesparse-image.ts';
import { SparseFile } from './sparse-file.ts';

export type DeltaKind = 'cowd' | 'sesparse';

export interface RandomChain {
  readonly folder: MemoryFolder;
  /** Path of the descriptor of the newest disk. */
  readonly path: string;
  /** What the disk holds. */
  readonly content: Uint8Array;
  /** From the delta over the base to the newest. */
  readonly kinds: readonly DeltaKind[];
}

export interface RandomChainOptions {
  readonly kinds: readonly DeltaKind[];
  readonly sectors: number;
  /** Without grains that the guest unmapped, which not all readers take for zeros. */
  readonly noUnmapped?: boolean;
}

interface Making {
  readonly random: Randomness;
  readonly content: Uint8Array;
  readonly folder: MemoryFolder;
  readonly pool: Uint8Array;
  readonly noUnmapped: boolean;
}

const poolBytes = 2 ** 18;

/** A base disk and deltas over it, written as guests write: anywhere, mostly little, some of it again. */
export async function randomChain(random: Randomness, options: RandomChainOptions): Promise<RandomChain> {
  const making: Making = {
    random,
    content: new Uint8Array(options.sectors * 512),
    folder: new MemoryFolder(),
    pool: random.bytes(poolBytes),
    noUnmapped: options.noUnmapped ?? false,
  };
  let parent = writeBase(making);
  for (const [index, kind] of options.kinds.entries()) {
    const name = `vm-${String(index + 1).padStart(6, '0')}`;
    const cid = hexId(random);
    const data = kind === 'cowd' ? await cowdDelta(making) : sesparseDelta(making);
    const fileName = `${name}-${kind === 'cowd' ? 'delta' : 'sesparse'}.vmdk`;
    making.folder.files.set(fileName, data);
    const createType = kind === 'cowd' ? 'vmfsSparse' : 'seSparse';
    const extents = [{ type: createType.toUpperCase(), fileName, lengthBytes: making.content.length }];
    const descriptor = descriptorOf({
      createType,
      cid,
      parentCid: parent.cid,
      hint: parent.path,
      extents,
    });
    making.folder.addText(`${name}.vmdk`, descriptor);
    parent = { cid, path: `${name}.vmdk` };
  }
  return { folder: making.folder, path: parent.path, content: making.content, kinds: options.kinds };
}

function writeBase({ random, content, folder, pool }: Making): { cid: string; path: string } {
  const flat = new SparseFile();
  flat.truncate(content.length);
  for (let part = whole(random, 12); part > 0; part--) {
    const { from, to } = range(random, content.length / 512, 512, 600);
    fill(content, from, to, pool, random);
    flat.write(from, content.subarray(from, to));
  }
  const cid = hexId(random);
  const isSplit = random.fraction() < 0.2 && content.length > 1024;
  if (!isSplit) {
    folder.files.set('vm-flat.vmdk', flat);
    const extents = [{ type: 'VMFS', fileName: 'vm-flat.vmdk', lengthBytes: content.length }];
    folder.addText('vm.vmdk', descriptorOf({ createType: 'vmfs', cid, extents }));
    return { cid, path: 'vm.vmdk' };
  }
  const cut = 512 * (1 + whole(random, content.length / 512 - 2));
  folder.files.set('vm-f001.vmdk', SparseFile.of(content.subarray(0, cut)));
  folder.files.set('vm-f002.vmdk', SparseFile.of(content.subarray(cut)));
  const extents = [
    { type: 'FLAT', fileName: 'vm-f001.vmdk', lengthBytes: cut, offsetBytes: 0 },
    { type: 'FLAT', fileName: 'vm-f002.vmdk', lengthBytes: content.length - cut, offsetBytes: 0 },
  ];
  folder.addText('vm.vmdk', descriptorOf({ createType: 'twoGbMaxExtentFlat', cid, extents }));
  return { cid, path: 'vm.vmdk' };
}

async function cowdDelta({ random, content, pool }: Making): Promise<SparseFile> {
  const image = new CowdImage(content.length);
  for (let part = whole(random, 25); part > 0; part--) {
    const { from, to } = range(random, content.length / 512, 512, 100);
    fill(content, from, to, pool, random);
    await image.write(from, content.subarray(from, to));
  }
  return image.file;
}

function sesparseDelta({ random, content, pool, noUnmapped }: Making): SparseFile {
  const image = new SesparseImage(content.length, random.fraction() < 0.3 ? 4090 + whole(random, 10) : 0);
  for (let part = whole(random, 25); part > 0; part--) {
    const { from, to } = range(random, Math.ceil(content.length / 4096), 4096, 20);
    const chance = random.fraction();
    const end = Math.min(to, content.length);
    if (chance < 0.25) {
      content.fill(0, from, end);
      image.mark(from, to - from, noUnmapped || chance < 0.12 ? 'zero' : 'unmapped');
    } else {
      // A guest writes sectors; ESXi fills up the grain with what the parents have.
      const skip = Math.min(whole(random, 7) * 512, end - from);
      fill(content, from + skip, end, pool, random);
      image.write(from, content.subarray(from, end));
    }
  }
  return image.file;
}

/** A range of units, often at the beginning, at the end or across a table's border. */
function range(random: Randomness, units: number, unitBytes: number, most: number) {
  const length = 1 + whole(random, Math.min(most, units) - 1);
  const last = units - length;
  const chance = random.fraction();
  let first = whole(random, last);
  if (chance < 0.1) first = 0;
  else if (chance < 0.2) first = last;
  else if (chance < 0.35) first = Math.min(last, Math.max(0, 4096 - whole(random, length)));
  return { from: first * unitBytes, to: (first + length) * unitBytes };
}

function fill(content: Uint8Array, from: number, to: number, pool: Uint8Array, random: Randomness): void {
  for (let at = from; at < to; ) {
    const skip = whole(random, pool.length - 1);
    const length = Math.min(to - at, pool.length - skip);
    content.set(pool.subarray(skip, skip + length), at);
    at += length;
  }
}

/** 0 to `most`, both included. */
function whole(random: Randomness, most: number): number {
  return Math.floor(random.fraction() * (most + 1));
}

function hexId(random: Randomness): string {
  return (1 + whole(random, 0xfffffff0)).toString(16).padStart(8, '0');
}
