import { readFile } from 'node:fs/promises';
import type { Job } from '@leeward/core';
import type { VcenterConfigInput } from '@leeward/lab/vcenter/config';
import { systemClock, systemRandomness } from '@leeward/platform';
import { connectVcenter, type VcenterClient } from '@leeward/vsphere';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBlockSite } from './support/block-site.ts';
import { type Before, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, compareRestores, ended, startRun } from './support/runs.ts';
import type { Site } from './support/site.ts';
import { until } from './support/until.ts';

/** VMs that have VMware snapshots of their own already, on NFS and on both versions of VMFS; one without Tools. */
const vms = ['chain-nfs', 'chain-vmfs5', 'chain-vmfs6'] as const;
const withoutTools = 'chain-vmfs5';

function tools(config: VcenterConfigInput): VcenterConfigInput {
  return {
    ...config,
    vms: config.vms.map((vm) => ({ ...vm, changeTracking: true, toolsRunning: vm.name !== withoutTools })),
  };
}

describe('VMware snapshots for which the guests are quiesced', () => {
  let site: Site;
  let before: Before;
  let vcenter: VcenterClient;
  let moIds: ReadonlyMap<string, string>;

  beforeAll(async () => {
    site = await startBlockSite({ size: 0.05, scenario: 'spread', vcenter: tools });
    await site.register();
    before = await lookAround(site);
    const { host, port, username, passwordFile, fingerprint } = site.lab.vcenter;
    const password = (await readFile(passwordFile, 'utf8')).trim();
    const trust = { kind: 'fingerprint', sha256: fingerprint } as const;
    const deps = { clock: systemClock, randomness: systemRandomness };
    vcenter = connectVcenter({ host, port, username, password, trust, ...deps });
    const inventory = await vcenter.inventory();
    moIds = new Map(inventory.vms.map(({ name, moId }) => [name, moId]));
  });
  afterEach(() => site.lab.doors.vcenter.delete('/faults'));
  afterAll(async () => {
    await vcenter?.close();
    await site?.stop();
  });

  const job = (name: string, quiesce: Job['quiesce'] | true = true) =>
    site.api.post<Job>('/jobs', { name, vms, repository: 'backups', quiesce });

  /** What vCenter says of the VMware snapshot that the run took of each VM, while it is there. */
  async function seen(): Promise<Record<string, boolean>> {
    const found = await Promise.all(
      vms.map((name) =>
        until(`the VMware snapshot of ${name}`, async () => {
          const { vmSnapshots } = await vcenter.vm(moIds.get(name) ?? '');
          const all = vmSnapshots.flatMap(function flat(one): (typeof one)[] {
            return [one, ...one.children.flatMap(flat)];
          });
          const ours = all.find((one) => one.name.toLowerCase().startsWith('leeward'));
          return ours && ([name, ours.quiesced] as const);
        }),
      ),
    );
    return Object.fromEntries(found);
  }

  it('are reported as quiesced only with VMware Tools; chains are read right with both', async () => {
    // Else they are gone before anybody has looked.
    const slow = { kind: 'delay', delayMs: 2_000 };
    await site.lab.doors.vcenter.post('/faults', { method: 'RemoveSnapshot_Task', action: slow, times: 0 });
    const runId = await startRun(site, await job('quiesced'));
    const expected = vms.map((name) => [name, name !== withoutTools]);
    expect(await seen()).toEqual(Object.fromEntries(expected));
    const view = await ended(site, runId);
    expect(view.vms.map(({ name, state }) => [name, state]).toSorted()).toEqual(
      vms.map((name) => [name, 'success']),
    );
    expect(codesOf(view).filter((line) => line.endsWith('L-RUN-115'))).toEqual([`${withoutTools} L-RUN-115`]);
    expect(view.openObjects).toEqual([]);
    expect(await leftovers(site, before)).toEqual([]);
    expect(await compareRestores(site, view)).toEqual({ compared: 3, differing: [] });
  });

  const refusal = (times: number) =>
    site.lab.doors.vcenter.post('/faults', {
      ...{ method: 'CreateSnapshot_Task', stage: 'task', vm: 'chain-vmfs6', times },
      action: { kind: 'fault', type: 'ApplicationQuiesceFault' },
    });

  it('where a job requires it, a guest that refuses or cannot gets no point, the others do', async () => {
    await refusal(0);
    const view = await ended(site, await startRun(site, await job('required', 'require')));
    // The plan has told it of the one without Tools already.
    const codes = ['L-RUN-117', 'L-PLN-153'].map((code) => `${withoutTools} ${code}`);
    expect(codesOf(view).toSorted()).toEqual([...codes, 'chain-vmfs6 L-VC-302'].toSorted());
    expect(view.run.state).toBe('partly');
    expect(view.openObjects).toEqual([]);
    expect(await leftovers(site, before)).toEqual([]);
    expect(await compareRestores(site, view)).toEqual({ compared: 1, differing: [] });
  });

  it('where it may fall back, all get one, and both causes are told', async () => {
    await refusal(1);
    const view = await ended(site, await startRun(site, await job('falling-back', 'fall-back')));
    const codes = ['L-RUN-115', 'L-PLN-148'].map((code) => `${withoutTools} ${code}`);
    expect(codesOf(view).toSorted()).toEqual([...codes, 'chain-vmfs6 L-RUN-118'].toSorted());
    expect(view.run.state).toBe('success');
    expect(await leftovers(site, before)).toEqual([]);
    expect(await compareRestores(site, view)).toEqual({ compared: 3, differing: [] });
  });
});
