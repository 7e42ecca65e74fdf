import { systemClock, systemRandomness } from '@leeward/platform';
import { IndexWriter } from '../index/index-writer.ts';
import { loadIndex } from '../index/load-index.ts';
import { initRepository } from '../open/init-repository.ts';
import type { Repository } from '../open/repository.ts';
import { BlobWriter } from '../pack/blob-writer.ts';
import { extentsOf } from '../point/disk-layout.ts';
import { fileNode } from '../point/nodes.ts';
import { splitBlocks } from '../point/split-blocks.ts';
import { type PointFile, writePointTree } from '../point/write-point.ts';
import { savePoint } from '../snapshots/points.ts';

/** Quick to derive; never for real repositories. */
export const testKdfCost = { N: 1024, r: 8, p: 1 } as const;
export const testPassword = 'correct horse battery staple';

export function initTestRepository(path: string, blockBytes = 512 * 1024): Promise<Repository> {
  return initRepository({
    path,
    password: testPassword,
    blockBytes,
    kdfCost: testKdfCost,
    clock: systemClock,
    randomness: systemRandomness,
  });
}

export interface TestPoint {
  readonly vmName: string;
  readonly tags?: readonly string[];
  readonly files?: readonly PointFile[];
  readonly disks: readonly { readonly name: string; readonly content: Uint8Array }[];
}

/** Stores a point from memory, without the mover. Returns its id. */
export async function storeTestPoint(repository: Repository, test: TestPoint): Promise<string> {
  const { index } = await loadIndex(repository);
  const indexWriter = new IndexWriter(repository);
  const writer = new BlobWriter(repository, index, indexWriter);
  const disks = [];
  for (const { name, content } of test.disks) {
    const extentTrees: Uint8Array[] = [];
    for (const extent of extentsOf(name, content.length)) {
      const ids: Uint8Array[] = [];
      const part = content.subarray(extent.offsetBytes, extent.offsetBytes + extent.sizeBytes);
      for (const block of splitBlocks(part, repository.blockBytes))
        ids.push((await writer.add('data', block)).id);
      const node = fileNode(extent.fileName, part.length, Buffer.concat(ids));
      extentTrees.push((await writer.addTree([node])).id);
    }
    disks.push({ name, sizeBytes: content.length, descriptor: { adapterType: 'pvscsi' }, extentTrees });
  }
  const { vmName, files = [], tags = [] } = test;
  const tree = await writePointTree(repository, writer, { vmName, files, disks, document: { test: true } });
  await writer.drain();
  await indexWriter.flush();
  const point = { timeMs: systemClock.now(), host: 'vcenter.test', tags, paths: [`/${vmName}`], tree };
  return savePoint(repository, point);
}
