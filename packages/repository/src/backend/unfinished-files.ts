import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { processBeginning } from '@leeward/platform/process/process-beginning';
import { systemCode } from './folder-errors.ts';

/** A file is written within minutes; one that is older has nobody who still writes it. */
const oldMs = 60 * 60_000;
const form = /-tmp-([0-9a-f]{16})-(\d+)-(\d+)-[0-9a-f]{8}$/;

/**
 * The name under which a file is written before it is complete. It says which process of which host writes it, so
 * that what a dead one left can be told from what is being written, here or elsewhere. Neither Leeward nor restic
 * takes it for a file of the repository.
 */
export function unfinishedName(path: string): string {
  const { pid } = process;
  return `${path}-tmp-${thisHost}-${pid}-${processBeginning(pid) ?? 0}-${randomBytes(4).toString('hex')}`;
}

/**
 * Removes from a folder what processes of this host left half written when they died: files of our form, of this
 * host, an hour old, whose process is gone. Never what others left. Returns the number of files removed.
 */
export async function removeUnfinished(folder: string, nowMs: number): Promise<number> {
  let removed = 0;
  for (const name of await namesIn(folder)) {
    const [, host, pid, begun] = form.exec(name) ?? [];
    if (host !== thisHost || processBeginning(Number(pid)) === Number(begun)) continue;
    const path = join(folder, name);
    const changedMs = await stat(path).then(({ mtimeMs }) => mtimeMs, orGone);
    if (changedMs === undefined || nowMs - changedMs < oldMs) continue;
    await unlink(path).catch(orGone);
    removed++;
  }
  return removed;
}

/** Hosts may share a name, and machines made from one image an id; both together tell them apart. */
const thisHost = createHash('sha256').update(`${hostname()}\n${machineId()}`).digest('hex').slice(0, 16);

function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    return '';
  }
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => orGone(error) ?? []);
}

function orGone(error: unknown): undefined {
  if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'ENOTDIR') throw error;
  return undefined;
}
