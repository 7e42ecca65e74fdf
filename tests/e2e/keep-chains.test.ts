import { dayMs } from '@leeward/core';
import { setLabTime } from '@leeward/lab';
import { systemClock } from '@leeward/platform';
import type { ChainLink, SystemSummary } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, runAndWait } from './support/runs.ts';
import { Site } from './support/site.ts';

describe('a job that keeps chains on both sides', () => {
  let site: Site;
  let job: { id: string };
  let before: Before;

  /** Links of each volume, as `array: roles`; the arrays really have exactly these. */
  const chains = async () => {
    expect(await leftovers(site, before)).toEqual([]);
    const arrays = await site.api.get<SystemSummary[]>('/arrays');
    const links = await site.api.get<ChainLink[]>('/chains');
    const volumes = Map.groupBy(links, ({ arrayId, volumeName }) => `${arrayId} ${volumeName}`);
    return [...volumes.values()]
      .map((each) => {
        const array = arrays.find(({ id }) => id === each[0]?.arrayId)?.name;
        return `${array}: ${each.map(({ role }) => role).join(', ')}`;
      })
      .sort();
  };
  beforeAll(async () => {
    site = await Site.start({ size: 0.02 });
    before = await lookAround(site);
    job = await site.register((path, body) =>
      path === '/jobs' ? { ...body, secondaryKeep: 3, primaryKeep: 2 } : body,
    );
  });
  afterAll(() => site?.stop());

  it('by their own numbers; days keep more, and what is no longer wanted goes', async () => {
    for (let count = 0; count < 4; count++) {
      const { run } = await runAndWait(site, job);
      expect(run.state).toBe('success');
    }
    // The mirror keeps what the primary keeps, so the primary keeps what either wants; it follows with a transfer.
    const [vault, mirror] = [['ontap-a', 2, 'ontap-b', 3] as const, ['ontap-a', 3, 'ontap-b', 4] as const];
    expect(await chains()).toEqual(linesOf(vault, mirror));

    await site.api.patch('/jobs/nightly', { secondaryKeep: 1, secondaryKeepDays: 1, primaryKeep: 1 });
    await runAndWait(site, job);
    expect(await chains()).toEqual(linesOf(['ontap-a', 1, 'ontap-b', 4], ['ontap-a', 4, 'ontap-b', 4]));
  });

  it('days pass on the arrays: what is over age by their clocks goes, though ours stood still', async () => {
    await setLabTime(site.lab, { jumpMs: 3 * dayMs }, systemClock);
    // The mirror drops what the primary dropped with the transfer after that.
    await runAndWait(site, job);
    const view = await runAndWait(site, job);
    expect(view.run.state).toBe('success');
    expect(await chains()).toEqual(linesOf(['ontap-a', 1, 'ontap-b', 2], ['ontap-a', 2, 'ontap-b', 2]));
    // Of each secondary, whose days count, it is told that its clock is far from ours.
    expect(codesOf(view)).toContain('run L-RET-101');
    const [link] = (await site.api.get<ChainLink[]>('/chains')).filter(({ reasons }) =>
      reasons.includes('days'),
    );
    const madeMs = Date.parse(link?.createdAt ?? '');
    expect(madeMs - systemClock.now()).toBeGreaterThan(2 * dayMs);
  });
});

/** Two volumes, each with how many links it has on the primary and on the secondary. */
function linesOf(...volumes: readonly (readonly [string, number, string, number])[]): readonly string[] {
  const line = (array: string, count: number) => `${array}: ${Array(count).fill('long-term').join(', ')}`;
  return volumes.flatMap(([a, onA, b, onB]) => [line(a, onA), line(b, onB)]).sort();
}
