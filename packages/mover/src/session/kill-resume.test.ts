import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SeededRandomness } from '@leeward/platform';
import { checkRepository, findPoint, listPoints, restorePoint } from '@leeward/repository';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { temporaryFolder } from '@leeward/repository/testing/temporary-folder';
import { describe, expect, it } from 'vitest';
import { BackupFixture } from '../testing/backup-fixture.ts';
import type { CommittedPoint } from './commit-point.ts';
import type { DiskBackupResult } from './disk-backup-options.ts';

const mib = 2 ** 20;
const sizeBytes = 48 * mib;
const child = fileURLToPath(new URL('../testing/backup-child.ts', import.meta.url));

/**
 * Runs the child; kills it when it has done `killAtBlock` blocks and a checkpoint of this start was written. Resolves to
 * its last line, if it ended by itself.
 */
function run(input: Input, killAtBlock: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const args = [
      '--conditions=source',
      '--disable-warning=ExperimentalWarning',
      child,
      JSON.stringify(input),
    ];
    const before = checkpointBytes(input);
    const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [output, errors] = ['', ''];
    started.stderr.on('data', (text) => {
      errors += text;
    });
    started.stdout.on('data', (text) => {
      output += text;
      const lines = output.split('\n').filter((line) => /^\d+$/.test(line));
      const isFarEnough = Number(lines.at(-1) ?? 0) >= killAtBlock;
      if (isFarEnough && checkpointBytes(input) > before) started.kill('SIGKILL');
    });
    started.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(undefined);
      else if (code === 0) resolve(output.trim().split('\n').at(-1));
      else reject(new Error(`the child ended with ${code}: ${errors}`));
    });
  });
}

interface Input {
  readonly disk: { readonly checkpointFolder: string };
  readonly [more: string]: unknown;
}

function checkpointBytes({ disk }: Input): number {
  const folder = disk.checkpointFolder;
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

describe('a killed backup', () => {
  it.each([1, 2])(
    'goes on behind what was stored, at any moment (seed %i)',
    async (seed) => {
      const fixture = await BackupFixture.create(temporaryFolder());
      const content = diskContent(sizeBytes, seed);
      const random = new SeededRandomness(seed);
      const input = {
        repository: { path: fixture.repositoryPath, password: fixture.password },
        disk: {
          diskName: 'disk',
          source: fixture.writeDisk('disk', content),
          changed: 'all',
          checkpointFolder: fixture.checkpointFolder(),
        },
        commit: { vmName: 'vm', host: 'h', runId: 'run', vmId: 'vm-1', tags: [] },
        limitBytesPerSecond: 60 * mib,
      };
      for (let kill = 0; kill < 3; kill++) {
        await run(input, 30 + kill * 40 + Math.floor(random.fraction() * 40));
        const report = await checkRepository(await fixture.openRepository(), { readData: true });
        expect(report.problems).toEqual([]);
        expect(report.points).toEqual([]);
      }
      const last = await run({ ...input, limitBytesPerSecond: undefined }, Number.POSITIVE_INFINITY);
      const { result, committed }: { result: DiskBackupResult; committed: CommittedPoint } = JSON.parse(
        last ?? '',
      );
      expect(result.bytesResumed).toBeGreaterThan(4 * mib);
      expect(result.bytesRead).toBe(sizeBytes);
      const repository = await fixture.openRepository();
      expect((await listPoints(repository)).points).toHaveLength(1);
      expect(await checkRepository(repository, { readData: true })).toMatchObject({ ok: true });
      const targetFolder = join(fixture.folder, 'restored');
      const point = await findPoint(repository, committed.snapshotId);
      const { disks } = await restorePoint(repository, point, { targetFolder });
      expect(readFileSync(disks[0]?.flatPath ?? '').equals(content)).toBe(true);
    },
    300_000,
  );
});
