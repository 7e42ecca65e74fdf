import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface InitialFile {
  readonly path: string;
  readonly content: Uint8Array | string;
  readonly isProgram?: boolean;
}

/** An initial RAM disk (cpio, newc) with these files and the folders above them. */
export function initialFiles(files: readonly InitialFile[]): Buffer {
  const folders = new Set(
    files.flatMap(({ path }) =>
      path
        .split('/')
        .slice(0, -1)
        .map((_, at, parts) => parts.slice(0, at + 1).join('/')),
    ),
  );
  const parts = [...folders].map((path) => entry(path, 0o040755, Buffer.alloc(0)));
  for (const { path, content, isProgram } of files)
    parts.push(entry(path, isProgram ? 0o100755 : 0o100644, Buffer.from(content)));
  return Buffer.concat([...parts, entry('TRAILER!!!', 0, Buffer.alloc(0))]);
}

function entry(path: string, mode: number, content: Buffer): Buffer {
  const name = Buffer.from(`${path}\0`);
  const fields = [0, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const head = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([padded(Buffer.concat([Buffer.from(head), name])), padded(content)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

/** Kernel modules with all that they stand on, in the order in which they are loaded. What is built in has no file. */
export function modulesOf(folder: string, names: readonly string[]): readonly InitialFile[] {
  const places = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ko'))
      .map((path) => [moduleName(path), join(folder, path)]),
  );
  const found = new Map<string, InitialFile>();
  const add = (name: string) => {
    const place = places.get(name);
    if (found.has(name) || place === undefined) return;
    const content = readFileSync(place);
    const [, needed = ''] = /\0depends=([^\0]*)\0/.exec(content.toString('latin1')) ?? [];
    for (const each of needed.split(',').filter(Boolean)) add(each);
    found.set(name, { path: `modules/${String(found.size).padStart(2, '0')}-${name}.ko`, content });
  };
  for (const name of names) add(name);
  return [...found.values()];
}

function moduleName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1, -'.ko'.length).replaceAll('-', '_');
}

/** A program with the libraries that `ldd` tells, at the same paths. */
export function programWith(path: string, ldd: string): readonly InitialFile[] {
  const libraries = [...ldd.matchAll(/(\/\S+) \(0x/g)].map(([, library]) => library ?? '');
  return [path, ...libraries]
    .filter((place) => existsSync(place))
    .map((place) => ({ path: place.slice(1), content: readFileSync(place), isProgram: true }));
}
