// Whether the web console is built from what is there now.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { consoleFolder, consoleStamp, stamps } from './place.mjs';
import { consoleHash } from './source-hash.mjs';

const page = join(consoleFolder, 'dist', 'index.html');

/** Also true where there is no console to build. */
export function isConsoleBuilt() {
  if (!existsSync(join(consoleFolder, 'index.html'))) return true;
  return existsSync(page) && existsSync(consoleStamp) && readFileSync(consoleStamp, 'utf8') === consoleHash();
}

export function stampConsole() {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(consoleStamp, consoleHash());
}
