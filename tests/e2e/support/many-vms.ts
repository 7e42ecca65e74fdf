import { truthOf } from '@leeward/lab';
import type { RunView } from '@leeward/server';
import { z } from 'zod';
import { Site } from './site.ts';
import type { VcenterConfig } from './test-lab.ts';

const mebibyte = 2 ** 20;

/** Fifteen VMs on one volume of the primary and three on a datastore of no array, all on one host. */
export const many = Array.from({ length: 15 }, (_, at) => `many-${String(at + 1).padStart(2, '0')}`);
export const plain = ['plain-1', 'plain-2', 'plain-3'];

/** `snapshotMs`: how long the host takes to make or remove a VMware snapshot. */
export function siteWithManyVms(snapshotMs: number): Promise<Site> {
  const vm = (name: string, datastore: string, seed: number) => ({
    ...{ name, datastore, datacenter: 'DC1', host: 'esxi1.lab', changeTracking: true },
    disks: [{ sizeBytes: 16 * mebibyte, fill: { seed, ratio: 0.1 } }],
    guest: { seed, bytesPerSecond: 0 },
  });
  const vcenter = (config: VcenterConfig): VcenterConfig => ({
    ...config,
    taskMs: { queued: 20, snapshot: snapshotMs, other: 50 },
    datastores: [
      ...config.datastores,
      {
        ...{ name: 'plain', datacenter: 'DC1', type: 'NFS', remoteHost: '127.0.0.251', remotePath: '/plain' },
        capacityBytes: 4096 * mebibyte,
        files: { kind: 'folder', path: `${config.folder}-plain` },
      },
    ],
    vms: [
      ...config.vms,
      ...many.map((name, at) => vm(name, 'vm_ds1', 300 + at)),
      ...plain.map((name, at) => vm(name, 'plain', 400 + at)),
    ],
  });
  return Site.start({ size: 0.02, vcenter });
}

/** From when to when a VMware snapshot existed, epoch ms. */
export interface Life {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The lives of the VMware snapshots of a run, by the record of the simulated vCenter. */
export async function livesOf(site: Site, { vms }: RunView): Promise<readonly Life[]> {
  return Promise.all(
    vms.map(async ({ name, facts }) => {
      const { createdAt, removedAt } = await truthOf(site.lab, name, facts.vmwareSnapshot?.name ?? '');
      return { name, fromMs: Date.parse(createdAt), toMs: Date.parse(removedAt ?? '') };
    }),
  );
}

/** How many existed at the same time, at most. */
export function mostAtOnce(lives: readonly Life[]): number {
  return lives.reduce((most, { fromMs }) => {
    return Math.max(most, lives.filter((each) => each.fromMs <= fromMs && fromMs < each.toMs).length);
  }, 0);
}

const stateSchema = z.object({
  volumes: z.array(
    z.object({
      name: z.string(),
      snapshots: z.array(z.object({ name: z.string(), createMs: z.number() })),
    }),
  ),
});

/** When the storage snapshots of a run were made on the primary, by the record of the simulated array; in order. */
export async function storageSnapshotTimes(site: Site, runId: string): Promise<readonly number[]> {
  const { volumes } = stateSchema.parse(await site.lab.doors.primary.get('/state'));
  const own = volumes.flatMap(({ snapshots }) => snapshots).filter(({ name }) => name.includes(runId));
  return own.map(({ createMs }) => createMs).sort((a, b) => a - b);
}
