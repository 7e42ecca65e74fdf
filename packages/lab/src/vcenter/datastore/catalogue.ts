/** What a host knows about a file that it wrote: enough to list and to serve it without reading the array. */
export interface CatalogueFile {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** True while a running VM holds the file: downloads are refused. */
  readonly isLocked: boolean;
  read(offsetBytes: number, lengthBytes: number): Buffer;
}

/** The files of one datastore, by path relative to its root. */
export class DatastoreCatalogue {
  readonly #files = new Map<string, CatalogueFile>();
  readonly #directories = new Set<string>(['']);

  put(path: string, file: CatalogueFile): void {
    this.#files.set(path, file);
  }

  addDirectory(path: string): void {
    this.#directories.add(path);
  }

  remove(path: string): void {
    this.#files.delete(path);
  }

  file(path: string): CatalogueFile | undefined {
    return this.#files.get(path);
  }

  isDirectory(path: string): boolean {
    return this.#directories.has(path);
  }

  /** Names of the direct children of a directory. */
  children(directory: string): { readonly name: string; readonly file: CatalogueFile | undefined }[] {
    const prefix = directory === '' ? '' : `${directory}/`;
    const direct = (path: string) =>
      path !== '' && path.startsWith(prefix) && !path.slice(prefix.length).includes('/');
    return [
      ...[...this.#directories]
        .filter(direct)
        .map((path) => ({ name: path.slice(prefix.length), file: undefined })),
      ...[...this.#files]
        .filter(([path]) => direct(path))
        .map(([path, file]) => ({ name: path.slice(prefix.length), file })),
    ];
  }

  /** All directories at or below `directory`, itself first. */
  tree(directory: string): string[] {
    const below = (path: string) =>
      directory === '' || path === directory || path.startsWith(`${directory}/`);
    return [...this.#directories].filter(below).sort();
  }
}
