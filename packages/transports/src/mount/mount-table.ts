interface MountedPath {
  readonly host: string;
  readonly path: string;
}

const maxEntries = 1_000;

/** Who mounted what, for DUMP. Advisory, as in every NFS 3 server; the oldest entries go first. */
export class MountTable {
  readonly #entries = new Map<string, MountedPath>();

  get entries(): Iterable<MountedPath> {
    return this.#entries.values();
  }

  add(host: string, path: string): void {
    this.#entries.set(key(host, path), { host, path });
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size > maxEntries && oldest !== undefined) this.#entries.delete(oldest);
  }

  remove(host: string, path: string): void {
    this.#entries.delete(key(host, path));
  }

  removeAll(host: string): void {
    for (const [name, entry] of this.#entries) if (entry.host === host) this.#entries.delete(name);
  }
}

function key(host: string, path: string): string {
  return `${host}\0${path}`;
}
