import { symlink, unlink } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { LeewardError } from '@leeward/core';
import { makeFolders } from '@leeward/platform/files/make-folders';
import type { BlobIndex } from '../blobs/blob-index.ts';
import { BlobReader } from '../blobs/blob-reader.ts';
import { idToHex } from '../crypto/sha256.ts';
import type { TreeNode } from '../format/tree.ts';
import { loadIndex } from '../index/load-index.ts';
import { underReadLock } from '../locks/read-lock.ts';
import type { Repository } from '../open/repository.ts';
import { isSafeFileName } from '../point/file-names.ts';
import { TreeReader } from '../point/tree-reader.ts';
import type { Point } from '../snapshots/points.ts';
import { RestorePlan } from './restore-plan.ts';
import type { RestoreOptions } from './restore-point.ts';
import { runRestore } from './restore-run.ts';
import { targetError } from './target-errors.ts';

export interface RestoredTree {
  readonly files: number;
  readonly folders: number;
  readonly links: number;
  /** What cannot be restored (devices, sockets, …), each as a warning `L-REP-124`. */
  readonly skipped: readonly LeewardError[];
  readonly bytesWritten: number;
}

/**
 * Restores what lies at `path` of any point, also of one that stock restic wrote, into a folder: folders, files
 * (sparse), symbolic links, permissions and times of files. Owners are not restored.
 */
export function restoreTree(
  repository: Repository,
  point: Point,
  path: string,
  options: RestoreOptions,
): Promise<RestoredTree> {
  const load = () => loadIndex(repository, options.signal);
  return underReadLock(repository, options.signal, load, ({ index }) =>
    restore(repository, index, point, path, options),
  );
}

async function restore(
  repository: Repository,
  index: BlobIndex,
  point: Point,
  path: string,
  options: RestoreOptions,
): Promise<RestoredTree> {
  const { targetFolder, overwrite = false, signal } = options;
  const blobs = new BlobReader(repository, index);
  const walk = new TreeWalk(new TreeReader(blobs), new RestorePlan(index), blobs);
  const nodes = await new TreeReader(blobs).list(point, path);
  await walk.addFolder(nodes, targetFolder, signal);
  for (const folder of walk.folders) {
    await makeFolders(folder).catch((error: unknown) => {
      throw targetError(error, folder);
    });
  }
  const workers = options.workers ?? Math.min(availableParallelism(), 4);
  const { plan } = walk;
  await runRestore(repository, blobs, plan, { workers, overwrite, signal, onProgress: options.onProgress });
  for (const link of walk.links) await makeLink(link.path, link.target, overwrite);
  return {
    files: plan.files.length,
    folders: walk.folders.length - 1,
    links: walk.links.length,
    skipped: walk.skipped,
    bytesWritten: plan.bytes,
  };
}

class TreeWalk {
  readonly plan: RestorePlan;
  readonly folders: string[] = [];
  readonly links: { readonly path: string; readonly target: string }[] = [];
  readonly skipped: LeewardError[] = [];
  readonly #reader: TreeReader;
  readonly #blobs: BlobReader;

  constructor(reader: TreeReader, plan: RestorePlan, blobs: BlobReader) {
    this.#reader = reader;
    this.plan = plan;
    this.#blobs = blobs;
  }

  async addFolder(nodes: readonly TreeNode[], folder: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.folders.push(folder);
    for (const node of nodes) {
      if (!isSafeFileName(node.name)) throw new LeewardError('L-REP-123', { name: node.name });
      const path = join(folder, node.name);
      if (node.type === 'dir' && node.subtree) {
        await this.addFolder(await this.#reader.nodes(node.subtree), path, signal);
      } else if (node.type === 'file') this.#addFile(node, path);
      else if (node.type === 'symlink') this.links.push({ path, target: node.linkTarget ?? '' });
      else this.skipped.push(new LeewardError('L-REP-124', { path, type: node.type }));
    }
  }

  #addFile(node: TreeNode, path: string): void {
    const { index } = this.#blobs;
    const content = node.content ?? new Uint8Array(0);
    const entries: number[] = [];
    let sizeBytes = 0;
    for (let at = 0; at < content.length; at += 32) {
      const entry = index.table.find('data', content, at);
      if (entry < 0) throw new LeewardError('L-REP-113', { blob: idToHex(content, at) });
      entries.push(entry);
      sizeBytes += index.plainBytesOf(entry);
    }
    const partialPath = `${path}.partial`;
    const mode = node.mode & 0o777;
    const file = this.plan.addFile({ path, partialPath, sizeBytes, mode, mtime: node.mtime });
    let position = 0;
    for (const entry of entries) {
      this.plan.addBlob(entry, file, position);
      position += index.plainBytesOf(entry);
    }
  }
}

async function makeLink(path: string, target: string, overwrite: boolean): Promise<void> {
  try {
    if (overwrite) await unlink(path).catch(() => undefined);
    await symlink(target, path);
  } catch (error) {
    throw targetError(error, path);
  }
}
