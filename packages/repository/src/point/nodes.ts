import { goDirectoryBit, type TreeNode } from '../format/tree.ts';

/** Fixed, so that equal content gives equal trees whenever and wherever it is stored. */
const fixedTime = '1970-01-01T00:00:00Z';
const fixed = { mtime: fixedTime, atime: fixedTime, ctime: fixedTime, uid: 0, gid: 0 } as const;

/** A file whose content is a flat list of 32-byte blob ids. */
export function fileNode(name: string, sizeBytes: number, content: Uint8Array): TreeNode {
  return { name, type: 'file', mode: 0o600, ...fixed, size: sizeBytes, content };
}

export function folderNode(name: string, subtree: Uint8Array): TreeNode {
  return { name, type: 'dir', mode: goDirectoryBit + 0o700, ...fixed, content: null, subtree };
}
