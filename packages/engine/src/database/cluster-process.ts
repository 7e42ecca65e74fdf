import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A process that still works on a cluster, be it the server or one of its sessions. On Linux all of them stand in
 * the cluster's folder, which tells them from a stranger that got the old number (containers start counting
 * anew) and from a dead one that nobody has buried. When there is none, a lock file left by a killed server is
 * removed, since PostgreSQL looks at the number only.
 */
export async function clusterProcess(cluster: string): Promise<number | undefined> {
  const lockFile = join(cluster, 'postmaster.pid');
  const text = await readFile(lockFile, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const pid = Number.parseInt(text, 10);
  if (process.platform !== 'linux') return pid > 1 && processExists(pid) ? pid : undefined;
  const folder = await realpath(cluster);
  for (const name of [String(pid), ...(await readdir('/proc'))])
    if (/^\d+$/.test(name) && (await readlink(`/proc/${name}/cwd`).catch(() => '')) === folder)
      return Number(name);
  await rm(lockFile, { force: true });
  return undefined;
}

export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
