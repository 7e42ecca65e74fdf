import type { TreeNode } from '../format/tree.ts';
import type { Repository } from '../open/repository.ts';
import type { BlobWriter } from '../pack/blob-writer.ts';
import { descriptorFileName, extentsFolderName, extentsOf } from './disk-layout.ts';
import { fileNameOf } from './file-names.ts';
import { fileNode, folderNode } from './nodes.ts';
import { type PointLayout, pointDocumentName } from './point-document.ts';
import { splitBlocks } from './split-blocks.ts';
import { type DiskFacts, vmdkDescriptor } from './vmdk-descriptor.ts';

export interface PointFile {
  /** Such as `web01.vmx`. */
  readonly name: string;
  readonly content: Uint8Array;
}

export interface PointDiskTrees {
  readonly name: string;
  readonly sizeBytes: number;
  readonly descriptor: DiskFacts;
  /** The tree of each extent folder in order, 32 bytes each. */
  readonly extentTrees: readonly Uint8Array[];
}

export interface PointContent {
  readonly vmName: string;
  readonly files: readonly PointFile[];
  readonly disks: readonly PointDiskTrees[];
  /** What the caller wants kept in `point.json` beside the layout. */
  readonly document: Readonly<Record<string, unknown>>;
}

/**
 * Stores the trees of a point (one folder, named after the VM) and returns the root tree's id. Everything is
 * durable only after the writer was drained and the index flushed.
 */
export async function writePointTree(
  repository: Repository,
  writer: BlobWriter,
  content: PointContent,
): Promise<Uint8Array> {
  const nodes: TreeNode[] = [];
  for (const file of content.files) {
    nodes.push(await storeFile(repository, writer, fileNameOf(file.name), file.content));
  }
  for (const disk of content.disks) nodes.push(...(await storeDisk(repository, writer, disk)));
  const document = { ...content.document, layout: layoutOf(repository, content) };
  const json = Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
  nodes.push(await storeFile(repository, writer, pointDocumentName, json));
  const folder = await writer.addTree(nodes);
  const root = await writer.addTree([folderNode(fileNameOf(content.vmName), folder.id)]);
  return root.id;
}

function layoutOf(repository: Repository, content: PointContent): PointLayout {
  return {
    formatVersion: 1,
    vmName: content.vmName,
    blockBytes: repository.blockBytes,
    disks: content.disks.map(({ name, sizeBytes, descriptor }) => ({ name, sizeBytes, descriptor })),
    files: content.files.map((file) => file.name),
  };
}

async function storeDisk(
  repository: Repository,
  writer: BlobWriter,
  disk: PointDiskTrees,
): Promise<TreeNode[]> {
  const extents = extentsOf(disk.name, disk.sizeBytes);
  const folderName = extentsFolderName(disk.name);
  const folders = extents.map((extent, index) => {
    const tree = disk.extentTrees[index];
    if (!tree) throw new RangeError(`disk ${disk.name} lacks the tree of extent ${index}`);
    return folderNode(extent.folderName, tree);
  });
  const descriptor = vmdkDescriptor(
    'flat',
    disk.descriptor,
    extents.map((extent) => ({
      sizeBytes: extent.sizeBytes,
      fileName: `${folderName}/${extent.folderName}/${extent.fileName}`,
    })),
  );
  return [
    await storeFile(repository, writer, descriptorFileName(disk.name), Buffer.from(descriptor)),
    folderNode(folderName, (await writer.addTree(folders)).id),
  ];
}

async function storeFile(
  repository: Repository,
  writer: BlobWriter,
  name: string,
  content: Uint8Array,
): Promise<TreeNode> {
  const ids: Uint8Array[] = [];
  for (const block of splitBlocks(content, repository.blockBytes))
    ids.push((await writer.add('data', block)).id);
  return fileNode(name, content.length, Buffer.concat(ids));
}
