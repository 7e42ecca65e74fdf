// The clone's folder and the launcher's own files in it.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const modules = join(root, 'node_modules');

/** Not in node_modules, which `npm ci` deletes. */
export const stamps = join(root, '.stamps');

/** In node_modules, so that it goes when they go. */
export const installedStamp = join(modules, '.leeward', 'installed');
export const builtStamp = join(stamps, 'built');
export const consoleStamp = join(stamps, 'console');
export const consoleFolder = join(root, 'packages', 'console');
export const lockFile = join(stamps, 'set-up.lock');

/** Where Node keeps the code that it compiled; as trusted as the code itself, and it goes when that goes. */
export const compileCache = join(modules, '.leeward', 'compile-cache');
