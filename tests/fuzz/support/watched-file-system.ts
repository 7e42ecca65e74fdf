import { NfsStatusError } from '@leeward/transports/nfs/nfs-status';
import { MemoryFileSystem } from '@leeward/transports/nfs/testing/memory-file-system';

const maxFileBytes = 65_536;
const maxNameBytes = 255;
const maxHandleBytes = 64;

/** Notes what a server asks of its file system and never should: names that are none, and too much at once. */
export class WatchedFileSystem extends MemoryFileSystem {
  readonly defects: string[] = [];
  readonly #maxTransferBytes: number;

  constructor(maxTransferBytes: number) {
    super();
    this.#maxTransferBytes = maxTransferBytes;
    const inner = this.writing;
    if (!inner) return;
    const writing: typeof inner = {
      ...inner,
      write: async (handle, offsetBytes, data, caller) => {
        this.#transfer(offsetBytes, data.length);
        // Memory is for small files only.
        if (offsetBytes + data.length > maxFileBytes) throw new NfsStatusError('FBIG');
        await inner.write(handle, offsetBytes, data, caller);
      },
      createFile: async (directory, name, options, caller) => {
        this.#newName(name);
        return inner.createFile(directory, name, options, caller);
      },
      makeDirectory: async (directory, name, mode, caller) => {
        this.#newName(name);
        return inner.makeDirectory(directory, name, mode, caller);
      },
      setAttributes: async (handle, changes, caller) => {
        if ((changes.sizeBytes ?? 0) > maxFileBytes) throw new NfsStatusError('FBIG');
        return inner.setAttributes(handle, changes, caller);
      },
      remove: async (directory, name, caller) => {
        this.#newName(name);
        await inner.remove(directory, name, caller);
      },
      removeDirectory: async (directory, name, caller) => {
        this.#newName(name);
        await inner.removeDirectory(directory, name, caller);
      },
      rename: async (from, fromName, to, toName, caller) => {
        this.#newName(fromName);
        this.#newName(toName);
        await inner.rename(from, fromName, to, toName, caller);
      },
    };
    Object.assign(this, { writing });
  }

  override async attributes(...args: Parameters<MemoryFileSystem['attributes']>) {
    const { length } = args[0];
    if (length === 0 || length > maxHandleBytes) this.defects.push(`a handle of ${length} bytes`);
    return super.attributes(...args);
  }

  override async readDirectory(...args: Parameters<MemoryFileSystem['readDirectory']>) {
    if (!(args[2] > 0)) this.defects.push(`${args[2]} entries`);
    return super.readDirectory(...args);
  }

  override async lookup(...args: Parameters<MemoryFileSystem['lookup']>) {
    this.#name(args[1]);
    return super.lookup(...args);
  }

  override async read(...args: Parameters<MemoryFileSystem['read']>) {
    this.#transfer(args[1], args[2].length);
    return super.read(...args);
  }

  #transfer(offsetBytes: number, lengthBytes: number): void {
    if (lengthBytes > this.#maxTransferBytes || !Number.isSafeInteger(offsetBytes + lengthBytes))
      this.defects.push(`${lengthBytes} bytes at ${offsetBytes}`);
  }

  #newName(name: string): void {
    if (name === '.' || name === '..') this.defects.push(`the name ${name}`);
    this.#name(name);
  }

  #name(name: string): void {
    if (name === '' || /[/\0]/.test(name) || Buffer.byteLength(name) > maxNameBytes)
      this.defects.push(`a name of ${name.length} letters: ${JSON.stringify(name.slice(0, 40))}`);
  }
}
