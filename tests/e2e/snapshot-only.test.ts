import type { Job, Plan } from '@leeward/core';
import { dataPortBytesRead } from '@leeward/lab';
import { vmwareSnapshotCount } from '@leeward/lab/scenario/observe';
import type { ChainLink, Point, RunView } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBlockSite } from './support/block-site.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, runAndWait } from './support/runs.ts';
import { Site } from './support/site.ts';
import { startSyncSite } from './support/sync-site.ts';

/** Bytes that anybody read from any data port of any array. */
async function bytesRead(site: Site): Promise<number> {
  const ofArrays = await Promise.all(site.lab.arrays.map(dataPortBytesRead));
  return ofArrays.reduce((sum, bytes) => sum + bytes, 0);
}

const shown = (site: Site) => site.api.get<ChainLink[]>('/jobs/keep/chains');

/** Links of the job for each volume, as `array/volume: how many`, with how many of them name VMs. */
async function lengths(site: Site): Promise<string[]> {
  const own = (await shown(site)).filter(({ owner }) => owner === 'this-job');
  expect(own.filter(({ role, vms }) => role === 'long-term' && !vms?.length)).toEqual([]);
  const volumes = Map.groupBy(own, ({ arrayName, volumeName }) => `${arrayName}/${volumeName}`);
  return [...volumes].map(([volume, links]) => `${volume}: ${links.length}`).sort();
}

function createJob(site: Site, changes: object): Promise<Job> {
  const vms = site.lab.vms.map(({ path }) => path);
  const body = { name: 'keep', vms, snapshotOnly: true, settlePauseMs: 0, ...changes };
  return site.api.post<Job>('/jobs', body);
}

/** Runs the job; nothing is read, nothing is left behind but its chains, and no point is made. */
async function keepOnce(site: Site, job: Job, before: Before): Promise<RunView> {
  const earlier = await bytesRead(site);
  const view = await runAndWait(site, job);
  expect([view.run.state, codesOf(view)]).toEqual(['success', []]);
  expect(await bytesRead(site)).toBe(earlier);
  expect(await vmwareSnapshotCount(site.lab)).toBe(0);
  expect(await leftovers(site, before)).toEqual([]);
  expect(await site.api.get<Point[]>('/points')).toEqual([]);
  return view;
}

/** Every file of every VM of the run is in the storage snapshots that the run names, on each side that it names. */
async function expectFound(site: Site, { run, vms }: RunView): Promise<void> {
  const links = await shown(site);
  for (const { name, vmKey, facts } of vms) {
    const named = facts.storageSnapshots ?? [];
    expect(named.length, name).toBeGreaterThan(0);
    const planned = run.plan?.vms.find((vm) => vm.name === name);
    const moment = Date.parse(facts.frozenAt ?? '');
    expect(moment, name).toBeGreaterThan(Date.parse(run.plan?.madeAt ?? ''));
    expect(moment, name).toBeLessThan(Date.parse(run.endedAt ?? ''));
    for (const place of new Set(named.map((each) => each.place))) {
      const held = named
        .filter((each) => each.place === place)
        .flatMap((each) => {
          const link = links.find(
            (known) =>
              known.name === each.name && known.volumeName === each.volumeName && known.place === place,
          );
          return link?.vms?.filter((vm) => vm.vmKey === vmKey) ?? [];
        });
      expect(held.every(({ datastores }) => datastores.length > 0)).toBe(true);
      expect(held.flatMap(({ vmxFile }) => vmxFile ?? [])).toHaveLength(1);
      const files = new Set(held.flatMap(({ disks }) => disks.flatMap((disk) => disk.files)));
      for (const { fileName } of planned?.disks ?? [])
        expect([...files], `${name} ${place}`).toContain(fileName);
      for (const { consistency, frozenAt, path } of held)
        expect([consistency, frozenAt, path]).toEqual([facts.consistency, facts.frozenAt, planned?.path]);
    }
  }
}

