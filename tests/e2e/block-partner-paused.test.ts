import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { doorTo, startBlockSite } from './support/block-site.ts';
import { FailingRuns } from './support/failing-runs.ts';
import { lookAround } from './support/leftovers.ts';
import type { Site } from './support/site.ts';

const onGroups = ['web-01', 'Büro [alt] Server 01'] as const;

describe('what a run gets when the replication partner is paused', () => {
  let site: Site;
  let runs: FailingRuns;

  beforeAll(async () => {
    site = await startBlockSite({ size: 0.05, scenario: 'full' });
    await site.register();
    runs = new FailingRuns(site, await lookAround(site));
  }, 180_000);
  afterAll(() => site?.stop());

  const pause = (name: 'nimble-a' | 'nimble-b', paused: boolean) => {
    const partner = name === 'nimble-a' ? 'nimble-b' : 'nimble-a';
    return doorTo(site, name).post('/actions', { action: 'pausePartner', partner, paused });
  };

  it('on the secondary, as the plan sees it', async () => {
    await pause('nimble-b', true);
    onTestFinished(async () => {
      await pause('nimble-b', false);
    });
    expect(await runs.failsAlone(onGroups)).toBe('L-PLN-105');
    // It is tried all the same (R1), and what is on its way cannot be deleted before it has arrived.
    const release = () => pause('nimble-b', false);
    expect(await runs.readsPrimary(onGroups, undefined, release)).toContain('paused');
  }, 240_000);

  it('on the primary alone', async () => {
    await pause('nimble-a', true);
    onTestFinished(async () => {
      await pause('nimble-a', false);
    });
    expect(await runs.failsAlone(onGroups)).toBe('L-ARR-602');
    expect(await runs.readsPrimary(onGroups)).toContain('paused');
  }, 120_000);
});
