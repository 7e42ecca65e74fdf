import { idBytes, idFromHex, idToHex, isId } from '../crypto/sha256.ts';
import { goJsonString, goQuoted, goUnquoted } from './go-json.ts';

/** Go's FileMode bit of a directory. */
export const goDirectoryBit = 0x80000000;

/** One entry of a tree. Ids are bytes; `content` is a flat list of 32-byte ids, `null` for what has none. */
export interface TreeNode {
  readonly name: string;
  readonly type: string;
  /** Go's FileMode. */
  readonly mode: number;
  /** RFC 3339. */
  readonly mtime: string;
  readonly atime: string;
  readonly ctime: string;
  readonly uid: number;
  readonly gid: number;
  readonly size?: number | undefined;
  readonly linkTarget?: string | undefined;
  readonly content: Uint8Array | null;
  readonly subtree?: Uint8Array | undefined;
}

/** Why the bytes are not a tree. Mapped to a catalogue error by the caller, who knows where they came from. */
export class TreeInvalid extends Error {
  override readonly name = 'TreeInvalid';
}

/** The blob of a tree; nodes are sorted by name here, so equal content gives equal bytes. */
export function encodeTree(nodes: readonly TreeNode[]): Uint8Array {
  const sorted = [...nodes].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  return Buffer.from(`{"nodes":[${sorted.map(encodeNode).join(',')}]}\n`);
}

function encodeNode(node: TreeNode): string {
  const fields = [
    `"name":${goJsonString(goQuoted(node.name))}`,
    `"type":${goJsonString(node.type)}`,
    ...(node.mode === 0 ? [] : [`"mode":${node.mode}`]),
    `"mtime":${goJsonString(node.mtime)}`,
    `"atime":${goJsonString(node.atime)}`,
    `"ctime":${goJsonString(node.ctime)}`,
    `"uid":${node.uid}`,
    `"gid":${node.gid}`,
    ...(node.size ? [`"size":${node.size}`] : []),
    ...(node.linkTarget ? [`"linktarget":${goJsonString(node.linkTarget)}`] : []),
    `"content":${node.content ? encodeContent(node.content) : 'null'}`,
    ...(node.subtree ? [`"subtree":"${idToHex(node.subtree)}"`] : []),
  ];
  return `{${fields.join(',')}}`;
}

function encodeContent(content: Uint8Array): string {
  const hex = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('hex');
  const ids: string[] = [];
  for (let at = 0; at < hex.length; at += idBytes * 2) ids.push(`"${hex.slice(at, at + idBytes * 2)}"`);
  return `[${ids.join(',')}]`;
}

/** Reads a tree of any restic-compatible writer. Throws `TreeInvalid`. */
export function parseTree(blob: Uint8Array): TreeNode[] {
  let tree: unknown;
  try {
    tree = JSON.parse(Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength).toString());
  } catch (error) {
    throw new TreeInvalid('not JSON', { cause: error });
  }
  const nodes = isRecord(tree) ? tree['nodes'] : undefined;
  if (nodes === null) return [];
  if (!Array.isArray(nodes)) throw new TreeInvalid('no list of nodes');
  return nodes.map(parseNode);
}

function parseNode(node: unknown): TreeNode {
  if (!isRecord(node)) throw new TreeInvalid('a node is not an object');
  const name = parseName(text(node, 'name'));
  const size = number(node, 'size');
  return {
    name,
    type: text(node, 'type'),
    mode: number(node, 'mode') ?? 0,
    mtime: optionalText(node, 'mtime') ?? '1970-01-01T00:00:00Z',
    atime: optionalText(node, 'atime') ?? '1970-01-01T00:00:00Z',
    ctime: optionalText(node, 'ctime') ?? '1970-01-01T00:00:00Z',
    uid: number(node, 'uid') ?? 0,
    gid: number(node, 'gid') ?? 0,
    ...(size === undefined ? {} : { size }),
    linkTarget: optionalText(node, 'linktarget'),
    content: parseContent(node['content']),
    subtree: parseSubtree(node['subtree']),
  };
}

/** Bytes that are not UTF-8 are shown as `%FF`, so that every name is a string and none gets lost. */
function parseName(quoted: string): string {
  let bytes: Uint8Array;
  try {
    bytes = goUnquoted(quoted);
  } catch (error) {
    throw new TreeInvalid('a node has an unreadable name', { cause: error });
  }
  const buffer = Buffer.from(bytes);
  const decoded = buffer.toString();
  if (Buffer.from(decoded).equals(buffer)) return decoded;
  return buffer.toString('latin1').replace(/[\x80-\xff%]/g, (sign) => {
    return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}

function parseContent(content: unknown): Uint8Array | null {
  if (content === null || content === undefined) return null;
  if (!Array.isArray(content)) throw new TreeInvalid('the content of a node is not a list');
  const flat = Buffer.alloc(content.length * idBytes);
  content.forEach((id: unknown, index) => {
    if (!isId(id)) throw new TreeInvalid('the content of a node holds an invalid id');
    flat.write(id, index * idBytes, 'hex');
  });
  return flat;
}

function parseSubtree(subtree: unknown): Uint8Array | undefined {
  if (subtree === null || subtree === undefined) return undefined;
  if (!isId(subtree)) throw new TreeInvalid('a node has an invalid subtree');
  return idFromHex(subtree);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(node: Record<string, unknown>, field: string): string {
  const value = node[field];
  if (typeof value !== 'string') throw new TreeInvalid(`a node has no ${field}`);
  return value;
}

function optionalText(node: Record<string, unknown>, field: string): string | undefined {
  return node[field] === undefined ? undefined : text(node, field);
}

function number(node: Record<string, unknown>, field: string): number | undefined {
  const value = node[field];
  if (value === undefined) return undefined;
  if (typeof value !== 'number') throw new TreeInvalid(`${field} of a node is not a number`);
  return value;
}
