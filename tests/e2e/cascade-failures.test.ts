import type { Job } from '@leeward/core';
import { ControlClient, contentsOf } from '@leeward/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCascadeSite } from './support/cascade-site.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, ended, runAndWait, show, startRun } from './support/runs.ts';
import type { Site } from './support/site.ts';

/** Each on a cascade of its own: the middle is a mirror for one and a vault for the other. */
const vms = { 'p-m-v': 'vm_ds2', 'p-v-v-v': 'vm_ds4' } as const;

interface Row {
  readonly what: string;
  /** What is done to the cluster that a hop writes to. */
  readonly hop: 1 | 2;
  plant(door: ControlClient): Promise<unknown>;
  readonly job?: object;
  /** The code that the VMs fail with where no failover is allowed. */
  readonly alone: string;
  /** The reason that the downgrade gives, as a part of its text. */
  readonly because: RegExp;
}

const refuse = { kind: 'refuse', status: 400, code: 13_303_812, message: 'The lab refuses it.' };
const transfers = { at: 'rest', method: 'POST', path: '*/snapmirror/relationships/*/transfers*' };
const step = { at: 'step', step: 'snapmirror.transfer' };
const everyVolume = (act: (volume: string) => Promise<unknown>) => Promise.all(Object.values(vms).map(act));

const causes: readonly Omit<Row, 'hop'>[] = [
  {
    what: 'refuses the transfer',
    plant: (door) => door.post('/faults', { ...transfers, action: refuse, times: 100 }),
    ...{ alone: 'L-ARR-202', because: /The lab refuses it/ },
  },
  {
    what: 'breaks the transfer off half-way',
    plant: (door) =>
      everyVolume((volume) =>
        door.post('/faults', { ...step, path: `svm1:${volume}`, action: { kind: 'fail', atPercent: 50 } }),
      ),
    ...{ alone: 'L-RUN-109', because: /did not (reach|arrive)|ended as failed/ },
  },
  {
    what: 'takes longer for the transfer than the job allows',
    plant: (door) =>
      everyVolume((volume) =>
        door.post('/faults', { ...step, path: `svm1:${volume}`, action: { kind: 'hang', atPercent: 50 } }),
      ),
    job: { transferTimeoutMs: 2_000 },
    ...{ alone: 'L-RUN-101', because: /transfer of leeward_/ },
  },
  {
    what: 'has its relations paused',
    plant: (door) =>
      everyVolume((volume) =>
        door.post('/actions', {
          ...{ action: 'setRelationState', volume: `svm1:${volume}`, state: 'paused' },
        }),
      ),
    ...{ alone: 'L-PLN-105', because: /paused/ },
  },
  {
    what: 'does not answer',
    plant: (door) => door.post('/settings', { reachable: false }),
    ...{ alone: 'L-PLN-108', because: /./ },
  },
];
const rows: readonly Row[] = causes.flatMap((cause) => [
  { ...cause, hop: 1 as const },
  { ...cause, hop: 2 as const },
]);

describe('a hop of a cascade that fails', () => {
  let site: Site;
  let before: Before;
  let job: Job;

  beforeAll(async () => {
    site = await startCascadeSite(0.02);
    await site.register();
    before = await lookAround(site);
    job = await site.api.post<Job>('/jobs', {
      ...{ name: 'far', vms: Object.keys(vms), repository: 'backups', relation: 'ontap-c' },
      ...{ secondaryKeep: 2, settlePauseMs: 0 },
    });
    expect((await runAndWait(site, job)).run.state).toBe('success');
  }, 240_000);
  afterAll(() => site?.stop());

  const doorOf = (hop: 1 | 2) => {
    const array = site.lab.arrays[hop];
    if (!array) throw new Error(`no cluster behind hop ${hop}`);
    return new ControlClient(array.control);
  };
  const write = () =>
    Promise.all(
      Object.keys(vms).map((vm) =>
        site.lab.doors.vcenter.post(`/vms/${vm}/write`, {
          ...{ disk: 2000, offsetBytes: 2 ** 20, lengthBytes: 2 ** 20, seed: Math.trunc(performance.now()) },
        }),
      ),
    );
  const heal = async (hop: 1 | 2) => {
    const door = doorOf(hop);
    await door.delete('/faults');
    await door.post('/settings', { reachable: true });
    for (const volume of Object.values(vms)) {
      const of = `svm1:${volume}`;
      await door.post('/actions', { action: 'setRelationState', volume: of, state: 'snapmirrored' });
      await door.post('/actions', { action: 'setUnhealthy', volume: of, code: '', message: '' });
    }
  };
  const clean = async (runId: string) => {
    if ((await show(site, runId)).openObjects.length > 0) await site.api.post('/orphans/clean');
    expect((await show(site, runId)).openObjects).toEqual([]);
  };
  /** How many storage snapshots of ours each cluster has on the volumes of the VMs. */
  const counts = async () =>
    Promise.all(
      site.lab.arrays.map(async (array) => {
        const { storageSnapshots } = await contentsOf(array);
        return storageSnapshots.filter((path) => /:leeward_far/.test(path)).length;
      }),
    );

  const run = async ({ hop, plant, job: settings = {} }: Row, switches: object) => {
    const regular = { transferTimeoutMs: 600_000, failoverToPrimary: false, failOnDowngrade: false };
    await site.api.patch(`/jobs/${job.id}`, { ...regular, ...settings, ...switches });
    await write();
    await plant(doorOf(hop));
    try {
      return await ended(site, await startRun(site, job), 240_000);
    } finally {
      await heal(hop);
    }
  };

  it.each(rows)(
    'hop $hop $what: the VMs fail, or are read on the primary where that is allowed',
    async (row) => {
      const alone = await run(row, {});
      expect(alone.vms.map(({ problem }) => problem?.code)).toEqual([row.alone, row.alone]);
      await clean(alone.run.id);
      expect(await leftovers(site, before)).toEqual([]);

      const turned = await run(row, { failoverToPrimary: true });
      expect(turned.vms.map(({ facts }) => facts.source)).toEqual(['primary', 'primary']);
      const reasons = turned.events.filter(({ report }) => report.code === 'L-SRC-101');
      expect(reasons.length).toBe(2);
      for (const { report } of reasons) expect(report.details?.['reason']).toMatch(row.because);
      await clean(turned.run.id);
      expect(await leftovers(site, before)).toEqual([]);
    },
    300_000,
  );

  it('a job that takes a downgrade for a failure fails', async () => {
    const [refused] = rows;
    if (!refused) throw new Error('no rows');
    const view = await run({ ...refused, hop: 2 }, { failoverToPrimary: true, failOnDowngrade: true });
    expect(view.vms.map(({ problem }) => problem?.code)).toEqual(['L-SRC-103', 'L-SRC-103']);
    await clean(view.run.id);
  });

  it('after all that a run goes its way, and there is no more of ours than ever', async () => {
    await site.api.patch(`/jobs/${job.id}`, { failoverToPrimary: false, failOnDowngrade: false });
    for (let round = 0; round < 2; round++) {
      const view = await runAndWait(site, job);
      expect(codesOf(view).filter((line) => line.includes('L-SRC'))).toEqual([]);
      expect(view.vms.map(({ facts }) => facts.source)).toEqual(['secondary', 'secondary']);
    }
    // On the primary a base each; in the middle the mirror still has one that went; at the end what the job keeps.
    expect(await counts()).toEqual([2, 3, 4, 0]);
    expect(await leftovers(site, before)).toEqual([]);
  });
});
