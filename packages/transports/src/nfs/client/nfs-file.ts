import type { RemoteAttributes } from '../protocol/attributes.ts';
import type { NfsSession, RemoteObject } from './nfs-session.ts';
import { endsEarly, readRange } from './range-read.ts';
import { RemoteFile } from './remote-file.ts';

/** A file opened for reading. Needs no close: NFS 3 knows no open files. */
export class NfsFile {
  readonly #file: RemoteFile;

  constructor(session: NfsSession, path: string, object: RemoteObject) {
    this.#file = new RemoteFile(session, path, object);
  }

  get path(): string {
    return this.#file.path;
  }

  /** As they were when the file was opened. */
  get attributes(): RemoteAttributes {
    return this.#file.object.attributes;
  }

  get sizeBytes(): number {
    return this.attributes.sizeBytes;
  }

  /**
   * Fills `target` with what is at `offsetBytes` or throws; any number of reads may run at once. After it has
   * settled nothing writes to `target` any more, also when it was aborted. Throws `L-NET-205` where the file
   * ends, `L-NET-203` and `L-NET-213` when it was replaced, `L-NET-111` when the server is lost.
   */
  async read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (target.length === 0) return;
    const endBytes = offsetBytes + target.length;
    if (!Number.isSafeInteger(offsetBytes) || offsetBytes < 0 || endBytes > this.sizeBytes)
      throw endsEarly(this.#file, endBytes, this.sizeBytes);
    await readRange(this.#file, offsetBytes, target, signal);
  }
}
