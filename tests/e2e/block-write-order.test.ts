import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBlockSite } from './support/block-site.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { restoreRecords } from './support/restored-disks.ts';
import { codesOf, runAndWait } from './support/runs.ts';
import type { Site } from './support/site.ts';

const names = ['nfs-and-vmfs', 'two-vmfs'];

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

  it.each(['full', 'incremental', 'incremental'])(
    'holds in a point made %s, with more than the one before',
    async (kind) => {
      const view = await runAndWait(site, job);
      expect(codesOf(view)).toEqual([]);
      expect(view.vms.map(({ name, facts }) => [name, facts.kind, facts.source]).toSorted()).toEqual(
        names.map((name) => [name, kind, 'secondary']),
      );
      expect(await leftovers(site, before)).toEqual([]);
      for (const vm of view.vms) {
        const restored = await restoreRecords(site, vm);
        expect(restored).toMatchObject({ differing: [], compared: 2 });
        expect(restored.newest).toBeGreaterThan(newest.get(vm.name) ?? 100);
        newest.set(vm.name, restored.newest ?? 0);
      }
    },
    180_000,
  );
});
