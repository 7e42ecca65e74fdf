// SHA-256 over everything that the build reads.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { consoleFolder, root } from './place.mjs';

export function workspacePackages() {
  return readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, 'packages', entry.name, 'package.json')))
    .map((entry) => join(root, 'packages', entry.name))
    .sort();
}

export function sourceHash() {
  const hash = createHash('sha256');
  for (const path of buildInputs()) {
    const content = readFileSync(path);
    hash.update(`${relative(root, path)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** The same over what the build of the console reads. */
export function consoleHash() {
  const hash = createHash('sha256');
  const files = ['package.json', 'index.html', 'vite.config.ts', 'docs-plugin.ts'].map((name) =>
    join(consoleFolder, name),
  );
  const folders = [join(consoleFolder, 'src'), join(consoleFolder, 'public'), join(root, 'docs')].flatMap(
    (folder) => [...sources(folder)],
  );
  for (const path of [join(root, 'package-lock.json'), ...files, ...folders]) {
    if (existsSync(path))
      hash
        .update(`${relative(root, path)}\0`)
        .update(readFileSync(path))
        .update('\0');
  }
  return hash.digest('hex');
}

function* buildInputs() {
  for (const name of ['package-lock.json', 'tsconfig.base.json', 'tsconfig.json']) yield join(root, name);
  for (const folder of workspacePackages()) {
    for (const name of ['package.json', 'tsconfig.json']) {
      if (existsSync(join(folder, name))) yield join(folder, name);
    }
    yield* sources(join(folder, 'src'));
  }
}

function* sources(folder) {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) yield path;
  }
}
