import type { Plan } from '@leeward/core';
import type { ChainLink, MadeByHand, SystemSummary } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Administrator, administratorOf } from './support/administrator.ts';
import { codesOf, runAndWait } from './support/runs.ts';
import { Site } from './support/site.ts';
import type { ArrayConfig } from './support/test-lab.ts';

/** On the secondary the replica of the vault relation locks storage snapshots, that of the mirror does not. */
function withLocks(config: ArrayConfig): ArrayConfig {
  const vault = (config.relations ?? []).find(({ policy }) => !/mirror/i.test(policy ?? ''));
  const locked = vault?.destination.split(':')[1];
  const licenses = ['nfs', 'iscsi', 'flexclone', 'snaprestore', 'snapmirror', 'snaplock'];
  const svms = config.svms.map((svm) => ({
    ...svm,
    volumes: (svm.volumes ?? []).map((each) => ({ ...each, snapshotLocking: each.name === locked })),
  }));
  return { ...config, licenses, svms };
}

describe('the chains of a job', () => {
  let site: Site;
  let job: { id: string };
  let administrator: Administrator;

  const shown = () => site.api.get<ChainLink[]>('/jobs/nightly/chains');
  const refused = (code: string) => expect.objectContaining({ code });
  const snapshotsPath = ({ volumeId }: { volumeId: string }) => `/storage/volumes/${volumeId}/snapshots`;

  beforeAll(async () => {
    site = await Site.start({ size: 0.02, secondary: withLocks });
    job = await site.register((path, body) =>
      path === '/jobs' ? { ...body, secondaryKeep: 1, secondaryLockDays: 2 } : body,
    );
    administrator = await administratorOf(site, 'ontap-b');
  });
  afterAll(async () => {
    await administrator?.close();
    await site?.stop();
  });

  it('the plan says what is locked, and why something is not', async () => {
    const { effects } = await site.api.post<Plan>('/jobs/nightly/plan');
    const texts = effects.map(({ what }) => what).filter((what) => /^locks|^L-PLN-17/.test(what));
    expect(texts).toEqual([
      expect.stringMatching(/^locks on the long-term storage snapshots of volume .* for 2 day/),
      expect.stringMatching(/^L-PLN-170 .* snapshot locking is not enabled/),
    ]);
  });

  it('each storage snapshot says why it is kept and when it goes; a locked one outlives its rule', async () => {
    for (let count = 0; count < 3; count++) {
      const view = await runAndWait(site, job);
      expect(view.run.state).toBe('success');
      // Once for the mirror, which cannot be locked; nothing that is locked was tried to be deleted.
      expect(codesOf(view).filter((each) => /RET|RUN-1[14]/.test(each))).toEqual(['run L-RET-103']);
    }
    const links = await site.api.get<ChainLink[]>('/chains');
    const locked = links.filter(({ lockedUntil }) => lockedUntil !== undefined);
    expect(locked.map(({ place, role }) => [place, role])).toEqual(Array(3).fill(['secondary', 'long-term']));
    expect(locked.map(({ reasons }) => reasons.join(' ')).toSorted()).toEqual([
      'count base locked held',
      'locked',
      'locked',
    ]);
    const [oldest] = locked;
    expect(oldest?.why).toMatch(/^No rule wants it any more, but it is locked until /);
    expect(oldest?.goesAt).toBe(oldest?.lockedUntil);
    const others = links.filter((link) => !locked.includes(link));
    expect(others.length).toBeGreaterThan(2);
    for (const { state, reasons, why, goes, runId } of links)
      expect([
        state,
        reasons.length > 0,
        /^(It is kept|No rule)/.test(why),
        goes !== '',
        runId !== '',
      ]).toEqual(['there', ...Array(4).fill(true)]);
  });

  it('the array itself refuses to delete a locked one, also to its administrator, and Leeward does not try', async () => {
    const [link] = (await shown()).filter(({ lockedUntil }) => lockedUntil !== undefined);
    const name = encodeURIComponent(link?.name ?? '');
    await expect(site.api.delete(`/jobs/nightly/chains/${name}?side=secondary&force=true`)).rejects.toEqual(
      refused('L-RUN-145'),
    );
    const [array] = (await site.api.get<SystemSummary[]>('/arrays')).filter(
      (each) => each.name === 'ontap-b',
    );
    const inventory = await site.api.get<{ volumes: { name: string; id: { objectId: string } }[] }>(
      `/arrays/${array?.id}/inventory`,
    );
    const volumeId = inventory.volumes.find((volume) => volume.name === link?.volumeName)?.id.objectId ?? '';
    const path = `${snapshotsPath({ volumeId })}?name=${name}&return_timeout=15`;
    await expect(administrator.change('DELETE', path)).rejects.toThrow();
    expect((await shown()).map((each) => each.name)).toContain(link?.name);
  });

  it('made by hand stay through every run until somebody deletes them', async () => {
    const made = await site.api.post<MadeByHand>('/jobs/nightly/chains');
    expect(made.volumes).toHaveLength(2);
    await runAndWait(site, job);
    const byHand = async () =>
      (await shown()).filter(({ name, owner }) => name === made.name && owner === 'by-hand');
    const before = await byHand();
    // A mirror takes it along.
    expect(before.filter(({ place }) => place === 'primary')).toHaveLength(2);
    for (const { why, runId = 'hand-' } of before)
      expect([why, runId.startsWith('hand-')]).toEqual(['It is kept because it was made by hand.', true]);
    const path = `/jobs/nightly/chains/${encodeURIComponent(made.name)}`;
    expect(await site.api.delete<ChainLink[]>(path)).toHaveLength(2);
    expect((await byHand()).filter(({ place }) => place === 'primary')).toEqual([]);
    await expect(site.api.delete(path)).rejects.toEqual(refused('L-RUN-144'));
  });

  it('what is not ours is shown, and never deleted', async () => {
    const foreign = (await shown()).filter(({ owner }) => owner === 'foreign');
    expect(foreign.length).toBeGreaterThan(0);
    for (const { name, why } of foreign) {
      expect(why).toBe('It is kept because it was not made by Leeward.');
      const path = `/jobs/nightly/chains/${encodeURIComponent(name)}?force=true`;
      await expect(site.api.delete(path)).rejects.toEqual(refused('L-RUN-144'));
    }
    expect((await shown()).filter(({ owner }) => owner === 'foreign')).toEqual(foreign);
  });

  it('the base of the next transfer goes only by force', async () => {
    const base = (await shown()).find(
      ({ place, reasons }) => place === 'primary' && reasons.includes('base'),
    );
    const path = `/jobs/nightly/chains/${encodeURIComponent(base?.name ?? '')}?side=primary`;
    await expect(site.api.delete(path)).rejects.toEqual(refused('L-RUN-145'));
    expect((await shown()).find(({ name, place }) => name === base?.name && place === 'primary')).toEqual(
      base,
    );
  });
});
