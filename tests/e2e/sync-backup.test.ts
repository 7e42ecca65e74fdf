import type { Job, Plan } from '@leeward/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Before, chainLinks, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, compareRestores, runAndWait } from './support/runs.ts';
import type { Site } from './support/site.ts';
import { bytesReadBySide, ownStorageSnapshots, startSyncSite } from './support/sync-site.ts';

describe('VMs on synchronously replicated volumes (R7)', () => {
  let site: Site;
  let before: Before;
  let job: { id: string };

  beforeAll(async () => {
    site = await startSyncSite({ size: 0.05 });
    job = await site.register();
    before = await lookAround(site);
  }, 180_000);
  afterAll(() => site?.stop());

  it('the plan says which side is the secondary, and that both are frozen', async () => {
    const plan = await site.api.post<Plan>(`/jobs/${job.id}/plan`);
    expect(plan.vms.map(({ source, problem }) => source ?? problem?.what)).toEqual([
      'secondary',
      'secondary',
      'secondary',
    ]);
    const relations = plan.groups.flatMap(({ volumes }) => volumes.map(({ relation }) => relation));
    expect(relations.map((relation) => relation?.kind)).toEqual(['sync', 'sync', 'sync']);
    expect(relations[0]?.sync?.secondarySide).toContain('metro-b');
    const made = plan.effects.filter(({ action }) => action === 'create').map(({ what }) => what);
    expect(made.filter((what) => what.includes('on both sides'))).toHaveLength(3);
  });

  it.each(['full', 'incremental'])(
    'are backed up %s, byte for byte, from the secondary alone; nothing is left on either side',
    async (kind) => {
      const earlier = await bytesReadBySide(site);
      const view = await runAndWait(site, job);
      expect([view.run.state, codesOf(view)]).toEqual(['success', []]);
      expect(view.vms.map(({ facts }) => [facts.kind, facts.source, facts.relation?.kind])).toEqual(
        Array.from({ length: 3 }, () => [kind, 'secondary', 'sync']),
      );
      expect(view.steps.map(({ name }) => name)).toContain('sync-look');
      expect(await ownStorageSnapshots(site)).toEqual([]);
      expect(view.openObjects).toEqual([]);
      expect(await leftovers(site, before)).toEqual([]);
      expect(await compareRestores(site, view)).toEqual({ compared: 4, differing: [] });
      const later = await bytesReadBySide(site);
      expect(later.primary).toBe(earlier.primary);
      expect(later.secondary).toBeGreaterThan(earlier.secondary);
    },
    180_000,
  );

  it('keep a coordinated chain: the same number on both sides, and the same ones', async () => {
    const body = { name: 'chained', vms: ['db-01'], repository: 'backups', settlePauseMs: 0, primaryKeep: 2 };
    const chained = await site.api.post<Job>('/jobs', body);
    for (let nth = 1; nth <= 3; nth++) {
      const view = await runAndWait(site, chained);
      expect([view.run.state, codesOf(view)]).toEqual(['success', []]);
      expect(view.openObjects).toEqual([]);
    }
    const kept = await ownStorageSnapshots(site);
    const sides = Map.groupBy(kept, (each) => each.slice(0, each.indexOf(' ')));
    const namesOn = (pool: string) =>
      sides
        .get(pool)
        ?.map((each) => each.slice(pool.length + 1))
        .toSorted();
    expect(namesOn('pool-b')).toEqual(namesOn('pool-a'));
    // Of the last two runs, for both volumes of the VM, which the array freezes together.
    expect(namesOn('pool-a')).toHaveLength(4);
    expect(await leftovers(site, before)).toEqual([]);
    expect(await chainLinks(site)).toHaveLength(8);
    await site.api.patch(`/jobs/${chained.id}`, { vms: ['db-01'], primaryKeep: 1 });
    await runAndWait(site, chained);
    expect(await ownStorageSnapshots(site)).toHaveLength(4);
  }, 240_000);
});
