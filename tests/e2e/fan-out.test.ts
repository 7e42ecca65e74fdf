import type { Job, Plan, VmPlan } from '@leeward/core';
import { systemClock } from '@leeward/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Administrator, administratorOf } from './support/administrator.ts';
import { compareRestores, runAndWait } from './support/runs.ts';
import { Site } from './support/site.ts';
import type { ArrayConfig } from './support/test-lab.ts';
import { until } from './support/until.ts';

/** Besides the vault that the volume has already. */
const others = {
  fan_vault: 'XDPDefault',
  fan_mirror: 'MirrorAllSnapshots',
  fan_both: 'MirrorAndVault',
} as const;
const all = ['vm_ds1', ...Object.keys(others)];

const stateSchema = z.object({
  volumes: z.array(z.object({ name: z.string(), snapshots: z.array(z.object({ name: z.string() })) })),
  relations: z.array(
    z.object({
      uuid: z.string(),
      destination: z.string(),
      transfer: z.object({ state: z.string() }).nullish(),
    }),
  ),
});

describe('a volume with four relations', () => {
  let site: Site;
  let admin: Administrator;

  beforeAll(async () => {
    const secondary = (config: ArrayConfig): ArrayConfig => ({
      ...config,
      svms: config.svms.map((svm) => ({
        ...svm,
        volumes: [
          ...(svm.volumes ?? []),
          ...Object.keys(others).map((name) => ({
            ...{ name, type: 'dp' as const, sizeBytes: svm.volumes?.[0]?.sizeBytes ?? 0 },
          })),
        ],
      })),
      relations: [
        ...(config.relations ?? []),
        ...Object.entries(others).map(([name, policy]) => ({
          ...{ source: 'svm1_prod:vm_ds1', destination: `svm1:${name}`, policy },
        })),
      ],
    });
    site = await Site.start({ size: 0.02, secondary });
    await site.register();
    admin = await administratorOf(site, 'ontap-b');
  }, 240_000);
  afterAll(async () => {
    await admin?.close();
    await site?.stop();
  });

  const jobOf = (name: string, changes: object) =>
    site.api.post<Job>('/jobs', { name, vms: ['web-01'], repository: 'backups', ...changes });
  const chosenBy = async (job: Pick<Job, 'id'>) => {
    const { groups } = await site.api.post<Plan>(`/jobs/${job.id}/plan`);
    return groups.flatMap(({ volumes }) => volumes).map(({ relation }) => relation?.volumeName);
  };
  const stateOf = async (role: 'primary' | 'secondary') =>
    stateSchema.parse(await site.lab.doors[role].get('/state'));
  /** Storage snapshots of Leeward on a volume, by the array's own record. */
  const oursOn = async (role: 'primary' | 'secondary', volume: string) => {
    const { volumes } = await stateOf(role);
    const { snapshots = [] } = volumes.find(({ name }) => name === volume) ?? {};
    return snapshots.map(({ name }) => name).filter((name) => name.startsWith('leeward_'));
  };
  const relationTo = async (volume: string) => {
    const { relations } = await stateOf('secondary');
    const found = relations.find(({ destination }) => destination === `svm1:${volume}`);
    if (!found) throw new Error(`no relation to ${volume}`);
    return found;
  };
  /** As the schedule of a relation does it. */
  const update = async (volume: string) => {
    const { uuid } = await relationTo(volume);
    await admin.change('POST', `/snapmirror/relationships/${uuid}/transfers`, {});
    await until(`the update of ${volume}`, async () => {
      return (await relationTo(volume)).transfer?.state === 'success';
    });
  };

  it('shows all four, takes the named one, and says of the others why not', async () => {
    const job = await jobOf('named', { relation: 'ontap-b/fan_both' });
    const vm = await site.api.post<VmPlan>(`/jobs/${job.id}/explain`, { vm: 'web-01' });
    const disk = vm.consideredFiles.find(({ key }) => key !== undefined);
    const relations = disk?.volumes.flatMap((volume) => volume.relations) ?? [];
    expect(relations.map(({ volumeName, verdict, reason }) => [volumeName, verdict, reason?.code])).toEqual([
      ['fan_both', 'chosen', undefined],
      ...['fan_mirror', 'fan_vault', 'vm_ds1'].map((name) => [name, 'not', 'L-PLN-141']),
    ]);
  });

  it('nothing piles up on the relations that are not chosen, however often they are updated', async () => {
    const job = await jobOf('fan', { relation: 'ontap-b/fan_both', secondaryKeep: 2 });
    for (let round = 0; round < 4; round++) {
      const view = await runAndWait(site, job);
      expect(view.run.state).toBe('success');
      expect(view.vms.map(({ facts }) => [facts.source, facts.kind])).toEqual([
        ['secondary', round === 0 ? 'full' : 'incremental'],
      ]);
      for (const volume of all.filter((each) => each !== 'fan_both')) await update(volume);
      if (round === 3) expect(await compareRestores(site, view)).toMatchObject({ differing: [] });
    }
    const base = await oursOn('primary', 'vm_ds1');
    expect(base.length).toBe(1);
    expect((await oursOn('secondary', 'fan_both')).length).toBe(2);
    // Vaults take what has a label of theirs: ours has none. The mirror has what the primary has, and no more.
    expect(await oursOn('secondary', 'vm_ds1')).toEqual([]);
    expect(await oursOn('secondary', 'fan_vault')).toEqual([]);
    expect(await oursOn('secondary', 'fan_mirror')).toEqual(base);
  });

  it('by rule: what was updated last, what is preferred, and never one that cannot be used', async () => {
    const job = await jobOf('by-rule', { relationRule: 'least-lag' });
    // These two bring a state of their own; a vault stays behind when nothing has its label.
    for (const volume of ['fan_both', 'fan_mirror']) {
      // Arrays tell the lag in whole seconds.
      await systemClock.sleep(2_100);
      await update(volume);
      expect(await chosenBy(job)).toEqual([volume]);
    }
    const { uuid } = await relationTo('fan_mirror');
    await admin.change('PATCH', `/snapmirror/relationships/${uuid}`, { state: 'paused' });
    expect(await chosenBy(job)).toEqual(['fan_both']);
    await site.api.patch(`/jobs/${job.id}`, { relationRule: 'healthiest', preferredArrays: ['ontap-b'] });
    expect(await chosenBy(job)).not.toEqual(['fan_mirror']);
    await admin.change('PATCH', `/snapmirror/relationships/${uuid}`, { state: 'snapmirrored' });
  });

  it('a job that goes over to another relation leaves one base of each, and keeps its points', async () => {
    const job = await jobOf('changing', { relation: 'ontap-b/fan_vault', secondaryKeep: 1 });
    const before = (await oursOn('primary', 'vm_ds1')).length;
    for (const volume of ['fan_vault', 'vm_ds1', 'fan_vault', 'vm_ds1']) {
      await site.api.patch(`/jobs/${job.id}`, { relation: `ontap-b/${volume}` });
      const view = await runAndWait(site, job);
      expect(view.run.state).toBe('success');
      expect((await oursOn('secondary', volume)).length).toBe(1);
    }
    expect((await oursOn('primary', 'vm_ds1')).length).toBe(before + 2);
  });
});
