// Notes which package-lock.json the installed node_modules belong to, so that the
// launcher does not install a second time after a manual `npm ci`.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lock = join(root, 'package-lock.json');
const modules = join(root, 'node_modules');
if (existsSync(lock) && existsSync(modules)) {
  const sha = createHash('sha256').update(readFileSync(lock)).digest('hex');
  mkdirSync(join(modules, '.leeward'), { recursive: true });
  writeFileSync(join(modules, '.leeward', 'installed'), sha);
}
