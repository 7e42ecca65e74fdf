import { NfsStatusError } from '../nfs-status.ts';
import type {
  NfsAttributes,
  NfsCaller,
  NfsFileSystem,
  NfsFileType,
  NfsHandle,
  NfsObject,
  NfsWriting,
} from '../server/file-system.ts';

interface Node {
  readonly id: number;
  readonly type: NfsFileType;
  mode: number;
  content: Uint8Array;
  sizeBytes: number;
  target: string;
  readonly children: Map<string, number>;
  modifiedMs: number;
}

export interface MemoryFileSystemOptions {
  /** Path that MOUNT accepts, with every directory below it, as real servers do. Default `/export`. */
  readonly exportPath?: string;
  readonly readOnly?: boolean;
  /** Called before each procedure; may throw or wait, to be unkind. */
  readonly before?: (procedure: string, caller: NfsCaller) => void | Promise<void>;
}

const fileSystemId = 0x1eaan;
const totalBytes = 2 ** 40;

/** A file system in memory, for tests. Handles stay valid until the object is removed, then they are STALE. */
export class MemoryFileSystem implements NfsFileSystem {
  readonly writing?: NfsWriting;
  readonly #nodes = new Map<number, Node>();
  readonly #exportPath: string;
  readonly #before: (procedure: string, caller: NfsCaller) => void | Promise<void>;
  #lastId = 0;
  #nowMs = 1_750_000_000_000;
  /** Set to make new handles: old ones become STALE, as after a snapshot was replaced. */
  generation = 1;

  constructor(options: MemoryFileSystemOptions = {}) {
    this.#exportPath = options.exportPath ?? '/export';
    this.#before = options.before ?? (() => undefined);
    this.#add('directory', 0o755);
    if (!options.readOnly) this.writing = this.#writing();
  }

  /** Makes the directories of the path as needed. */
  addFile(path: string, content: Uint8Array): void {
    const node = this.#addAt(path, 'file', 0o644);
    node.content = content;
    node.sizeBytes = content.length;
  }

  addDirectory(path: string): void {
    this.#addAt(path, 'directory', 0o755);
  }

  addSymlink(path: string, target: string): void {
    this.#addAt(path, 'symlink', 0o777).target = target;
  }

  /** The content of a file as it is now. */
  contentOf(path: string): Uint8Array {
    const node = this.#find(path);
    return node.content.subarray(0, node.sizeBytes);
  }

  async mount(path: string, caller: NfsCaller): Promise<NfsHandle> {
    await this.#before('MNT', caller);
    const names = path.split('/').filter((name) => name !== '');
    const exported = this.#exportPath.split('/').filter((name) => name !== '');
    if (!exported.every((name, index) => names[index] === name)) throw new NfsStatusError('NOENT');
    const node = this.#find(names.slice(exported.length).join('/'));
    if (node.type !== 'directory') throw new NfsStatusError('NOTDIR');
    return this.#handle(node.id);
  }

