import { spawnSync } from 'node:child_process';
import { SupportService } from '@leeward/engine/services/support-service';
import { openStoreOfTests } from '@leeward/engine/store/testing/store-of-tests';
import { systemClock } from '@leeward/platform';
import { describe, expect, it } from 'vitest';

const version = /tar\) (\S+)/.exec(spawnSync('tar', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1];
console.log(version ? `judge: tar ${version} ran` : 'judge: tar absent');

describe.skipIf(!version)('tar', () => {
  it('reads a support bundle', async () => {
    const tests = await openStoreOfTests();
    const { store, db, folder: dataFolder } = tests;
    await store.runs.add({ id: 'r1', jobId: 'j', kind: 'backup', startedAt: '2026-11-26T12:00:00Z' });
    const support = new SupportService({ store, db, clock: systemClock, version: '1.2.3', dataFolder });
    const parts: Buffer[] = [];
    for await (const part of await support.bundle()) parts.push(part);
    await tests.close();
    const input = Buffer.concat(parts);
    const list = spawnSync('tar', ['-tzvf', '-'], { input, encoding: 'utf8' });
    expect([list.status, list.stderr]).toEqual([0, '']);
    expect(list.stdout).toContain('leeward-support/runs/r1.json');
    const name = 'leeward-support/versions.json';
    const { stdout } = spawnSync('tar', ['-xzOf', '-', name], { input, encoding: 'utf8' });
    expect(JSON.parse(stdout)).toMatchObject({ leeward: '1.2.3', node: process.version });
  });
});
