// Whether the web console is built from what is there now.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { consoleFolder, consoleStamp, stamps } from './place.mjs';
import { consoleHash } from './source-hash.mjs';

const page = join(consoleFolder, 'dist', 'index.html');

/**
 * Also true where there is no console to build, and, unless `retry`, where the same one could not be built before: what
 * needs no console is not kept waiting each time.
 */
export function isConsoleSettled({ retry }) {
  if (!existsSync(join(consoleFolder, 'index.html'))) return true;
  const stamp = existsSync(consoleStamp) ? readFileSync(consoleStamp, 'utf8') : '';
  if (stamp === `built ${consoleHash()}`) return existsSync(page);
  return !retry && stamp === `failed ${consoleHash()}`;
}

export function stampConsole(outcome) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(consoleStamp, `${outcome} ${consoleHash()}`);
}