  async exports(): Promise<readonly { readonly path: string; readonly clients: readonly string[] }[]> {
    return [{ path: this.#exportPath, clients: [] }];
  }

  async attributes(handle: NfsHandle, caller: NfsCaller): Promise<NfsAttributes> {
    await this.#before('GETATTR', caller);
    return this.#attributes(this.#node(handle));
  }

  async lookup(directory: NfsHandle, name: string, caller: NfsCaller): Promise<NfsObject> {
    await this.#before('LOOKUP', caller);
    return this.#object(this.#child(this.#directory(directory), name));
  }

  async access(handle: NfsHandle, wanted: number, caller: NfsCaller): Promise<number> {
    await this.#before('ACCESS', caller);
    this.#node(handle);
    return this.writing ? wanted : wanted & 0x23;
  }

  async readDirectory(directory: NfsHandle, afterCookie: bigint, maxEntries: number, caller: NfsCaller) {
    await this.#before('READDIR', caller);
    const children = [...this.#directory(directory).children];
    const start = Number(afterCookie);
    const page = children.slice(start, start + maxEntries);
    const entries = page.map(([name, id], index) => {
      const node = this.#byId(id);
      return { fileId: BigInt(id), name, cookie: BigInt(start + index + 1), ...this.#object(node) };
    });
    return { entries, end: start + page.length >= children.length };
  }

  async readLink(handle: NfsHandle, caller: NfsCaller): Promise<string> {
    await this.#before('READLINK', caller);
    const node = this.#node(handle);
    if (node.type !== 'symlink') throw new NfsStatusError('INVAL');
    return node.target;
  }

  async read(handle: NfsHandle, offsetBytes: number, target: Uint8Array, caller: NfsCaller) {
    await this.#before('READ', caller);
    const node = this.#file(handle);
    const end = Math.min(offsetBytes + target.length, node.sizeBytes);
    const bytesRead = Math.max(0, end - offsetBytes);
    target.set(node.content.subarray(offsetBytes, offsetBytes + bytesRead));
    return { bytesRead, end: end >= node.sizeBytes };
  }

  async statistics() {
    return { totalBytes, freeBytes: totalBytes / 2 };
  }

  #writing(): NfsWriting {
    return {
      write: async (handle, offsetBytes, data, caller) => {
        await this.#before('WRITE', caller);
        const node = this.#file(handle);
        this.#resize(node, Math.max(node.sizeBytes, offsetBytes + data.length));
        node.content.set(data, offsetBytes);
      },
      commit: async (handle, caller) => {
        await this.#before('COMMIT', caller);
        this.#node(handle);
      },
      createFile: async (directory, name, { exclusive, mode }, caller) => {
        await this.#before('CREATE', caller);
        const parent = this.#directory(directory);
        const existing = parent.children.get(name);
        if (existing !== undefined && exclusive) throw new NfsStatusError('EXIST');
        return this.#object(
          existing === undefined ? this.#addIn(parent, name, 'file', mode) : this.#byId(existing),
        );
      },
      makeDirectory: async (directory, name, mode, caller) => {
        await this.#before('MKDIR', caller);
        const parent = this.#directory(directory);
        if (parent.children.has(name)) throw new NfsStatusError('EXIST');
        return this.#object(this.#addIn(parent, name, 'directory', mode));
      },
      setAttributes: async (handle, changes, caller) => {
        await this.#before('SETATTR', caller);
        const node = this.#node(handle);
        if (changes.sizeBytes !== undefined) this.#resize(this.#file(handle), changes.sizeBytes);
        if (changes.mode !== undefined) node.mode = changes.mode;
        return this.#attributes(node);
      },
      remove: async (directory, name, caller) => {
        await this.#before('REMOVE', caller);
        const parent = this.#directory(directory);
        const node = this.#child(parent, name);
        if (node.type === 'directory') throw new NfsStatusError('ISDIR');
        this.#unlink(parent, name);
      },
      removeDirectory: async (directory, name, caller) => {
        await this.#before('RMDIR', caller);
        const parent = this.#directory(directory);
        const node = this.#child(parent, name);
        if (node.type !== 'directory') throw new NfsStatusError('NOTDIR');
        if (node.children.size > 0) throw new NfsStatusError('NOTEMPTY');
        this.#unlink(parent, name);
      },
      rename: async (fromDirectory, fromName, toDirectory, toName, caller) => {
        await this.#before('RENAME', caller);
        const from = this.#directory(fromDirectory);
        const to = this.#directory(toDirectory);
        const { id } = this.#child(from, fromName);
        if (to.children.get(toName) === id) return;
        if (to.children.has(toName)) this.#unlink(to, toName);
        from.children.delete(fromName);
        to.children.set(toName, id);
      },
    };
  }

  #resize(node: Node, sizeBytes: number): void {
    if (sizeBytes > node.content.length) {
      const larger = new Uint8Array(Math.max(sizeBytes, node.content.length * 2));
      larger.set(node.content.subarray(0, node.sizeBytes));
      node.content = larger;
    } else if (sizeBytes < node.sizeBytes) node.content.fill(0, sizeBytes, node.sizeBytes);
    node.sizeBytes = sizeBytes;
    node.modifiedMs = ++this.#nowMs;
  }

  #addAt(path: string, type: NfsFileType, mode: number): Node {
    const names = path.split('/').filter((name) => name !== '');
    const last = names.pop() ?? '';
    let parent = this.#byId(1);
    for (const name of names) {
      const existing = parent.children.get(name);
      parent = existing === undefined ? this.#addIn(parent, name, 'directory', 0o755) : this.#byId(existing);
    }
    return this.#addIn(parent, last, type, mode);
  }

  #addIn(parent: Node, name: string, type: NfsFileType, mode: number): Node {
    const node = this.#add(type, mode);
    parent.children.set(name, node.id);
    return node;
  }

  #add(type: NfsFileType, mode: number): Node {
    const id = ++this.#lastId;
    const node: Node = {
      id,
      type,
      mode,
      content: new Uint8Array(0),
      sizeBytes: 0,
      target: '',
      children: new Map(),
      modifiedMs: ++this.#nowMs,
    };
    this.#nodes.set(id, node);
    return node;
  }

  #unlink(parent: Node, name: string): void {
    const id = parent.children.get(name);
    parent.children.delete(name);
    if (id !== undefined) this.#nodes.delete(id);
  }

  #find(path: string): Node {
    let node = this.#byId(1);
    for (const name of path.split('/').filter((part) => part !== '')) node = this.#child(node, name);
    return node;
  }

  #handle(id: number): NfsHandle {
    return Buffer.from(`${this.generation}:${id}`);
  }

  #node(handle: NfsHandle): Node {
    const [generation, id] = Buffer.from(handle).toString().split(':').map(Number);
    const node = this.#nodes.get(id ?? 0);
    if (!node || generation !== this.generation) throw new NfsStatusError('STALE');
    return node;
  }

  #byId(id: number): Node {
    const node = this.#nodes.get(id);
    if (!node) throw new NfsStatusError('STALE');
    return node;
  }

  #directory(handle: NfsHandle): Node {
    const node = this.#node(handle);
    if (node.type !== 'directory') throw new NfsStatusError('NOTDIR');
    return node;
  }

  #file(handle: NfsHandle): Node {
    const node = this.#node(handle);
    if (node.type === 'directory') throw new NfsStatusError('ISDIR');
    if (node.type !== 'file') throw new NfsStatusError('INVAL');
    return node;
  }

  #child(directory: Node, name: string): Node {
    if (directory.type !== 'directory') throw new NfsStatusError('NOTDIR');
    const id = directory.children.get(name);
    if (id === undefined) throw new NfsStatusError('NOENT');
    return this.#byId(id);
  }

  #object(node: Node): NfsObject {
    return { handle: this.#handle(node.id), attributes: this.#attributes(node) };
  }

  #attributes(node: Node): NfsAttributes {
    return {
      type: node.type,
      mode: node.mode,
      links: 1,
      uid: 0,
      gid: 0,
      sizeBytes: node.type === 'file' ? node.sizeBytes : 4096,
      usedBytes: node.sizeBytes,
      fileSystemId,
      fileId: BigInt(node.id),
      accessedMs: node.modifiedMs,
      modifiedMs: node.modifiedMs,
      changedMs: node.modifiedMs,
    };
  }
}
