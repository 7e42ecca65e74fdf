import { chmod, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LeewardError } from '@leeward/core';
import { syncFolder } from '@leeward/platform';
import type { PostgresIdentity } from './postgres-identity.ts';
import { runProgram } from './run-program.ts';

/** The major version of the embedded programs. */
export const embeddedMajor = '18';
/** The account and the database of Leeward in the embedded PostgreSQL. */
export const embeddedName = 'leeward';

/**
 * Makes sure that `<dataFolder>/postgresql` holds a database cluster, and returns its path. A cluster appears
 * whole or not at all. Throws `L-CFG-202` and `L-CFG-210`.
 */
export async function prepareCluster(
  dataFolder: string,
  log: string,
  identity: PostgresIdentity,
): Promise<string> {
  const cluster = join(dataFolder, 'postgresql');
  const found = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (found !== undefined) {
    if (found.trim() !== embeddedMajor)
      throw new LeewardError('L-CFG-210', { folder: dataFolder, found: found.trim(), needed: embeddedMajor });
    await identity.adopt(cluster);
    return cluster;
  }
  const draft = `${cluster}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await chmod(draft, 0o700);
  await identity.adopt(draft);
  const { initdb } = identity.programs;
  const { exitCode, output } = await runProgram([
    ...identity.prefix,
    initdb,
    `--pgdata=${draft}`,
    `--username=${embeddedName}`,
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--data-checksums',
  ]);
  if (exitCode !== 0) {
    await rm(draft, { recursive: true, force: true });
    throw new LeewardError('L-CFG-202', { folder: dataFolder, reason: lastLine(output), log });
  }
  await rename(draft, cluster);
  await syncFolder(dataFolder);
  return cluster;
}

export function lastLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.findLast((line) => /error|fatal|panic/i.test(line)) ?? lines.at(-1) ?? 'it said nothing';
}
