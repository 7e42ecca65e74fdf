import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { renderDoc } from './src/docs/render-doc.ts';

const folder = fileURLToPath(new URL('../../docs', import.meta.url));
const index = 'virtual:docs';

/** What is read first stands first; the rest follows by name. */
const order = ['first-steps', 'concepts', 'console', 'operations', 'security', 'cli', 'api'];
/** Long and looked up, not read. */
const last = ['rules', 'errors'];

/**
 * The documents of `docs/` as modules, rendered when the console is built: `virtual:docs` lists them with their headings,
 * `virtual:docs/NAME` has the text of one.
 */
export function docsPlugin(): Plugin {
  return {
    name: 'leeward-docs',
    resolveId: (id) => (id === index || id.startsWith(`${index}/`) ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${index}`) return listOf(names());
      const name = id.startsWith(`\0${index}/`) ? id.slice(index.length + 2) : undefined;
      if (name === undefined) return undefined;
      const path = join(folder, `${name}.md`);
      this.addWatchFile(path);
      return `export const html = ${JSON.stringify(read(name).html)};`;
    },
  };
}

function read(name: string) {
  return renderDoc(readFileSync(join(folder, `${name}.md`), 'utf8'), name);
}

function names(): readonly string[] {
  const rank = (name: string) =>
    last.includes(name) ? 99 + last.indexOf(name) : (order.indexOf(name) + 99) % 99;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => path.slice(0, -3).replaceAll('\\', '/'))
    .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function listOf(all: readonly string[]): string {
  const entries = all.map((name) => {
    const { title, headings } = read(name);
    const load = `() => import(${JSON.stringify(`${index}/${name}`)})`;
    return `{ name: ${JSON.stringify(name)}, title: ${JSON.stringify(title)}, headings: ${JSON.stringify(headings)}, load: ${load} }`;
  });
  return `export const docs = [${entries.join(',\n')}];`;
}
