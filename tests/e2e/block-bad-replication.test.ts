import type { Plan } from '@leeward/core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Administrator, administratorOf } from './support/administrator.ts';
import { doorTo, startBlockSite } from './support/block-site.ts';
import { FailingRuns } from './support/failing-runs.ts';
import { lookAround } from './support/leftovers.ts';
import type { Site } from './support/site.ts';

const onClusters = ['Büro [alt] Server 01', 'web-01'] as const;
const onGroups = ['web-01', 'Büro [alt] Server 01'] as const;

describe('what a run gets from replication and licences that are not as they must be', () => {
  let site: Site;
  let runs: FailingRuns;
  let upstream: Administrator;

  beforeAll(async () => {
    site = await startBlockSite({
      size: 0.05,
      scenario: 'full',
      // One replica, and room for one volume more.
      array: (planned) =>
        planned.name === 'nimble-b'
          ? { ...planned, config: { ...planned.config, limits: { volumes: 2 } } }
          : planned,
    });
    await site.register();
    runs = new FailingRuns(site, await lookAround(site));
    upstream = await administratorOf(site, 'nimble-a');
  }, 180_000);
  afterAll(async () => {
    await upstream?.close();
    await site?.stop();
  });

  it('limit of volumes reached when the clone is to be made', async () => {
    const downstream = await administratorOf(site, 'nimble-b');
    await downstream.change('POST', '/volumes', { name: 'the-last-one', size: 1024 });
    onTestFinished(async () => {
      const path = `/volumes/${await downstream.idOf('volumes', 'the-last-one')}`;
      await downstream.change('PUT', path, { online: false });
      await downstream.change('DELETE', path);
      await downstream.close();
    });
    expect(await runs.failsAlone(onGroups)).toBe('L-ARR-606');
    expect(await runs.readsPrimary(onGroups)).toContain('limit');
  }, 120_000);

  it('limit of volumes reached when ONTAP is to make the clone', async () => {
    const settings = (body: object) => doorTo(site, 'ontap-b').post('/settings', body);
    await settings({ volumesPerSvm: 1 });
    onTestFinished(async () => {
      await settings({ volumesPerSvm: 12_000 });
    });
    expect(await runs.failsAlone(onClusters)).toBe('L-ARR-606');
    expect(await runs.readsPrimary(onClusters)).toContain('limit');
  }, 120_000);

  it('limit of LUN maps reached when ONTAP is to show the clone', async () => {
    const message = 'The maximum number of LUN maps on the node is reached.';
    const action = { kind: 'refuse', status: 500, code: 999_999, message };
    await doorTo(site, 'ontap-b').post('/faults', {
      ...{ at: 'rest', method: 'POST', path: '*/protocols/san/lun-maps*', action },
    });
    onTestFinished(async () => {
      await doorTo(site, 'ontap-b').delete('/faults');
    });
    expect(await runs.failsAlone(onClusters)).toBe('L-ARR-606');
    expect(await runs.readsPrimary(onClusters)).toContain('limit');
  }, 120_000);

  it.each(['flexclone', 'iscsi', 'snapmirror'])(
    'missing licence %s: the plan says it before the run',
    async (licence) => {
      const settings = (body: object) => doorTo(site, 'ontap-b').post('/settings', body);
      await settings({ removeLicenses: [licence] });
      onTestFinished(async () => {
        await settings({ addLicenses: [licence] });
      });
      const { id } = await runs.job(onClusters);
      const plan = await site.api.post<Plan>(`/jobs/${id}/plan`);
      const problems = plan.vms.map(({ name, problem }) => [name, problem?.code]);
      expect(Object.fromEntries(problems)).toEqual({
        [onClusters[0]]: 'L-PLN-107',
        [onClusters[1]]: undefined,
      });
      expect(plan.vms.find(({ problem }) => problem)?.problem?.what).toContain(`licence ${licence}`);
      expect(await runs.failsAlone(onClusters)).toBe('L-PLN-107');
      expect(await runs.readsPrimary(onClusters)).toContain(`licence ${licence}`);
    },
    120_000,
  );

  it('collection without a schedule that replicates', async () => {
    const schedule = await upstream.idOf('protection_schedules', 'daily');
    await upstream.change('DELETE', `/protection_schedules/${schedule}`);
    expect(await runs.failsAlone(onGroups)).toBe('L-ARR-603');
    expect(await runs.readsPrimary(onGroups)).toContain('schedule');
  }, 120_000);
});