describe('a snapshot-only job over snapshot transfer of clusters (NFS)', () => {
  let site: Site;
  let before: Before;

  beforeAll(async () => {
    site = await Site.start({ size: 0.02 });
    before = await lookAround(site);
    await site.register();
  });
  afterAll(() => site?.stop());

  it.each([
    [{ repository: 'backups', primaryKeep: 1 }, 'L-CFG-150'],
    [{ snapshotOnly: false }, 'L-CFG-151'],
    [{}, 'L-CFG-152'],
    [{ primaryKeep: 1, keepPoints: 3 }, 'L-CFG-153'],
    [{ primaryKeep: 1, failoverToStandard: true }, 'L-CFG-153'],
  ])('%o is refused', async (changes, code) => {
    await expect(createJob(site, changes)).rejects.toEqual(expect.objectContaining({ code }));
  });

  it('keeps as many as it is asked for on both sides, and reads nothing', async () => {
    const job = await createJob(site, { primaryKeep: 2, secondaryKeep: 3, failoverToPrimary: true });
    const plan = await site.api.post<Plan>('/jobs/keep/plan');
    expect(plan.vms.flatMap(({ proxyId }) => proxyId ?? [])).toEqual([]);
    expect(plan.effects.filter(({ what }) => /access|CBT|changed block/.test(what))).toEqual([]);
    for (let count = 0; count < 4; count++) await expectFound(site, await keepOnce(site, job, before));
    const [vault, mirror] = plan.groups
      .flatMap(({ volumes }) => volumes)
      .toSorted((a, b) => (b.relation?.policy ?? '').localeCompare(a.relation?.policy ?? ''));
    expect([vault?.relation?.policy, mirror?.relation?.policy]).toEqual(['vault', 'mirror']);
    // A mirror has what the primary has, so the primary keeps what either wants; it follows with the next transfer.
    expect(await lengths(site)).toEqual(
      [
        `ontap-a/${vault?.volumeName}: 2`,
        `ontap-b/${vault?.relation?.volumeName}: 3`,
        `ontap-a/${mirror?.volumeName}: 3`,
        `ontap-b/${mirror?.relation?.volumeName}: 4`,
      ].sort(),
    );
  });

  it('a chain that is no longer asked for goes, but for what the array needs; one at least stays asked for', async () => {
    const none = { secondaryKeep: null, primaryKeep: null };
    await expect(site.api.patch('/jobs/keep', none)).rejects.toMatchObject({ code: 'L-CFG-152' });
    const job = await site.api.patch<Job>('/jobs/keep', { secondaryKeep: null });
    const view = await keepOnce(site, job, before);
    for (const { facts } of view.vms) {
      expect(facts.source).toBe('primary');
      expect(facts.storageSnapshots?.map(({ place }) => place)).toEqual(['primary']);
    }
    const onSecondary = (await shown(site)).filter(
      ({ place, owner }) => place === 'secondary' && owner === 'this-job',
    );
    for (const { arrayName, volumeName, reasons } of onSecondary)
      expect([arrayName, volumeName, reasons.some((why) => /base|mirror|held/.test(why))]).toEqual([
        arrayName,
        volumeName,
        true,
      ]);
  });
});

describe('a snapshot-only job over all families', () => {
  let site: Site;
  let before: Before;

  beforeAll(async () => {
    site = await startBlockSite({ size: 0.02, scenario: 'full' });
    before = await lookAround(site);
    await site.register();
  }, 180_000);
  afterAll(() => site?.stop());

  it('keeps as many as it is asked for, on LUNs of groups and clusters too, and reads nothing', async () => {
    const job = await createJob(site, { primaryKeep: 1, secondaryKeep: 2 });
    for (let count = 0; count < 3; count++) {
      const view = await keepOnce(site, job, before);
      await expectFound(site, view);
      // Each is alone on its volume, and its guest is not asked for anything.
      expect(view.vms.map(({ facts }) => facts.vmwareSnapshot)).toEqual(view.vms.map(() => undefined));
    }
    const links = (await shown(site)).filter(
      ({ owner, place }) => owner === 'this-job' && place === 'secondary',
    );
    const volumes = Map.groupBy(links, ({ arrayName, volumeName }) => `${arrayName}/${volumeName}`);
    expect([...volumes.keys()].map((volume) => volume.split('/')[0]).sort()).toEqual(
      expect.arrayContaining(['nimble-b', 'ontap-b']),
    );
    for (const [volume, members] of volumes) expect([volume, members.length >= 2]).toEqual([volume, true]);
    const onGroup = (await lengths(site)).filter((each) => each.startsWith('nimble'));
    expect(onGroup.map((each) => each.replace(/\/.*:/, ''))).toEqual(['nimble-a 1', 'nimble-b 2']);
  });

  it('quiesces guests where it is asked to, by VMware snapshots that are gone at once', async () => {
    const job = await site.api.patch<Job>('/jobs/keep', { quiesce: 'fall-back' });
    const view = await keepOnce(site, job, before);
    for (const { name, facts } of view.vms)
      expect([name, facts.consistency, facts.vmwareSnapshot?.removedAt !== undefined]).toEqual([
        name,
        'quiesced',
        true,
      ]);
    await expectFound(site, view);
  });
});

describe('a snapshot-only job over synchronous replication', () => {
  let site: Site;
  let before: Before;

  beforeAll(async () => {
    site = await startSyncSite({ size: 0.02 });
    before = await lookAround(site);
    await site.register();
  }, 180_000);
  afterAll(() => site?.stop());

  it('uses it although only the primary is asked for: the same number on both sides', async () => {
    const job = await createJob(site, { primaryKeep: 2 });
    for (let count = 0; count < 3; count++) await expectFound(site, await keepOnce(site, job, before));
    const own = (await shown(site)).filter(({ owner }) => owner === 'this-job');
    const sides = Map.groupBy(own, ({ place, volumeName }) => `${place} ${volumeName}`);
    expect(sides.size).toBeGreaterThan(1);
    for (const [side, links] of sides) expect([side, links.length]).toEqual([side, 2]);
    const namesOn = (place: string) => own.filter((link) => link.place === place).map(({ name }) => name);
    expect(namesOn('secondary').toSorted()).toEqual(namesOn('primary').toSorted());
  });
});
