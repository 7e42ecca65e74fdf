import { isError, LeewardError } from '@leeward/core';
import type { BlobIndex } from '../blobs/blob-index.ts';
import { isDamage } from '../blobs/blob-reader.ts';
import { idToHex } from '../crypto/sha256.ts';
import type { TreeNode } from '../format/tree.ts';
import type { TreeReader } from '../point/tree-reader.ts';

/** Which blobs cannot be read, by what the packs showed. */
export interface BadBlobs {
  isBad(entry: number): boolean;
}

/**
 * Walks trees and finds what cannot be restored. Sound trees are walked once, however many points share them, so the
 * cost is that of the distinct trees.
 */
export class TreeCheck {
  readonly problems: LeewardError[] = [];
  readonly #reader: TreeReader;
  readonly #index: BlobIndex;
  readonly #bad: BadBlobs;
  /** Entries of trees that are sound with all below them. */
  readonly #sound = new Set<number>();
  readonly #reported = new Set<string>();

  constructor(reader: TreeReader, index: BlobIndex, bad: BadBlobs) {
    this.#reader = reader;
    this.#index = index;
    this.#bad = bad;
  }

  /** Paths below the tree that cannot be restored completely. */
  async damagedPaths(treeId: Uint8Array, path = '/'): Promise<string[]> {
    const entry = this.#usableEntry('tree', treeId, 0);
    if (entry !== undefined && this.#sound.has(entry)) return [];
    let nodes: readonly TreeNode[];
    try {
      nodes = await this.#reader.nodes(treeId);
    } catch (error) {
      if (!isDamage(error) && !isError(error, 'L-REP-113')) throw error;
      this.#report(error);
      return [path];
    }
    const damaged: string[] = [];
    for (const node of nodes) damaged.push(...(await this.#damagedIn(node, path)));
    if (damaged.length === 0 && entry !== undefined) this.#sound.add(entry);
    return damaged;
  }

  async #damagedIn(node: TreeNode, folder: string): Promise<string[]> {
    const path = `${folder}${node.name}`;
    if (node.subtree) return this.damagedPaths(node.subtree, `${path}/`);
    if (node.type === 'dir') {
      this.#report(new LeewardError('L-REP-113', { blob: `of the folder ${path}` }));
      return [path];
    }
    const content = node.content ?? new Uint8Array(0);
    for (let at = 0; at < content.length; at += 32) {
      if (this.#usableEntry('data', content, at) !== undefined) continue;
      if (!this.#index.has('data', content, at)) {
        this.#report(new LeewardError('L-REP-113', { blob: idToHex(content, at) }));
      }
      return [path];
    }
    return [];
  }

  #usableEntry(type: 'data' | 'tree', ids: Uint8Array, at: number): number | undefined {
    for (const entry of this.#index.entriesOf(type, ids, at)) {
      if (!this.#bad.isBad(entry)) return entry;
    }
    return undefined;
  }

  #report(error: LeewardError): void {
    if (this.#reported.has(error.message)) return;
    this.#reported.add(error.message);
    this.problems.push(error);
  }
}
