import type { RunView } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBlockSite } from './support/block-site.ts';
import { FailingRuns } from './support/failing-runs.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, compareRestores } from './support/runs.ts';
import type { Site } from './support/site.ts';
import { until } from './support/until.ts';

const mebibyte = 2 ** 20;
const other = 'db-01';
/** Much of it is never written before the last test, however slow the machine. */
const large = { sizeBytes: 256 * mebibyte, fill: { seed: 4, ratio: 0.05 } };
const eager = { sizeBytes: 8 * mebibyte, fill: { seed: 3, ratio: 0.5 }, provisioning: 'eager' } as const;

/**
 * A host that lags behind with its metadata while its guest writes: in the storage snapshot the file is whole and its
 * counters are right, and what was written last is a hole (thin) or marked as never written (lazily zeroed), though it
 * is on the LUN. VMFS on groups and on clusters.
 */
describe.each([
  { name: 'web-01', provisioning: 'thin', what: 'holes' },
  { name: 'Büro [alt] Server 01', provisioning: 'lazy', what: 'blocks marked as never written' },
] as const)('$what that are none', ({ name, provisioning }) => {
  let site: Site;
  let before: Before;
  let runs: FailingRuns;

  beforeAll(async () => {
    site = await startBlockSite({
      size: 0.05,
      scenario: 'full',
      vcenter: (config) => ({
        ...config,
        vms: config.vms
          .filter((vm) => vm.name === name || vm.name === other)
          .map((vm) => ({
            ...vm,
            // The first disk is none that can have such places: it is read before a doubt about the second one.
            disks: [eager, { ...large, provisioning }],
            guest: { seed: 11, bytesPerSecond: 0 },
          })),
      }),
    });
    await site.register();
    before = await lookAround(site);
    runs = new FailingRuns(site, before);
  }, 240_000);
  afterAll(() => site?.stop());

  const door = () => site.lab.doors.vcenter;
  const path = `/vms/${encodeURIComponent(name)}`;
  const written = async () => {
    const { guest } = (await door().get(path)) as { guest: { bytesWritten: number } };
    return guest.bytesWritten;
  };
  /** The guest writes about a MiB, much of it where it never wrote before, and has ended when this resolves. */
  const write = async () => {
    const from = await written();
    await door().post(`${path}/guest`, { bytesPerSecond: 2 * mebibyte });
    await until('the guest to write', async () => (await written()) > from + mebibyte);
    await door().post(`${path}/guest`, { bytesPerSecond: 0 });
    await door().post(`${path}/guest/pause`, {});
    await door().post(`${path}/guest/resume`, {});
  };
  const lag = (held: boolean) => door().post(`${path}/metadata`, { held });

  /** Each once, whichever disk it is of; without what a lagging host's lock on a frozen disk makes known. */
  const codesIn = (view: RunView) => [
    ...new Set(codesOf(view).filter((each) => each !== `${name} L-FMT-433`)),
  ];

  const isCleanAndExact = async (view: RunView) => {
    expect(view.openObjects).toEqual([]);
    expect(await leftovers(site, before)).toEqual([]);
    expect((await compareRestores(site, view)).differing).toEqual([]);
  };
  /** Why it was read from another source. */
  const reasonOf = (view: RunView, code: string) =>
    view.events.find(({ report }) => report.code === code)?.report.what;

  const goesWell = async (view: RunView, kind: string) => {
    expect(view.vms.map(({ state }) => state)).toEqual(['success', 'success']);
    expect(view.vms.find((vm) => vm.name === name)?.facts.kind).toBe(kind);
    expect(codesOf(view)).toEqual([]);
    await isCleanAndExact(view);
  };

  it('fail the VM in a first full run, alone, and the next run has the right bytes', async () => {
    await lag(true);
    await write();
    expect(await runs.failsAlone([name, other])).toBe('L-FMT-431');
    await lag(false);
    await goesWell(await runs.run(await runs.job([name, other])), 'full');
  }, 300_000);

  it('fail the VM in an incremental run, after the next allowed sources were tried', async () => {
    const job = await runs.job([name, other], { failoverToPrimary: true });
    await goesWell(await runs.run(job), 'incremental');
    await lag(true);
    await write();
    const view = await runs.run(job);
    expect(codesIn(view)).toEqual([`${name} L-FMT-431`, `${name} L-SRC-101`]);
    expect(reasonOf(view, 'L-SRC-101')).toContain('Changed block tracking reports data');
    const ends = Object.fromEntries(view.vms.map((vm) => [vm.name, vm.state]));
    expect(ends).toEqual({ [name]: 'failed', [other]: 'success' });
    await isCleanAndExact(view);

    // Only the host knows where its data lies.
    const both = { failoverToPrimary: true, failoverToStandard: true };
    const standard = await runs.run(await runs.job([name, other], both));
    expect(codesIn(standard)).toEqual([`${name} L-SRC-101`, `${name} L-SRC-105`]);
    expect(reasonOf(standard, 'L-SRC-105')).toContain('Changed block tracking reports data');
    expect(Object.fromEntries(standard.vms.map((vm) => [vm.name, vm.facts.source]))).toEqual({
      [name]: 'standard',
      [other]: 'secondary',
    });
    const { facts } = standard.vms.find((vm) => vm.name === name) ?? {};
    expect([facts?.transport, facts?.relation]).toEqual(['http', undefined]);
    await isCleanAndExact(standard);
    await lag(false);
    await goesWell(await runs.run(job), 'incremental');
  }, 400_000);

  it('fail the VM in a full run that an interrupted change tracking asks for, or have it read the standard way', async () => {
    const job = await runs.job([name, other]);
    await lag(true);
    await write();
    // Its power is gone, and with it what change tracking knew.
    await door().post(`${path}/crash`, {});
    const view = await runs.run(job);
    expect(codesIn(view)).toEqual([`${name} L-FMT-431`, `${name} L-SRC-102`]);
    expect(await leftovers(site, before)).toEqual([]);
    const standard = await runs.run(await runs.job([name, other], { failoverToStandard: true }));
    expect(codesIn(standard)).toEqual([`${name} L-SRC-102`, `${name} L-SRC-105`]);
    // Frozen once more: nothing that was read of the first disk before counts.
    const { facts } = standard.vms.find((vm) => vm.name === name) ?? {};
    expect(facts).toMatchObject({ source: 'standard', kind: 'full', resumedBytes: 0 });
    await isCleanAndExact(standard);
    await lag(false);
    await goesWell(await runs.run(job), 'incremental');
  }, 300_000);
});
