import { dataPortBytesRead } from '@leeward/lab';
import type { VcenterConfigInput } from '@leeward/lab/vcenter/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBlockSite } from './support/block-site.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, compareRestores, runAndWait } from './support/runs.ts';
import type { Site } from './support/site.ts';

const vms = {
  nfs: ['chain-nfs'],
  iscsi: ['chain-vmfs5', 'chain-vmfs6', 'nfs-and-vmfs', 'two-extents', 'two-vmfs'],
};

/** CBT was on before the VMware snapshots were made: with them it cannot be switched on. */
function trackingChains(config: VcenterConfigInput): VcenterConfigInput {
  return {
    ...config,
    vms: config.vms.map((vm) => ({ ...vm, changeTracking: vm.snapshots !== undefined })),
  };
}

describe('what is awkward about block storage', () => {
  let site: Site;
  let before: Before;
  let job: { id: string };

  beforeAll(async () => {
    site = await startBlockSite({ size: 0.05, scenario: 'spread', vcenter: trackingChains });
    job = await site.register();
    before = await lookAround(site);
  });
  afterAll(() => site?.stop());

  it.each(['full', 'incremental'])(
    'is backed up %s, byte for byte, over the secondaries',
    async (kind) => {
      const view = await runAndWait(site, job);
      // Its two volumes are in no consistency group of the clusters.
      expect(codesOf(view)).toEqual(['nfs-and-vmfs L-RUN-112']);
      const kinds = view.vms.map(({ name, facts }) => [name, facts.transport, facts.kind, facts.source]);
      expect(kinds.toSorted()).toEqual(
        [
          ...vms.nfs.map((name) => [name, 'nfs', kind, 'secondary']),
          ...vms.iscsi.map((name) => [name, 'iscsi', kind, 'secondary']),
        ].toSorted(),
      );
      expect(view.openObjects).toEqual([]);
      expect(await leftovers(site, before)).toEqual([]);
      expect(await compareRestores(site, view)).toEqual({ compared: 8, differing: [] });
      for (const array of site.lab.arrays.filter(({ role }) => role === 'primary'))
        expect(await dataPortBytesRead(array)).toBe(0);
    },
    180_000,
  );
});
