import { ReadStops } from '../../read-stops.ts';
import type { NfsSession, RemoteObject } from './nfs-session.ts';

/** An open file as the server knows it: looked up again when its handle becomes stale. */
export class RemoteFile {
  readonly session: NfsSession;
  readonly path: string;
  readonly stops = new ReadStops();
  #object: RemoteObject;
  #renewing: Promise<void> | undefined;

  constructor(session: NfsSession, path: string, object: RemoteObject) {
    this.session = session;
    this.path = path;
    this.#object = object;
  }

  get object(): RemoteObject {
    return this.#object;
  }

  /**
   * Looks the path up again, once for all who found the handle of `stale` stale. Throws `L-NET-213` unless it is the
   * same file.
   */
  async renew(stale: RemoteObject): Promise<void> {
    if (this.#object !== stale) return;
    this.#renewing ??= this.#lookUpAgain().finally(() => {
      this.#renewing = undefined;
    });
    await this.#renewing;
  }

  async #lookUpAgain(): Promise<void> {
    const before = this.#object.attributes;
    const found = await this.session.at(this.path, async (object) => object);
    const now = found.attributes;
    const same =
      now.type === 'file' &&
      now.fileId === before.fileId &&
      now.sizeBytes === before.sizeBytes &&
      now.modifiedMs === before.modifiedMs;
    if (!same) throw this.session.error('L-NET-213', this.path);
    this.#object = found;
  }
}
