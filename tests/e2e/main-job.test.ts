import { dataPortBytesRead } from '@leeward/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { compareRestores, runAndWait } from './support/runs.ts';
import { Site } from './support/site.ts';

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
});
