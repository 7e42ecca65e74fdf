import { LeewardError } from '@leeward/core';
import { idFromHex } from '../crypto/sha256.ts';
import type { TreeNode } from '../format/tree.ts';
import type { Point } from '../snapshots/points.ts';
import { type ExtentLayout, extentsFolderName, extentsOf } from './disk-layout.ts';
import { fileNameOf } from './file-names.ts';
import {
  type PointDocument,
  type PointLayout,
  pointDocumentName,
  pointDocumentSchema,
} from './point-document.ts';
import type { TreeReader } from './tree-reader.ts';

/** A point that Leeward wrote, opened: its document and the nodes of its folder. */
export interface OpenPoint {
  readonly point: Point;
  readonly document: PointDocument;
  readonly nodes: readonly TreeNode[];
  /** Name of the VM's folder in the tree. */
  readonly folderName: string;
}

/** An extent of a disk with the tree of its folder. */
export interface PointExtent extends ExtentLayout {
  readonly treeId: Uint8Array;
}

/** Throws `L-REP-132` when the point was not written by Leeward or lacks its description. */
export async function openPoint(reader: TreeReader, point: Point): Promise<OpenPoint> {
  const folders = (await reader.nodes(idFromHex(point.tree))).filter((node) => node.subtree);
  const [folder] = folders;
  if (!folder?.subtree || folders.length !== 1) throw incomplete(point, 'it has not exactly one folder');
  const nodes = await reader.nodes(folder.subtree);
  const documentNode = nodes.find((node) => node.name === pointDocumentName);
  if (!documentNode) throw incomplete(point, `${pointDocumentName} is missing`);
  return { point, nodes, folderName: folder.name, document: await readDocument(reader, point, documentNode) };
}

async function readDocument(reader: TreeReader, point: Point, node: TreeNode): Promise<PointDocument> {
  const json = await reader.readFile(node);
  try {
    return pointDocumentSchema.parse(JSON.parse(Buffer.from(json).toString()));
  } catch (error) {
    throw incomplete(point, `${pointDocumentName} has not the expected form`, error);
  }
}

/** The extents of a disk of the point, in order. */
export async function pointExtents(
  reader: TreeReader,
  opened: OpenPoint,
  disk: PointLayout['disks'][number],
): Promise<PointExtent[]> {
  const folderName = extentsFolderName(disk.name);
  const folder = opened.nodes.find((node) => node.name === folderName);
  const folders = folder?.subtree ? await reader.nodes(folder.subtree) : [];
  return extentsOf(disk.name, disk.sizeBytes).map((extent) => {
    const treeId = folders.find((node) => node.name === extent.folderName)?.subtree;
    if (!treeId) throw incomplete(opened.point, `extent ${extent.index} of disk ${disk.name} is missing`);
    return { ...extent, treeId };
  });
}

/** The block ids of an extent, 32 bytes each. Throws `L-REP-132` when they do not cover it. */
export async function extentContent(
  reader: TreeReader,
  opened: OpenPoint,
  extent: PointExtent,
): Promise<Uint8Array> {
  const [file] = await reader.nodes(extent.treeId);
  const blocks = Math.ceil(extent.sizeBytes / opened.document.layout.blockBytes);
  if (file?.name !== extent.fileName || file.content?.length !== blocks * 32) {
    throw incomplete(opened.point, `extent ${extent.folderName}/${extent.fileName} is not complete`);
  }
  return file.content;
}

/** Content of a configuration file by the name it was stored with. */
export async function pointFile(reader: TreeReader, opened: OpenPoint, name: string): Promise<Uint8Array> {
  const fileName = fileNameOf(name);
  const node = opened.nodes.find((candidate) => candidate.name === fileName);
  if (!node) throw incomplete(opened.point, `the file ${name} is missing`);
  return reader.readFile(node);
}

function incomplete(point: Point, reason: string, cause?: unknown): LeewardError {
  return new LeewardError('L-REP-132', { point: point.id.slice(0, 8), reason }, cause);
}
