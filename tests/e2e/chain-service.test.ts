import { ownershipComment } from '@leeward/arrays';
import { type Clock, isoTime, type Job, jobDefaults, makePlan } from '@leeward/core';
import type { BackupDeps } from '@leeward/engine/backup/backup-deps';
import { rotateChains } from '@leeward/engine/backup/rotate-chain';
import { takeStorageSnapshots } from '@leeward/engine/backup/storage-snapshot-step';
import { transferToSecondary } from '@leeward/engine/backup/transfer-step';
import { adoptOnArray } from '@leeward/engine/chains/adopt-on-array';
import { planningInventory } from '@leeward/engine/inventory/planning-inventory';
import { ChainService } from '@leeward/engine/services/chain-service';
import { SeededRandomness, systemClock } from '@leeward/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeWorld } from './support/fake-world/fake-world.ts';
import { registerFakeWorld } from './support/fake-world/simulated-site.ts';
import {
  openSimulatedStores,
  type SimulatedStore,
  type SimulatedStores,
} from './support/fake-world/simulated-store.ts';

/** The service of chains over the real store and arrays in memory, without a server. */
describe('chains of jobs', () => {
  let databases: SimulatedStores;
  let database: SimulatedStore;
  let world: FakeWorld;
  let deps: BackupDeps;
  let service: ChainService;
  let nowMs: number;
  let runs = 0;

  /** Waiting takes no time but that of the test. */
  const clock: Clock = {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: async (durationMs) => {
      nowMs += durationMs;
    },
    after: () => ({ cancel: () => undefined }),
  };

  const addJob = async (id: string, changes: Partial<Job> = {}): Promise<Job> => {
    const job: Job = {
      ...{ ...jobDefaults, id, name: id, vms: ['a', 'b', 'c'], repositoryId: 'r', secondaryKeep: 2 },
      ...changes,
    };
    await deps.store.jobs.add(job);
    return job;
  };

  /** Storage snapshots, transfers and rotation of a run of the job; nothing is read. */
  const run = async (job: Job): Promise<string> => {
    const runId = `run${++runs}`;
    nowMs += 60_000;
    await deps.store.runs.add({ id: runId, jobId: job.id, kind: 'backup', startedAt: isoTime(nowMs) });
    const inventory = await planningInventory(deps, { refresh: true });
    const plan = makePlan(job, inventory, nowMs);
    const { signal } = new AbortController();
    for (const group of plan.groups) {
      const storageSnapshotName = await takeStorageSnapshots(deps, runId, plan, group, signal);
      for (const volume of group.volumes) {
        const { relation } = volume;
        if (!relation) throw new Error('a volume without relation');
        const step = { runId, groupId: group.id, plan, volume, relation, storageSnapshotName };
        await transferToSecondary(deps, { ...step, onBytes: () => undefined }, signal);
        await rotateChains(deps, runId, plan, volume, relation, async () => undefined);
      }
    }
    await deps.store.runs.end(runId, 'success', isoTime(nowMs));
    return runId;
  };

  const summary = async () =>
    (await service.list())
      .map(
        ({ place, volumeName, jobId, owner, reasons }) =>
          `${place} ${volumeName} ${jobId} ${owner} ${reasons.join('+')}`,
      )
      .sort();

  beforeAll(async () => {
    databases = await openSimulatedStores(1);
  });
  afterAll(() => databases?.close());
  beforeEach(async () => {
    const [first] = databases.stores;
    if (!first) throw new Error('no database');
    database = first;
    await database.empty();
    nowMs = systemClock.now();
    const randomness = new SeededRandomness(1);
    world = new FakeWorld({ randomness, faultRate: 0, now: () => nowMs });
    deps = { store: database.store, doors: world.doors(), clock, randomness };
    service = new ChainService(deps);
    await registerFakeWorld(deps.store);
    await deps.store.proxies.seen('p', isoTime(nowMs + 86_400_000));
  });

  it('say for each storage snapshot why it is kept; after their job was removed another one takes them over', async () => {
    const old = await addJob('old');
    for (let count = 0; count < 3; count++) await run(old);
    const kept = await summary();
    // The array holds what it sends the next difference from.
    expect(kept).toEqual(
      [
        'primary vol1 old this-job base+held',
        'primary vol2 old this-job base+held+needed-at/count',
        'primary vol2 old this-job needed-at/count',
        'secondary vol1 old this-job count',
        'secondary vol1 old this-job count+base+held',
        'secondary vol2 old this-job count+base+held+mirror',
        'secondary vol2 old this-job count+mirror',
        // The primary dropped it just now; the next transfer drops it here.
        'secondary vol2 old this-job mirror',
      ].sort(),
    );
    const foreign = (await service.show('old')).filter(({ owner }) => owner === 'foreign');
    expect(foreign.map(({ name }) => name)).toEqual(foreign.map(() => 'hourly.0'));
    expect(foreign.length).toBeGreaterThan(0);

    await deps.store.jobs.remove('old');
    const orphaned = await service.list();
    expect(orphaned).toHaveLength(kept.length);
    for (const { reasons } of orphaned) expect(reasons).toEqual(['no-job']);
    const next = await addJob('new', { secondaryKeep: 1 });
    // By themselves they are nobody's: another job's retention leaves them alone.
    await run(next);
    expect((await service.list()).filter(({ jobId }) => jobId === 'old').length).toBeGreaterThanOrEqual(4);
    const { storageSnapshots } = await service.adopt('new');
    expect(storageSnapshots.length).toBeGreaterThanOrEqual(2);
    expect((await service.list()).map(({ jobId }) => jobId)).toEqual((await service.list()).map(() => 'new'));
    expect(await service.adopt('new')).toEqual({ storageSnapshots: [] });
    await run(next);
    const left = (await service.list()).filter(
      ({ place, volumeName }) => place === 'secondary' && volumeName === 'vol1',
    );
    expect(left).toHaveLength(1);
  });

  it('what an array has with our mark and no journal knows is taken in again when the array is looked at', async () => {
    const job = await addJob('nightly');
    const runId = await run(job);
    const lost = `leeward_nightly_${runId}_g9`;
    const comment = ownershipComment(deps.store.installationId, runId);
    world.secondary.volume('vol1').create(lost, comment);
    const unknown = `leeward_nightly_run0_g1`;
    world.secondary.volume('vol1').create(unknown, ownershipComment(deps.store.installationId, 'run0'));
    await adoptOnArray(deps, 'secondary');
    await adoptOnArray(deps, 'secondary');
    const links = (await service.list()).filter(
      ({ volumeName, place }) => volumeName === 'vol1' && place === 'secondary',
    );
    expect(links.map(({ name, role }) => [name, role])).toContainEqual([lost, 'long-term']);
    // Of a run that nobody remembers it cannot be told whose it was.
    expect(links.map(({ name }) => name)).not.toContain(unknown);
    const events = await deps.store.runLog.events(runId);
    expect(events.map(({ report }) => report.code)).toEqual(['L-RUN-140']);
    expect((await service.adopt('nightly')).storageSnapshots).toEqual([unknown]);
  });

  it('made by hand on every volume, kept by every run, deleted by hand only', async () => {
    const job = await addJob('nightly', { secondaryKeep: 1 });
    await run(job);
    const made = await service.create('nightly');
    expect(made.volumes.map(({ volumeName }) => volumeName).sort()).toEqual(['vol1', 'vol2']);
    for (let count = 0; count < 3; count++) await run(job);
    const byHand = async () => (await service.list()).filter(({ owner }) => owner === 'by-hand');
    expect((await byHand()).filter(({ place }) => place === 'primary').map(({ name }) => name)).toEqual([
      made.name,
      made.name,
    ]);
    expect((await service.delete('nightly', { name: made.name })).map(({ place }) => place)).toEqual([
      'primary',
      'primary',
    ]);
    await run(job);
    expect(await byHand()).toEqual([]);
    for (const name of [made.name, 'hourly.0'])
      await expect(service.delete('nightly', { name, force: true })).rejects.toMatchObject({
        code: 'L-RUN-144',
      });
  });

  it('an array that does not answer decides nothing, and is not an empty one', async () => {
    const job = await addJob('nightly');
    await run(job);
    const before = await service.list();
    const failing: BackupDeps = {
      ...deps,
      doors: {
        ...deps.doors,
        array: (id) => (id === 'secondary' ? Promise.reject(new Error('silent')) : deps.doors.array(id)),
      },
    };
    const links = await new ChainService(failing).list();
    expect(links.map(({ name, place }) => `${place} ${name}`).sort()).toEqual(
      before.map(({ name, place }) => `${place} ${name}`).sort(),
    );
    for (const { place, state, reasons } of links)
      if (place === 'secondary') expect([state, reasons]).toEqual(['unknown', ['unlisted']]);
      else expect(reasons).toContain('copy-unknown');
  });
});
