import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { MetricsService } from '@leeward/engine/services/metrics-service';
import { openStoreOfTests } from '@leeward/engine/store/testing/store-of-tests';
import { systemClock } from '@leeward/platform';
import { describe, expect, it } from 'vitest';

/** Of Debian's package `prometheus`; `PROMTOOL` where it lies elsewhere. */
const promtool = process.env['PROMTOOL'] ?? 'promtool';
const version = /version (\S+)/.exec(
  spawnSync(promtool, ['--version'], { encoding: 'utf8' }).stdout ?? '',
)?.[1];
console.log(version ? `judge: promtool ${version} ran` : 'judge: promtool absent');

const run = (args: string[], input = '') => {
  const { status, stdout, stderr } = spawnSync(promtool, args, { encoding: 'utf8', input });
  return { status, said: `${stdout}${stderr}` };
};

describe.skipIf(!version)('promtool', () => {
  it('has nothing against the metrics', async () => {
    const tests = await openStoreOfTests();
    const metrics = new MetricsService({ ...tests, clock: systemClock, version: '1.2.3' });
    await tests.store.runs.add({ id: 'r', jobId: 'j', kind: 'backup', startedAt: '2026-11-26T12:00:00Z' });
    await tests.store.runs.end('r', 'success', '2026-11-26T12:10:00Z');
    metrics.answered({ method: 'GET', route: '/api/v1/jobs/:id', status: 200, durationMs: 3 });
    expect(run(['check', 'metrics'], await metrics.text())).toEqual({ status: 0, said: '' });
    metrics.close();
    await tests.close();
  });

  it('understands the sample alert rules', () => {
    const rules = join(import.meta.dirname, '..', '..', 'docs', 'monitoring', 'alerts.yml');
    expect(run(['check', 'rules', rules])).toMatchObject({
      status: 0,
      said: expect.stringMatching(/SUCCESS: \d+ rules found/),
    });
  });
});
