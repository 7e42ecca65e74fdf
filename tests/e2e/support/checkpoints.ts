import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Site } from './site.ts';
import { until } from './until.ts';

/** A recipe of this length holds only its head: nothing was stored durably yet. */
const headBytes = 32;

/** Waits until the reading of a run has something to go on from. */
export function checkpointWritten(site: Site, runId: string): Promise<boolean> {
  const folder = join(site.dataFolder, 'checkpoints', runId);
  return until('a checkpoint of the read', async () => {
    const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const sizes = await Promise.all(
      files
        .filter((file) => file.isFile() && file.name === 'recipe')
        .map((file) => stat(join(file.parentPath, file.name))),
    );
    return sizes.some(({ size }) => size > headBytes);
  });
}
