import type { Plan } from '@leeward/core';
import { ontapConfigSchema } from '@leeward/lab/ontap/config';
import type { PlannedArray } from '@leeward/lab/scenario/datacentre';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startBlockSite } from './support/block-site.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, compareRestores, runAndWait } from './support/runs.ts';
import type { Site } from './support/site.ts';

/** Volumes of the pair of clusters by the policy of their relation; a pair of groups beside replicates by transfers. */
const policies: Readonly<Record<string, string>> = { vm_ds1: 'Sync', vm_lun2: 'StrictSync' };

const portsSchema = z.object({ ports: z.array(z.object({ bytesRead: z.number() })) });
const stateSchema = z.object({
  volumes: z.array(z.object({ name: z.string(), snapshots: z.array(z.object({ name: z.string() })) })),
});

/** The engine knows nothing of families: what holds for one synchronous array holds for two clusters. */
describe('VMs on SnapMirror Synchronous (R7)', () => {
  let site: Site;
  let before: Before;
  let job: { id: string };

  beforeAll(async () => {
    site = await startBlockSite({ size: 0.05, scenario: 'full', array: synchronous });
    job = await site.register();
    before = await lookAround(site);
  }, 180_000);
  afterAll(() => site?.stop());

  const bytesRead = async (side: 'primary' | 'secondary') =>
    portsSchema
      .parse(await site.lab.doors[side].get('/counters'))
      .ports.reduce((sum, port) => sum + port.bytesRead, 0);
  const own = async (side: 'primary' | 'secondary') =>
    stateSchema
      .parse(await site.lab.doors[side].get('/state'))
      .volumes.filter(({ name }) => name in policies)
      .flatMap(({ name, snapshots }) =>
        snapshots.filter((one) => one.name.startsWith('leeward')).map((one) => `${name} ${one.name}`),
      );

  it('the plan freezes both clusters and reads the one that the relation leads to', async () => {
    const plan = await site.api.post<Plan>(`/jobs/${job.id}/plan`);
    expect(plan.vms.map(({ problem }) => problem?.what)).toEqual([undefined, undefined, undefined]);
    const relations = plan.groups
      .flatMap(({ volumes }) => volumes)
      .map(({ volumeName, relation }) => `${volumeName} ${relation?.kind} ${relation?.arrayName}`);
    expect(relations.sort()).toEqual([
      expect.stringMatching(/^vm-ds3 transfer /),
      'vm_ds1 sync ontap-b',
      'vm_lun2 sync ontap-b',
    ]);
  });

  it.each(['full', 'incremental'])(
    'are backed up %s, byte for byte, from the secondary alone; nothing is left on either cluster',
    async (kind) => {
      const earlier = { primary: await bytesRead('primary'), secondary: await bytesRead('secondary') };
      const view = await runAndWait(site, job);
      expect([view.run.state, codesOf(view)]).toEqual(['success', []]);
      expect(
        view.vms.map(({ facts }) => `${facts.kind} ${facts.source} ${facts.relation?.kind}`).sort(),
      ).toEqual([`${kind} secondary sync`, `${kind} secondary sync`, `${kind} secondary transfer`]);
      expect([await own('primary'), await own('secondary')]).toEqual([[], []]);
      expect(view.openObjects).toEqual([]);
      expect(await leftovers(site, before)).toEqual([]);
      expect((await compareRestores(site, view)).differing).toEqual([]);
      expect(await bytesRead('primary')).toBe(earlier.primary);
      expect(await bytesRead('secondary')).toBeGreaterThan(earlier.secondary);
    },
    180_000,
  );
});

function synchronous(planned: PlannedArray): PlannedArray {
  if (planned.name !== 'ontap-b') return planned;
  const { relations, ...config } = ontapConfigSchema.parse(planned.config);
  const changed = relations.map((relation) => ({
    ...relation,
    policy: policies[relation.source.split(':')[1] ?? ''] ?? relation.policy,
  }));
  const withSync = { ...config, relations: changed };
  return { ...planned, config: withSync };
}
