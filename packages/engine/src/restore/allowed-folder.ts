import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { LeewardError } from '@leeward/core';
import { makeFolders } from '@leeward/platform/files/make-folders';

/** Where restores of a proxy may be written. */
export interface RestoreLimits {
  /** Name of the proxy. */
  readonly proxy: string;
  /** Absolute paths; in these and below. Absent: anywhere. */
  readonly allowed: readonly string[] | undefined;
  /** Data folder and repositories: never there, whatever is allowed. */
  readonly own: readonly string[];
}

/** By the names alone: `..` leads out of no allowed folder. Throws `L-PRX-106`. */
export function requireAllowedName(folder: string, { proxy, allowed }: Omit<RestoreLimits, 'own'>): void {
  if (allowed && !allowed.some((each) => isIn(resolve(folder), resolve(each))))
    throw notAllowed(proxy, allowed, folder);
}

/**
 * Makes the folder of a restore, on the host that it is on, and gives its real path, to be written into by that: symbolic
 * links, also those above it, lead nowhere else. Where it is not allowed nothing is made. Throws `L-PRX-106`, `L-PRX-108`
 * and the file system's own errors.
 */
export async function openRestoreFolder(folder: string, limits: RestoreLimits): Promise<string> {
  const { proxy, allowed, own } = limits;
  requireAllowedName(folder, limits);
  const real = await realFolder(folder);
  for (const each of own) {
    const owned = await realFolder(each);
    if (isIn(real, owned)) throw new LeewardError('L-PRX-108', { folder, own: each });
  }
  if (allowed) {
    const places = await Promise.all(allowed.map(realFolder));
    if (!places.some((place) => isIn(real, place))) throw notAllowed(proxy, allowed, folder, real);
  }
  await makeFolders(real);
  // Somebody may have put a link there meanwhile.
  const made = await realpath(real);
  if (made !== real) throw notAllowed(proxy, allowed ?? [real], folder, made);
  return real;
}

/** Without links, also of a folder that is not there yet: then of the nearest one above it that is. */
async function realFolder(folder: string): Promise<string> {
  const at = resolve(folder);
  try {
    return await realpath(at);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || at === dirname(at) || (await isThere(at))) throw error;
    return join(await realFolder(dirname(at)), basename(at));
  }
}

/** A link to nothing is there. */
async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

function notAllowed(proxy: string, allowed: readonly string[], folder: string, real = folder): LeewardError {
  const because = real === resolve(folder) ? '' : `: it leads to "${real}"`;
  const places = allowed.map((each) => `"${each}"`).join(', ');
  return new LeewardError('L-PRX-106', { proxy, allowed: places, folder, because });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
