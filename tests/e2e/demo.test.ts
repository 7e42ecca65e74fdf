import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const main = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'src', 'main.ts');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const bytes = z.int().min(0);
const time = z.iso.datetime();

/** The form that the product promises for `leeward demo --json FILE`. */
const reportSchema = z.object({
  ok: z.literal(true),
  runs: z.array(
    z.object({
      id: z.string().min(1),
      kind: z.enum(['full', 'incremental']),
      state: z.literal('success'),
      vms: z.array(
        z.object({
          name: z.string().min(1),
          source: z.literal('secondary'),
          transport: z.enum(['nfs', 'iscsi', 'http']),
          relation: z.object({
            kind: z.literal('transfer'),
            policy: z.enum(['mirror', 'vault', 'mirror-vault', 'snapshot-replication']),
          }),
          steps: z.array(z.object({ name: z.string().min(1), startedAt: time, endedAt: time })).min(5),
          vmwareSnapshotMs: z.int().min(1),
          bytesProvisioned: bytes,
          bytesChanged: bytes,
          bytesRead: bytes,
          bytesStored: bytes,
          disks: z
            .array(z.object({ name: z.string(), sha256AtSnapshot: sha256, sha256Restored: sha256 }))
            .min(1),
        }),
      ),
    }),
  ),
  dataPortBytesRead: z.record(z.string(), bytes),
  leftovers: z.object({
    vmwareSnapshots: z.literal(0),
    storageSnapshots: z.array(z.string()),
    clones: z.literal(0),
    exports: z.literal(0),
    mappings: z.literal(0),
  }),
  repository: z.object({ path: z.string(), passwordFile: z.string() }),
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-demo-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the demo ends well and writes what it promises', async () => {
  const json = join(folder, 'report.json');
  const demo = ['demo', '--size', '0.03', '--out', join(folder, 'out'), '--json', json];
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', main, ...demo]);
  expect(stdout).toContain('Everything held');
  const report = reportSchema.parse(JSON.parse(await readFile(json, 'utf8')));
  expect(report.runs.map(({ kind }) => kind)).toEqual(['full', 'incremental']);
  const [full, incremental] = report.runs;
  for (const run of report.runs) {
    expect(run.vms.map(({ name }) => name).toSorted()).toEqual(['Büro [alt] Server 01', 'db-01', 'web-01']);
    const ways = run.vms.map(({ transport, relation }) => `${transport} ${relation.policy}`);
    expect(ways.toSorted()).toEqual(['iscsi mirror', 'iscsi snapshot-replication', 'nfs vault']);
    for (const { disks } of run.vms)
      for (const disk of disks) expect(disk.sha256Restored).toBe(disk.sha256AtSnapshot);
  }
  const changed = (run = full) => run?.vms.reduce((sum, vm) => sum + vm.bytesChanged, 0) ?? 0;
  expect(changed(incremental)).toBeLessThan(changed(full));
  for (const family of ['ontap', 'nimble']) {
    expect(report.dataPortBytesRead[`${family}-a`]).toBe(0);
    expect(report.dataPortBytesRead[`${family}-b`]).toBeGreaterThan(0);
  }
  expect(report.leftovers.storageSnapshots.length).toBeGreaterThan(0);
  const password = await readFile(report.repository.passwordFile, 'utf8');
  expect(password.trim().length).toBeGreaterThan(10);
}, 180_000);
