import type { Plan } from '@leeward/core';
import type { Point } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { administratorOf } from './support/administrator.ts';
import { doorTo, startBlockSite } from './support/block-site.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { restoreRecords } from './support/restored-disks.ts';
import { codesOf, runAndWait } from './support/runs.ts';
import type { Site } from './support/site.ts';

/** The volumes of the clusters are in no consistency group at first; those of the groups are in one collection. */
const apart = ['nfs-and-vmfs L-RUN-112'];
const names = ['nfs-and-vmfs', 'two-vmfs'];

const stateSchema = z.object({
  consistencyGroups: z.array(
    z.object({ snapshots: z.array(z.object({ name: z.string(), volumes: z.array(z.string()) })) }),
  ),
});

/**
 * Guests write numbered records, each to the next disk of their VM: one VM has its disks on NFS and on VMFS of the
 * clusters, the other on two VMFS datastores of the groups.
 */
describe('write order over the disks of a VM on two volumes', () => {
  let site: Site;
  let before: Before;
  let job: { id: string };
  const newest = new Map<string, number>();

  beforeAll(async () => {
    site = await startBlockSite({
      size: 0.05,
      scenario: 'spread',
      vcenter: (config) => ({
        ...config,
        vms: config.vms
          .filter(({ name }) => names.includes(name))
          .map((vm) => ({ ...vm, guest: { seed: 7, bytesPerSecond: 512 * 1024, pattern: 'records' } })),
      }),
    });
    job = await site.register();
    before = await lookAround(site);
  });
  afterAll(() => site?.stop());

  const holds = async (kind: string, codes: readonly string[]) => {
    const view = await runAndWait(site, job);
    expect(codesOf(view)).toEqual(codes);
    expect(view.vms.map(({ name, facts }) => [name, facts.kind, facts.source]).toSorted()).toEqual(
      names.map((name) => [name, kind, 'secondary']),
    );
    expect(await leftovers(site, before)).toEqual([]);
    for (const vm of view.vms) {
      const restored = await restoreRecords(site, vm);
      expect(restored).toMatchObject({ differing: [], compared: 2 });
      expect(restored.skew).toEqual(vm.facts.skew);
      const { facts } = await site.api.get<Point>(`/points/${vm.facts.pointId}`);
      expect(facts.skew).toEqual(vm.facts.skew);
      const isApart = codes.some((code) => code.startsWith(`${vm.name} `));
      expect(vm.facts.skew?.instants).toBe(isApart ? 2 : 1);
      if (!isApart) expect(vm.facts.skew).toEqual({ instants: 1, atLeastMs: 0, atMostMs: 0 });
      else expect(vm.facts.skew?.atMostMs).toBeGreaterThan(0);
      expect(restored.newest).toBeGreaterThan(newest.get(vm.name) ?? 100);
      newest.set(vm.name, restored.newest ?? 0);
    }
    return view.run.id;
  };

  it(
    'holds in full points, also where the array froze the volumes one after the other, which is told',
    async () => void (await holds('full', apart)),
    180_000,
  );

  it(
    'holds in incremental points, with more records than the one before',
    async () => void (await holds('incremental', apart)),
    180_000,
  );

  it('holds when a consistency group freezes the volumes of the clusters together', async () => {
    const administrator = await administratorOf(site, 'ontap-a');
    await administrator.change('POST', '/storage/volumes?return_timeout=15', {
      ...{ name: 'vm_other', svm: { name: 'svm1' }, aggregates: [{ name: 'aggr1' }], size: 64 * 1024 * 1024 },
    });
    await administrator.change('POST', '/application/consistency-groups', {
      name: 'vm_volumes',
      svm: { name: 'svm1' },
      // The last one holds nothing of the job: it is frozen with the others, and loses that again.
      volumes: ['vm_ds1', 'vm_lun2', 'vm_other'].map((name) => ({
        name,
        provisioning_options: { action: 'add' },
      })),
    });
    await administrator.close();
    const plan = await site.api.post<Plan>(`/jobs/${job.id}/plan`);
    const [unread] = plan.groups.flatMap(({ volumes }) =>
      volumes.filter(({ protocols }) => protocols.length === 0),
    );
    expect(unread).toMatchObject({ volumeName: 'vm_other' });
    expect(unread?.relation).toBeUndefined();
    const runId = await holds('incremental', []);
    // One storage snapshot of the group, by the cluster's own record, and no other way in which both were frozen.
    const state = stateSchema.parse(await doorTo(site, 'ontap-a').get('/state'));
    const [group] = state.consistencyGroups;
    expect(group?.snapshots.map(({ volumes }) => volumes.toSorted())).toEqual([['vm_ds1', 'vm_lun2']]);
    const [made] = group?.snapshots ?? [];
    expect(made?.name).toContain(runId);
  }, 180_000);
});
