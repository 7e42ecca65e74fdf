import { addresses } from '@leeward/lab/scenario/addresses';
import { systemClock } from '@leeward/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doorTo, startBlockSite } from './support/block-site.ts';
import { FailingRuns } from './support/failing-runs.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, compareRestores } from './support/runs.ts';
import { duringReads } from './support/shown-luns.ts';
import type { Site } from './support/site.ts';

const clusterVm = 'Büro [alt] Server 01';
const groupVm = 'web-01';
const address = addresses.secondaryIscsi;

describe('all portals of an array lost during the read', () => {
  let site: Site;
  let before: Before;
  let runs: FailingRuns;

  beforeAll(async () => {
    site = await startBlockSite({ size: 0.05, scenario: 'full' });
    await site.register();
    before = await lookAround(site);
    runs = new FailingRuns(site, before);
  }, 180_000);
  afterAll(() => site?.stop());

  const setPortal = (isUp: boolean) =>
    doorTo(site, 'ontap-b').post('/actions', { action: 'setPortal', address, isUp });
  const lose = () => duringReads(site, 'ontap-b', { nth: 60 }, () => setPortal(false));

  it('for a short while: the read goes on, and nobody need know', async () => {
    const view = await runs.run(await runs.job([clusterVm]), async () => {
      await lose();
      await systemClock.sleep(3_000);
      await setPortal(true);
    });
    expect([view.run.state, codesOf(view)]).toEqual(['success', []]);
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
    expect(await leftovers(site, before)).toEqual([]);
  }, 120_000);

  it('for longer than the bound: the VM fails, the other one gets its point', async () => {
    expect(await runs.failsAlone([clusterVm, groupVm], lose)).toBe('L-BLK-110');
    await setPortal(true);
  }, 240_000);
});
