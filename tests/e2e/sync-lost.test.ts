import type { Job } from '@leeward/core';
import type { Datacentre } from '@leeward/lab/scenario/datacentre';
import type { RunView } from '@leeward/server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, compareRestores, ended, show, startRun } from './support/runs.ts';
import type { Site } from './support/site.ts';
import {
  bytesReadBySide,
  groupDoor,
  inTheMiddleOfReading,
  ownStorageSnapshots,
  setSecondary,
  setSyncLink,
  startSyncSite,
} from './support/sync-site.ts';
import { until } from './support/until.ts';

const vm = 'app-01';
const mebibyte = 1024 * 1024;

/** Something to be interrupted in the middle: the first disk of each VM but `app-01` takes seconds to read. */
function withLargeDisks(centre: Datacentre): Datacentre {
  const large = { sizeBytes: 512 * mebibyte, fill: { seed: 7, ratio: 0.5 } };
  return {
    ...centre,
    vcenter: (running) => {
      const config = centre.vcenter(running);
      const vms = config.vms.map((each) =>
        each.name === vm
          ? each
          : {
              ...each,
              disks: each.disks?.map((disk, at) => (at === 0 ? { ...disk, ...large } : disk)),
            },
      );
      return { ...config, vms };
    },
  };
}

describe('the secondary of a synchronous relation that is not there (R2)', () => {
  let site: Site;
  let before: Before;
  let jobs = 0;

  beforeAll(async () => {
    site = await startSyncSite({ size: 0.05, change: withLargeDisks });
    await site.register();
    before = await lookAround(site);
  }, 180_000);
  afterAll(() => site?.stop());

  async function start(changes: Partial<Job>): Promise<string> {
    const name = `sync-${++jobs}`;
    const body = { name, vms: [vm], repository: 'backups', settlePauseMs: 0, ...changes };
    return startRun(site, await site.api.post<Job>('/jobs', body));
  }

  async function run(changes: Partial<Job>): Promise<RunView> {
    return ended(site, await start(changes));
  }

  /** Nothing of the run is left, at once or as soon as the janitor could reach both sides. */
  async function isClean({ run: { id } }: RunView): Promise<void> {
    if ((await show(site, id)).openObjects.length > 0) await site.api.post('/orphans/clean');
    await until('nothing to be left', async () => {
      const { openObjects } = await show(site, id);
      return openObjects.length === 0 && (await leftovers(site, before)).length === 0;
    });
    expect(await ownStorageSnapshots(site)).toEqual([]);
  }

  async function isExact(view: RunView): Promise<void> {
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
  }

  const problemOf = (view: RunView) => view.vms[0]?.problem;

  describe('at the start of the run', () => {
    beforeEach(() => setSyncLink(site, false));
    afterEach(() => setSyncLink(site, true));

    it('fails the VM, and touches nothing', async () => {
      const view = await run({});
      expect([view.run.state, codesOf(view)]).toEqual(['failed', ['run L-RUN-106', `${vm} L-PLN-160`]]);
      expect(view.steps.map(({ name }) => name)).not.toContain('vmware-snap');
      await isClean(view);
    }, 120_000);

    it('has it read from a storage snapshot of the primary alone, with failover to primary', async () => {
      const earlier = await bytesReadBySide(site);
      const view = await run({ failoverToPrimary: true });
      expect([view.run.state, codesOf(view)]).toEqual(['success', [`${vm} L-SRC-101`]]);
      expect(view.vms[0]?.facts).toMatchObject({ source: 'primary', transport: 'iscsi' });
      const later = await bytesReadBySide(site);
      expect(later.secondary).toBe(earlier.secondary);
      expect(later.primary).toBeGreaterThan(earlier.primary);
      await isClean(view);
      await isExact(view);
    }, 120_000);

    it('has it read the standard way where only that is allowed', async () => {
      const view = await run({ failoverToStandard: true });
      expect([view.run.state, codesOf(view)]).toEqual(['success', [`${vm} L-SRC-105`]]);
      await isClean(view);
      await isExact(view);
    }, 120_000);

    it('is no matter of finishing on the primary', async () => {
      const view = await run({ finishOnPrimary: true });
      expect(problemOf(view)?.code).toBe('L-PLN-160');
      await isClean(view);
    }, 120_000);
  });

  describe('between the storage snapshots', () => {
    /** The other side is lost in the middle of the call that makes both halves. */
    const tear = () =>
      groupDoor(site).post('/faults', {
        ...{ at: 'step', step: 'sync.snapshot', times: 1, action: { kind: 'refuse' } },
      });
    afterEach(async () => {
      await groupDoor(site).delete('/faults');
      await setSyncLink(site, true);
    });

    it.each([{ failoverToPrimary: true }, { failoverToPrimary: true, finishOnPrimary: true }])(
      'fails the VM whatever the job allows, as there is no coordinated storage snapshot: %o',
      async (changes) => {
        await tear();
        const view = await run(changes);
        expect([view.run.state, problemOf(view)?.code]).toEqual(['failed', 'L-SRC-118']);
        expect(problemOf(view)?.what).toContain('exists on one side only');
        await isClean(view);
      },
      120_000,
    );
  });

  describe('when the storage snapshot is to be shown', () => {
    const refuseClone = () =>
      groupDoor(site).post('/faults', {
        ...{ at: 'rest', method: 'POST', path: '*/volumes', times: 1 },
        action: { kind: 'refuse', status: 409, code: 'SM_limit_vol', message: 'no more volumes' },
      });
    afterEach(() => groupDoor(site).delete('/faults'));

    it('fails the VM although failover to primary is allowed', async () => {
      await refuseClone();
      const view = await run({ failoverToPrimary: true });
      expect([view.run.state, problemOf(view)?.code]).toEqual(['failed', 'L-SRC-118']);
      await isClean(view);
    }, 120_000);

    it('goes on from the primary half where the job says so', async () => {
      await refuseClone();
      const view = await run({ finishOnPrimary: true });
      expect([view.run.state, codesOf(view)]).toEqual(['success', [`${vm} L-SRC-119`]]);
      expect(view.vms[0]?.facts.source).toBe('primary');
      await isClean(view);
      await isExact(view);
    }, 120_000);
  });

  describe('in the middle of reading', () => {
    const middle = { quickReads: 400, bytesRead: 64 * mebibyte };
    const lost = (changes: Partial<Job>) =>
      inTheMiddleOfReading(
        site,
        middle,
        () => start(changes),
        () => setSecondary(site, false),
      );
    afterEach(() => setSecondary(site, true));

    it('fails the VM although failover to primary is allowed', async () => {
      const view = await ended(site, await lost({ vms: ['web-01'], failoverToPrimary: true }), 500_000);
      expect([view.run.state, problemOf(view)?.code]).toEqual(['failed', 'L-SRC-118']);
      await setSecondary(site, true);
      await isClean(view);
    }, 600_000);

    it('has it finished from the primary half where the job says so, at the first block that was not read yet', async () => {
      const earlier = await bytesReadBySide(site);
      const view = await ended(site, await lost({ vms: ['db-01'], finishOnPrimary: true }), 500_000);
      expect([view.run.state, codesOf(view)]).toEqual([
        'success',
        expect.arrayContaining(['db-01 L-SRC-119', 'run L-RUN-107']),
      ]);
      const { facts } = view.vms[0] ?? {};
      expect(facts).toMatchObject({ source: 'primary', kind: 'full' });
      expect(facts?.resumedBytes).toBeGreaterThan(0);
      const onPrimary = (await bytesReadBySide(site)).primary - earlier.primary;
      expect(onPrimary).toBeGreaterThan(0);
      expect(onPrimary).toBeLessThan(facts?.bytes?.provisioned ?? 0);
      await setSecondary(site, true);
      await isClean(view);
      expect(await compareRestores(site, view)).toEqual({ compared: 2, differing: [] });
    }, 600_000);
  });
});
