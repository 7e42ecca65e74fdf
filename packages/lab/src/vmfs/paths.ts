import { VmfsHostError } from './block-store.ts';
import type { FileNode } from './file-node.ts';
import type { NodeTable } from './node-table.ts';

/** Bytes that a name can have. */
const maxNameBytes = 127;

/** The file or folder with that path; '' is the root. */
export function nodeAt(nodes: NodeTable, path: string): FileNode {
  let node = nodes.root;
  for (const part of path === '' ? [] : path.split('/')) {
    const entry = nodes.folder(node).get(part);
    if (!entry) throw new VmfsHostError('not-found', `there is no ${path}`);
    node = nodes.node(entry.address);
  }
  return node;
}

/** The folder that a path's last component is or would be in. */
export function parentOf(
  nodes: NodeTable,
  path: string,
): { readonly parent: FileNode; readonly name: string } {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  const isPossible =
    name !== '' &&
    name !== '.' &&
    name !== '..' &&
    !name.includes('\0') &&
    Buffer.byteLength(name) <= maxNameBytes;
  if (!isPossible) throw new VmfsHostError('invalid', `"${path}" is no possible path`);
  const parent = nodeAt(nodes, parts.join('/'));
  if (!nodes.isFolder(parent)) throw new VmfsHostError('wrong-type', `${parts.join('/')} is no folder`);
  return { parent, name };
}
