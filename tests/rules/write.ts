import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rulesDocument } from './document.ts';
import { generatedFiles, tableFolder } from './table.ts';

const document = join(tableFolder, '..', '..', 'docs', 'rules.md');

/** Writes the files of the table and the page that shows it; files that the rules do not make any more go. */
export async function writeTable(): Promise<void> {
  const files = generatedFiles();
  for (const name of await readdir(tableFolder))
    if (name.endsWith('.csv') && !files.has(name)) await rm(join(tableFolder, name));
  for (const [name, text] of files) await writeFile(join(tableFolder, name), text);
  await writeFile(document, rulesDocument());
}
