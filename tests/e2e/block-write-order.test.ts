import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administratorOf } from './support/administrator.ts';
import { startBlockSite } from './support/block-site.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { restoreRecords } from './support/restored-disks.ts';
import { codesOf, runAndWait } from './support/runs.ts';
import type { Site } from './support/site.ts';

/** The volumes of the clusters are in no consistency group at first; those of the groups are in one collection. */
const apart = ['nfs-and-vmfs L-RUN-112'];
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
      expect(restored.newest).toBeGreaterThan(newest.get(vm.name) ?? 100);
      newest.set(vm.name, restored.newest ?? 0);
    }
  };

  it(
    'holds in full points, also where the array froze the volumes one after the other, which is told',
    () => holds('full', apart),
    180_000,
  );

  it(
    'holds in incremental points, with more records than the one before',
    () => holds('incremental', apart),
    180_000,
  );

  it('holds when a consistency group freezes the volumes of the clusters together', async () => {
    const administrator = await administratorOf(site, 'ontap-a');
    await administrator.change('POST', '/application/consistency-groups', {
      name: 'vm_volumes',
      svm: { name: 'svm1' },
      volumes: ['vm_ds1', 'vm_lun2'].map((name) => ({ name, provisioning_options: { action: 'add' } })),
    });
    await administrator.close();
    await holds('incremental', []);
  }, 180_000);
});
