import { LeewardError } from '@leeward/core';
import type { BlobReader } from '../blobs/blob-reader.ts';
import { idFromHex, idToHex } from '../crypto/sha256.ts';
import { parseTree, TreeInvalid, type TreeNode } from '../format/tree.ts';
import type { Point } from '../snapshots/points.ts';

/** Reads the tree of a point as a file system; works for every restic repository of version 2. */
export class TreeReader {
  readonly #blobs: BlobReader;

  constructor(blobs: BlobReader) {
    this.#blobs = blobs;
  }

  /** The nodes of one folder. Throws `L-REP-112`, `L-REP-113` and what the backend throws. */
  async nodes(treeId: Uint8Array): Promise<TreeNode[]> {
    const blob = await this.#blobs.load('tree', treeId);
    try {
      return parseTree(blob);
    } catch (error) {
      if (!(error instanceof TreeInvalid)) throw error;
      const details = { blob: idToHex(treeId), pack: 'unknown', reason: error.message };
      throw new LeewardError('L-REP-112', details, error);
    }
  }

  rootNodes(point: Point): Promise<TreeNode[]> {
    return this.nodes(idFromHex(point.tree));
  }

  /** The node at a path, `/` between names. Throws `L-REP-118`. */
  async find(point: Point, path: string): Promise<TreeNode> {
    const names = path.split('/').filter((name) => name !== '');
    let nodes = await this.rootNodes(point);
    let found: TreeNode | undefined;
    for (const [index, name] of names.entries()) {
      found = nodes.find((node) => node.name === name);
      if (!found) break;
      if (index < names.length - 1) nodes = found.subtree ? await this.nodes(found.subtree) : [];
    }
    if (!found) throw new LeewardError('L-REP-118', { point: point.id.slice(0, 8), path });
    return found;
  }

  /** The nodes of the folder at a path; the root for `/`. */
  async list(point: Point, path: string): Promise<TreeNode[]> {
    if (/^\/*$/.test(path)) return this.rootNodes(point);
    const node = await this.find(point, path);
    return node.subtree ? this.nodes(node.subtree) : [node];
  }

  /** A small file as a whole. Throws `L-REP-111` beyond `maxBytes`. */
  async readFile(node: TreeNode, maxBytes = 64 * 2 ** 20): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of this.readBlocks(node)) {
      bytes += part.length;
      if (bytes > maxBytes) {
        throw new LeewardError('L-REP-111', { kind: 'file', name: node.name, reason: 'it is too large' });
      }
      parts.push(part);
    }
    return Buffer.concat(parts);
  }

  /** The content of a file of any size, block by block. */
  async *readBlocks(node: TreeNode): AsyncIterable<Uint8Array> {
    const content = node.content ?? new Uint8Array(0);
    for (let at = 0; at < content.length; at += 32) yield await this.#blobs.load('data', content, at);
  }
}
