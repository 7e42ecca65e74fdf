import { readFile } from 'node:fs/promises';
import type { Job } from '@leeward/core';
import type { VcenterConfigInput } from '@leeward/lab/vcenter/config';
import { VimProbe } from '@leeward/lab/vcenter/testing/vim-probe';
import { systemClock, systemRandomness } from '@leeward/platform';
import type { RunView } from '@leeward/server';
import { connectVcenter, type FrozenDisk, type VcenterClient } from '@leeward/vsphere';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startBlockSite } from './support/block-site.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, compareRestores, ended, runAndWait, startRun } from './support/runs.ts';
import type { Site } from './support/site.ts';
import { holdTransfers, transferBegun } from './support/transfers.ts';
import { until } from './support/until.ts';

/** By VM: the disks that it writes to while it has no VMware snapshot of ours. */
const current = {
  'nfs-and-vmfs': ['nfs-and-vmfs.vmdk', 'nfs-and-vmfs_1.vmdk'],
  'two-vmfs': ['two-vmfs.vmdk', 'two-vmfs_1.vmdk'],
  'chain-nfs': ['chain-nfs-000002.vmdk'],
  'chain-vmfs6': ['chain-vmfs6-000002.vmdk'],
} as const;
const vms = Object.keys(current).toSorted() as (keyof typeof current)[];

/** Windows guests with VSS; some have VMware snapshots of a user already. */
function windows(config: VcenterConfigInput): VcenterConfigInput {
  return {
    ...config,
    vms: config.vms
      .filter(({ name }) => name in current)
      .map((vm) => ({
        ...vm,
        changeTracking: true,
        guestId: 'windows2019srvNext_64Guest',
        guest: { ...vm.guest, quiesce: 'vss' },
      })),
  };
}

const vmSchema = z.object({
  consolidationNeeded: z.boolean(),
  disks: z.array(z.object({ chain: z.array(z.string()) })),
});

describe('Windows guests that VSS quiesced', () => {
  let site: Site;
  let before: Before;
  let vcenter: VcenterClient;
  let probe: VimProbe;
  let moIds: ReadonlyMap<string, string>;
  let job: Job;

  beforeAll(async () => {
    site = await startBlockSite({ size: 0.05, scenario: 'spread', vcenter: windows });
    await site.register();
    before = await lookAround(site);
    const { host, port, username, passwordFile, fingerprint, control } = site.lab.vcenter;
    const password = (await readFile(passwordFile, 'utf8')).trim();
    const trust = { kind: 'fingerprint', sha256: fingerprint } as const;
    const deps = { clock: systemClock, randomness: systemRandomness };
    vcenter = connectVcenter({ host, port, username, password, trust, ...deps });
    probe = new VimProbe({ port, controlPort: control.port, fingerprintSha256: fingerprint }, control.token);
    await probe.login(username, password);
    const inventory = await vcenter.inventory();
    moIds = new Map(inventory.vms.map(({ name, moId }) => [name, moId]));
    job = await newJob('windows', vms);
  });
  afterEach(() => site.lab.doors.vcenter.delete('/faults'));
  afterAll(async () => {
    await probe?.close();
    await vcenter?.close();
    await site?.stop();
  });

  const newJob = (name: string, names: readonly string[]) =>
    site.api.post<Job>('/jobs', { name, vms: names, repository: 'backups', quiesce: true });

  const slowly = (method: string) =>
    site.lab.doors.vcenter.post('/faults', { method, action: { kind: 'delay', delayMs: 2_000 }, times: 0 });

  /** The disks of the run's VMware snapshot of a VM, while it is there. */
  async function frozenDisksOf(name: string): Promise<readonly FrozenDisk[]> {
    const moId = await until(`the VMware snapshot of ${name}`, async () => {
      const found = await vcenter.findVmwareSnapshots('leeward');
      return found.find(({ vmName }) => vmName === name)?.moId;
    });
    return vcenter.frozenDisks(moId);
  }

  const nameOf = (file: string) => file.slice(file.lastIndexOf('/') + 1);

  async function expectSound(view: RunView, kind: 'full' | 'incremental'): Promise<void> {
    expect(codesOf(view).filter((line) => !line.endsWith('L-RUN-112'))).toEqual([]);
    expect(view.vms.map(({ name, facts }) => [name, facts.kind, facts.source]).toSorted()).toEqual(
      vms.map((name) => [name, kind, 'secondary']),
    );
    expect(view.openObjects).toEqual([]);
    expect(await leftovers(site, before)).toEqual([]);
    for (const name of vms) {
      const state = vmSchema.parse(await site.lab.doors.vcenter.get(`/vms/${name}`));
      expect(state.consolidationNeeded).toBe(false);
      expect(state.disks.map(({ chain }) => chain.at(-1))).toEqual(current[name]);
      for (const { chain } of state.disks) expect(chain).toHaveLength(name.startsWith('chain') ? 3 : 1);
    }
    expect(await compareRestores(site, view)).toEqual({ compared: 6, differing: [] });
  }

  it('are read from the second redo log of each disk: in full', async () => {
    // Else the VMware snapshots are gone before anybody has looked.
    await slowly('RemoveSnapshot_Task');
    const runId = await startRun(site, job);
    for (const name of vms) {
      const disks = await frozenDisksOf(name);
      expect(disks.map(({ parents }) => parents.map(nameOf)[0])).toEqual(current[name]);
    }
    await expectSound(await ended(site, runId), 'full');
  }, 300_000);

  it('and by changes, again and again: what only a discarded redo log held is taken back', async () => {
    await expectSound(await runAndWait(site, job), 'incremental');
    await expectSound(await runAndWait(site, job), 'incremental');
  }, 420_000);

  it('and by changes when the next VMware snapshot is not quiesced', async () => {
    const plain = await site.api.post<Job>('/jobs', { name: 'plain', vms, repository: 'backups' });
    await expectSound(await runAndWait(site, plain), 'incremental');
  }, 300_000);

  it('and when server and proxy die between the VMware snapshots and the reading', async () => {
    const go = await holdTransfers(site);
    const runId = await startRun(site, job);
    await transferBegun(site);
    await site.killServer();
    await site.startServer();
    await go();
    await expectSound(await ended(site, runId, 240_000), 'incremental');
  }, 420_000);

  it('a disk that does not stand on the planned one is refused, and the other VMs go on', async () => {
    const name = 'chain-nfs';
    await slowly('CreateSnapshot_Task');
    const runId = await startRun(site, await newJob('reverted', [name, 'two-vmfs']));
    await until('the call for a VMware snapshot', async () => {
      const rules = z.array(z.object({ fired: z.number() })).parse(await probe.control('GET', '/faults'));
      return rules.some(({ fired }) => fired > 0);
    });
    const { vmSnapshots } = await vcenter.vm(moIds.get(name) ?? '');
    await probe.task('RevertToSnapshot_Task', `VirtualMachineSnapshot:${vmSnapshots[0]?.moId}`);
    const view = await ended(site, runId);
    expect(codesOf(view).filter((line) => line.startsWith(name))).toContain(`${name} L-RUN-108`);
    expect(view.run.state).toBe('partly');
    expect(view.openObjects).toEqual([]);
    expect(await leftovers(site, before)).toEqual([]);
    expect(await compareRestores(site, view)).toEqual({ compared: 2, differing: [] });
  }, 300_000);
});
