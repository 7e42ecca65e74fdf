// Do the installed packages fit package-lock.json? npm notes what it installed in node_modules/.package-lock.json.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installedStamp, modules, root } from './place.mjs';

const lockPath = join(root, 'package-lock.json');

/** SHA-256 of package-lock.json. */
export function lockHash() {
  return createHash('sha256').update(readFileSync(lockPath)).digest('hex');
}

/** True when an install for this package-lock.json is known to be complete. */
export function isInstalled() {
  if (readText(installedStamp)?.trim() === lockHash()) return existsSync(join(modules, 'typescript'));
  return stampInstalled().length === 0;
}

/** Notes the install, unless packages are missing or are not those of package-lock.json: returns their places. */
export function stampInstalled() {
  const misfits = findMisfits();
  if (misfits.length > 0) return misfits;
  mkdirSync(dirname(installedStamp), { recursive: true });
  writeFileSync(installedStamp, lockHash());
  return misfits;
}

/** Compares package by package; only optional ones that are not for this machine may be missing. */
function findMisfits() {
  const wanted = packagesOf(lockPath) ?? {};
  const present = packagesOf(join(modules, '.package-lock.json')) ?? {};
  const fits = ([place, entry]) => {
    if (!place.startsWith('node_modules/')) return true;
    const found = present[place];
    if (!found) return entry.optional === true && !isForThisMachine(entry);
    const isSame = found.version === entry.version && found.integrity === entry.integrity;
    return isSame && existsSync(join(root, place));
  };
  return Object.entries(wanted)
    .filter((pair) => !fits(pair))
    .map(([place]) => place);
}

/** Optional packages without conditions count as not needed here: npm may leave them out at will. */
function isForThisMachine({ os, cpu, libc }) {
  if (!os && !cpu) return false;
  const fits = (list, value) => !list || list.includes(value);
  return fits(os, process.platform) && fits(cpu, process.arch) && fits(libc, libcOfThisMachine());
}

function libcOfThisMachine() {
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
}

function packagesOf(path) {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text).packages;
  } catch {
    return undefined;
  }
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
