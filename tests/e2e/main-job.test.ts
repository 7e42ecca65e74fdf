import { dataPortBytesRead, truthOf, vmwareSnapshotCount } from '@leeward/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { compareRestores, ended, runAndWait, show, startRun } from './support/runs.ts';
import { Site } from './support/site.ts';
import { holdTransfers, transfersUnderWay } from './support/transfers.ts';

describe('the main job', () => {
  let site: Site;
  let before: Before;
  let job: { id: string };

  beforeAll(async () => {
    site = await Site.start({ size: 0.03 });
    job = await site.register();
    before = await lookAround(site);
  });
  afterAll(() => site?.stop());

  it('backs up in full over the secondary, byte for byte, and leaves nothing behind', async () => {
    const view = await runAndWait(site, job);
    expect(view.run.state).toBe('success');
    expect(view.vms.map(({ facts }) => [facts.kind, facts.source])).toEqual(
      Array(3).fill(['full', 'secondary']),
    );
    expect(view.openObjects).toEqual([]);
    expect(await leftovers(site, before)).toEqual([]);
    expect(await compareRestores(site, view)).toEqual({ compared: 4, differing: [] });
  });

  it('backs up by changes, byte for byte, and never reads the primary', async () => {
    const view = await runAndWait(site, job);
    expect(view.run.state).toBe('success');
    for (const { facts } of view.vms) {
      expect(facts.kind).toBe('incremental');
      expect(facts.bytes?.changed).toBeLessThan(facts.bytes?.provisioned ?? 0);
      const { createdAt = '', removedAt = '' } = facts.vmwareSnapshot ?? {};
      expect(Date.parse(removedAt)).toBeGreaterThan(Date.parse(createdAt));
    }
    expect(await leftovers(site, before)).toEqual([]);
    expect(await compareRestores(site, view)).toEqual({ compared: 4, differing: [] });
    for (const array of site.lab.arrays.filter(({ role }) => role === 'primary'))
      expect(await dataPortBytesRead(array)).toBe(0);
  });

  it('has removed the VMware snapshots while the transfers to the secondary still stand', async () => {
    const letGo = await holdTransfers(site);
    const runId = await startRun(site, job);
    const waiting = async () => {
      const { run, steps } = await show(site, runId);
      const open = steps.filter(({ name, endedAt }) => name === 'transfer' && endedAt === undefined);
      return [run.endedAt, new Set(open.map(({ scope }) => scope)).size, await transfersUnderWay(site)];
    };
    // Both volumes, and with them all three VMs.
    const standing = [undefined, 3, 2];
    await expect.poll(waiting, { timeout: 60_000 }).toEqual(standing);
    await expect.poll(() => vmwareSnapshotCount(site.lab)).toBe(before.vmwareSnapshots);
    const { vms } = await show(site, runId);
    for (const { name, facts } of vms) {
      const { removedAt } = await truthOf(site.lab, name, facts.vmwareSnapshot?.name ?? '');
      expect(removedAt).toEqual(expect.any(String));
    }
    expect(await waiting()).toEqual(standing);
    await letGo();
    const view = await ended(site, runId);
    expect([view.run.state, view.openObjects]).toEqual(['success', []]);
    expect(view.vms.map(({ facts }) => facts.source)).toEqual(Array(3).fill('secondary'));
    expect(await leftovers(site, before)).toEqual([]);
  });
});
