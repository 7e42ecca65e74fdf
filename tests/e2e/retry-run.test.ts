import { type Job, jobDefaults } from '@leeward/core';
import type { Identity } from '@leeward/engine';
import type { BackupDeps } from '@leeward/engine/backup/backup-deps';
import { backupFlows } from '@leeward/engine/backup/backup-run';
import { RetryService } from '@leeward/engine/services/retry-service';
import { ManualClock, SeededRandomness } from '@leeward/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  problemsOf,
  type SimulatedBackups,
  simulateBackups,
} from './support/fake-world/simulated-backups.ts';
import {
  openSimulatedStores,
  type SimulatedStore,
  type SimulatedStores,
} from './support/fake-world/simulated-store.ts';

const ann: Identity = { kind: 'user', name: 'ann', role: 'operator', readOnly: false };

/** Runs that make up for others, over the real store and a world in memory, with the service that starts them. */
describe('a retry of a run', () => {
  let databases: SimulatedStores;
  let database: SimulatedStore;

  beforeAll(async () => {
    databases = await openSimulatedStores(1);
    const [only] = databases.stores;
    if (!only) throw new Error('no database');
    database = only;
  });
  afterAll(() => databases?.close());

  /** The job `job` over these VMs, and its retries, which begin when they are executed. */
  async function world(vms: string[], changes: Partial<Job> = {}, how: Partial<SimulatedBackups> = {}) {
    const seed = how.seed ?? 1;
    const simulated = await simulateBackups(database, {
      ...{ seed, randomness: new SeededRandomness(seed), faultRate: 0, crashes: 0, cancelAfterMs: undefined },
      ...how,
      job: { ...jobDefaults, vms, ...changes },
    });
    const { store } = database;
    const clock = new ManualClock(Date.parse('2026-11-26T20:00:00Z'));
    const deps: BackupDeps = {
      ...{ store, clock, randomness: new SeededRandomness(seed), doors: simulated.world.doors() },
    };
    const retries = new RetryService(deps, {
      engine: { start: async () => undefined } as never,
      runFlow: backupFlows(deps).run,
      proxies: { proveMissing: async () => undefined },
      repositories: { tidy: async () => undefined },
    });
    const retry = async (runId: string, calm = true) => {
      await clock.advance(3_600_000);
      const { id } = await retries.retry(runId, ann);
      await simulated.backup(id, calm);
      return store.runs.get(id);
    };
    const states = async (runId: string) =>
      (await store.runVms.list(runId)).map(({ name, state }) => `${name} ${state}`);
    const refusal = async (runId: string) =>
      retries.retry(runId, ann).then(
        () => 'started',
        (error: { code: string }) => error.code,
      );
    return { ...simulated, store, retries, retry, states, refusal };
  }

  it('backs up the VMs that failed and no other, by the rules of the job, and is known by both runs', async () => {
    const { world: site, foreign, backup, retry, states, refusal, store } = await world(['a', 'b', 'c']);
    site.vcenter.unfreezable.add('b');
    await backup('run-1', true);
    expect(await states('run-1')).toEqual(['a success', 'b failed', 'c success']);
    site.vcenter.unfreezable.clear();
    const retried = await retry('run-1');
    expect(await states(retried.id)).toEqual(['b success']);
    expect(retried).toMatchObject({ state: 'success', retryOf: 'run-1', startedBy: { name: 'ann' } });
    expect(await store.runs.retryOf('run-1')).toBe(retried.id);
    expect(site.committed).toEqual(new Set(['run-1-a', 'run-1-c', `${retried.id}-b`]));
    // Only the volume of that VM was frozen, and what its storage snapshots hold is that VM.
    const made = (await store.ledger.kept('job')).filter(({ runId }) => runId === retried.id);
    expect(made.length).toBeGreaterThan(0);
    for (const { detail } of made)
      expect(detail).toMatchObject({ volumeName: 'vol1', vms: [expect.objectContaining({ name: 'b' })] });
    expect(await problemsOf(database, site, foreign, retried.id)).toEqual([]);
    expect(await refusal('run-1')).toBe('L-RUN-147');
    expect(await refusal(retried.id)).toBe('L-RUN-146');
  });

  it('of one that did not do can be retried itself, and leaves out what the job has no more', async () => {
    const { world: site, backup, retry, states, refusal, store } = await world(['a', 'b', 'c']);
    for (const vm of ['a', 'b']) site.vcenter.unfreezable.add(vm);
    await backup('run-1', true);
    site.vcenter.unfreezable.delete('a');
    const first = await retry('run-1');
    expect([first.state, await states(first.id)]).toEqual(['partly', ['a success', 'b failed']]);
    const job = await store.jobs.get('job');
    await store.jobs.update({ ...job, vms: ['a', 'c'] });
    expect(await refusal(first.id)).toBe('L-RUN-146');
    // It is in the job by another word.
    await store.jobs.update({ ...job, vms: ['a', '/dc/vm/b', 'c'] });
    site.vcenter.unfreezable.clear();
    const second = await retry(first.id);
    expect([second.state, await states(second.id)]).toEqual(['success', ['b success']]);
  });

  it('takes what could not be found, and everything where a run ended before it had a plan', async () => {
    const { backup, retry, states, store } = await world(['a', 'nobody']);
    await backup('run-1', true);
    expect(await states('run-1')).toEqual(['a success', 'nobody failed']);
    expect(await states((await retry('run-1')).id)).toEqual(['nobody failed']);
    const [startedAt, endedAt] = ['2026-11-27T09:00:00.000Z', '2026-11-27T09:00:01.000Z'];
    await store.runs.add({ id: 'run-9', jobId: 'job', kind: 'backup', startedAt });
    await store.runs.end('run-9', 'failed', endedAt);
    const whole = await retry('run-9');
    expect([await store.runs.scopeOf(whole.id), await states(whole.id)]).toEqual([
      undefined,
      ['a success', 'nobody failed'],
    ]);
  });

  it('is refused while a run goes on, of a restore, of a run without trouble and without the job', async () => {
    const { backup, refusal, store, world: site } = await world(['a']);
    await backup('run-1', true);
    expect(await refusal('run-1')).toBe('L-RUN-146');
    site.vcenter.unfreezable.add('a');
    await backup('run-2', true);
    const startedAt = '2026-11-27T09:00:00.000Z';
    await store.runs.add({ id: 'run-3', jobId: 'job', kind: 'restore', startedAt });
    expect(await refusal('run-3')).toBe('L-RUN-146');
    await store.runs.add({ id: 'run-4', jobId: 'job', kind: 'backup', startedAt });
    expect([await refusal('run-2'), await refusal('run-4')]).toEqual(['L-RUN-104', 'L-RUN-104']);
    await store.runs.end('run-4', 'failed', startedAt);
    await store.jobs.remove('job');
    expect(await refusal('run-2')).toBe('L-RUN-148');
    expect(await refusal('run-none')).toBe('L-CFG-102');
  });

  it('of a snapshot-only job freezes a VM as a whole run does, where another VM is on its volume', async () => {
    const {
      backup,
      retry,
      states,
      world: site,
      store,
    } = await world(['a', 'b'], {
      ...{ snapshotOnly: true, primaryKeep: 2, secondaryKeep: 2 },
    });
    site.vcenter.unfreezable.add('b');
    await backup('run-1', true);
    expect(await states('run-1')).toEqual(['a success', 'b failed']);
    // Without a VMware snapshot it would be another state than that of the whole run, and would not fail here.
    expect(await states((await retry('run-1')).id)).toEqual(['b failed']);
    site.vcenter.unfreezable.clear();
    const newest = await store.runs.newestBackup('job');
    expect(await states((await retry(newest ?? '')).id)).toEqual(['b success']);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'comes to a true end when processes die and calls fail (seed %i)',
    async (seed) => {
      const how = { seed, faultRate: 0.02, crashes: 4 };
      const { world: site, foreign, backup, retry, tidyUp, states } = await world(['a', 'b', 'c'], {}, how);
      site.vcenter.unfreezable.add('b');
      await backup('run-1', false);
      site.vcenter.unfreezable.clear();
      const failed = (await states('run-1'))
        .filter((each) => !each.endsWith('success'))
        .map(([name]) => name);
      const retried = await retry('run-1', false);
      site.calm();
      await tidyUp();
      const reached = (await states(retried.id)).map(([name]) => name);
      expect(reached.filter((name) => !failed.includes(name))).toEqual([]);
      if (retried.plan) expect(reached).toEqual(failed);
      expect(await problemsOf(database, site, foreign, retried.id)).toEqual([]);
    },
  );
});
