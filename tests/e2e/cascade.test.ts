import type { Job, Plan, VmPlan } from '@leeward/core';
import { ControlClient, contentsOf, dataPortBytesRead } from '@leeward/lab';
import type { ChainLink, TopologyPath } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCascadeSite } from './support/cascade-site.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, compareRestores, runAndWait } from './support/runs.ts';
import type { Site } from './support/site.ts';

const secondaryKeep = 2;
const vms = ['p-m-m', 'p-m-v', 'p-v-m', 'p-v-v-v'];

describe('backups over cascades of real clusters', () => {
  let site: Site;
  let before: Before;
  let job: Job;

  beforeAll(async () => {
    site = await startCascadeSite(0.03);
    await site.register();
    before = await lookAround(site);
    const wanted = { name: 'far', vms, repository: 'backups', relation: 'ontap-c', secondaryKeep };
    job = await site.api.post<Job>('/jobs', { ...wanted, settlePauseMs: 0 });
  }, 240_000);
  afterAll(() => site?.stop());

  const bytesRead = async () =>
    Object.fromEntries(
      await Promise.all(
        site.lab.arrays.map(async (array) => [array.name, await dataPortBytesRead(array)] as const),
      ),
    );
  /** Storage snapshots of ours by the arrays' own record: how many on each volume, as `array:volume`. */
  const ours = async () => {
    const contents = await Promise.all(site.lab.arrays.map(contentsOf));
    const paths = contents.flatMap(({ array, storageSnapshots }) =>
      storageSnapshots.flatMap((path) => {
        const [, volume = '', name = ''] = path.split(':');
        return name.startsWith('leeward_') ? [`${array}:${volume}`] : [];
      }),
    );
    return Object.fromEntries([...Map.groupBy(paths, (path) => path)].map(([at, all]) => [at, all.length]));
  };

  it('topology, plan and explanation show every way with its hops', async () => {
    const topology = await site.api.get<TopologyPath[]>('/topology?vm=p-v-v-v');
    expect(
      topology.map(({ secondary, via = [] }) => [secondary?.array, via.map(({ array }) => array)]),
    ).toEqual([
      ['ontap-b', []],
      ['ontap-c', ['ontap-b']],
      ['ontap-d', ['ontap-b', 'ontap-c']],
    ]);
    const { groups } = await site.api.post<Plan>(`/jobs/${job.id}/plan`);
    for (const { relation } of groups.flatMap(({ volumes }) => volumes))
      expect([relation?.arrayName, relation?.via?.map(({ arrayName }) => arrayName)]).toEqual([
        'ontap-c',
        ['ontap-b'],
      ]);
    const vm = await site.api.post<VmPlan>(`/jobs/${job.id}/explain`, { vm: 'p-v-v-v' });
    const [disk] = vm.consideredFiles.filter(({ key }) => key !== undefined);
    const seen = disk?.volumes.flatMap(({ relations }) => relations) ?? [];
    expect(seen.map(({ arrayName, verdict, reason }) => [arrayName, verdict, reason?.code])).toEqual([
      ['ontap-c', 'chosen', undefined],
      ['ontap-b', 'not', 'L-PLN-141'],
      ['ontap-d', 'not', 'L-PLN-141'],
    ]);
  });

  it('five runs: read at the second hop only, byte for byte, and nothing piles up on any cluster', async () => {
    for (let round = 1; round <= 5; round++) {
      const view = await runAndWait(site, job);
      expect(codesOf(view)).toEqual(round === 1 ? expect.anything() : []);
      expect(view.run.state).toBe('success');
      expect(view.vms.map(({ facts }) => [facts.source, facts.kind])).toEqual(
        vms.map(() => ['secondary', round === 1 ? 'full' : 'incremental']),
      );
      expect(view.openObjects).toEqual([]);
      expect(await leftovers(site, before)).toEqual([]);
      if (round === 1 || round === 5)
        expect(await compareRestores(site, view)).toEqual({ compared: vms.length, differing: [] });
    }
    const read = await bytesRead();
    expect([read['ontap-a'], read['ontap-b'], read['ontap-d']]).toEqual([0, 0, 0]);
    expect(read['ontap-c']).toBeGreaterThan(0);
    const mirrored = secondaryKeep + 1;
    expect(await ours()).toEqual({
      ...{ 'ontap-a:vm_ds1': secondaryKeep, 'ontap-b:vm_ds1': mirrored, 'ontap-c:vm_ds1': mirrored },
      ...{ 'ontap-a:vm_ds2': 1, 'ontap-b:vm_ds2': 2, 'ontap-c:vm_ds2': secondaryKeep },
      ...{ 'ontap-a:vm_ds3': 1, 'ontap-b:vm_ds3': secondaryKeep, 'ontap-c:vm_ds3': mirrored },
      ...{ 'ontap-a:vm_ds4': 1, 'ontap-b:vm_ds4': 1, 'ontap-c:vm_ds4': secondaryKeep },
    });
  });

  it('chain show says of each storage snapshot in the middle whose it is and why it is kept', async () => {
    const links = await site.api.get<ChainLink[]>(`/jobs/${job.id}/chains`);
    const middle = links.filter(({ place, owner }) => place === 'middle' && owner === 'this-job');
    expect(middle.map(({ arrayName, hop, role }) => [arrayName, hop, role])).toEqual(
      middle.map(() => ['ontap-b', 1, 'auxiliary']),
    );
    const newest = middle.findLast(({ volumeName }) => volumeName === 'vm_ds4');
    expect(newest?.why).toContain('base of the next transfer from ontap-a/vm_ds4 to ontap-b/vm_ds4');
    expect(newest?.why).toContain('base of the next transfer from ontap-b/vm_ds4 to ontap-c/vm_ds4');
  });

  it('three hops', async () => {
    const wanted = { vms: ['p-v-v-v'], relation: 'ontap-d', secondaryKeep: 1 };
    const deep = await site.api.post<Job>('/jobs', { ...wanted, name: 'deep', repository: 'backups' });
    for (let round = 1; round <= 3; round++) expect((await runAndWait(site, deep)).run.state).toBe('success');
    const last = await runAndWait(site, deep);
    expect(await compareRestores(site, last)).toEqual({ compared: 1, differing: [] });
    const counts = await ours();
    expect(counts['ontap-d:vm_ds4']).toBe(1);
    // One base of each hop, beside those of the other job.
    expect(counts['ontap-a:vm_ds4']).toBe(2);
    expect(counts['ontap-b:vm_ds4']).toBe(2);
    expect(await leftovers(site, before)).toEqual([]);
    await site.api.delete(`/jobs/${deep.id}`);
  });

  it('a later hop that fails is a failed transfer: the job’s failover decides, and the next run mends it', async () => {
    const [third] = site.lab.arrays.filter(({ name }) => name === 'ontap-c');
    if (!third) throw new Error('no third cluster');
    const control = new ControlClient(third.control);
    await control.post('/settings', { removeLicenses: ['snapmirror'] });
    const refused = await runAndWait(site, job);
    expect([refused.run.state, ...refused.vms.map(({ state }) => state)]).toEqual([
      'failed',
      ...vms.map(() => 'failed'),
    ]);
    await site.api.patch(`/jobs/${job.id}`, { failoverToPrimary: true });
    for (let round = 0; round < 2; round++) {
      const turned = await runAndWait(site, job);
      expect(turned.vms.map(({ facts }) => facts.source)).toEqual(vms.map(() => 'primary'));
      expect(await leftovers(site, before)).toEqual([]);
    }
    // The base of each hop, and what the mirror in the middle needs of the next one.
    const stuck = await ours();
    expect([stuck['ontap-a:vm_ds4'], stuck['ontap-b:vm_ds4']]).toEqual([2, 3]);
    await control.post('/settings', { addLicenses: ['snapmirror'] });
    const mended = await runAndWait(site, job);
    expect(mended.vms.map(({ facts }) => [facts.source, facts.kind])).toEqual(
      vms.map(() => ['secondary', 'incremental']),
    );
    expect(await compareRestores(site, mended)).toEqual({ compared: vms.length, differing: [] });
    expect(await leftovers(site, before)).toEqual([]);
  });
});
