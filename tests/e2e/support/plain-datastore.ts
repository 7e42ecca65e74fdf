import { join } from 'node:path';
import { z } from 'zod';
import { Site } from './site.ts';
import type { VcenterConfig } from './test-lab.ts';
import { until } from './until.ts';

const mebibyte = 2 ** 20;

/** A datacentre with a datastore `plain`, on storage that no array serves, and VMs on it. */
export function siteWithPlainDatastore(options: {
  readonly size: number;
  /** Names and sizes of disks in MiB of the VMs there. */
  readonly plain: Readonly<Record<string, readonly number[]>>;
  readonly bytesPerSecond?: number;
  /** The first of these VMs runs on a host that serves files itself, at this port of the loopback address. */
  readonly hostPort?: number;
}): Promise<Site> {
  const { size, plain, bytesPerSecond = 64 * 1024, hostPort } = options;
  const own = hostPort === undefined ? undefined : `127.0.0.1:${hostPort}`;
  const vcenter = (config: VcenterConfig): VcenterConfig => ({
    ...config,
    hosts: [
      ...config.hosts,
      ...(own ? [{ name: own, datacenter: 'DC1', cluster: 'C1', door: { listen: { port: hostPort } } }] : []),
    ],
    datastores: [
      ...config.datastores,
      {
        ...{ name: 'plain', datacenter: 'DC1', type: 'NFS', remoteHost: '127.0.0.251', remotePath: '/plain' },
        capacityBytes: 4096 * mebibyte,
        files: { kind: 'folder', path: join(config.folder, '..', 'plain') },
      },
    ],
    vms: [
      ...config.vms,
      ...Object.entries(plain).map(([name, sizes], at) => ({
        ...{ name, datacenter: 'DC1', datastore: 'plain', changeTracking: false },
        host: own && at === 0 ? own : 'esxi1.lab',
        disks: sizes.map((each, disk) => ({
          sizeBytes: each * mebibyte,
          fill: { seed: 100 + at * 10 + disk, ratio: 0.4 },
        })),
        guest: { seed: 50 + at, bytesPerSecond },
      })),
    ],
  });
  return Site.start({ size, vcenter });
}

const ofDoorSchema = z.looseObject({
  ...{ bytesSent: z.number(), peak: z.number(), inFlight: z.number() },
  ...{ requests: z.number(), ticketsUsed: z.number() },
});
const countersSchema = z.object({
  folders: z.object({ vcenter: ofDoorSchema }).catchall(ofDoorSchema),
});

/** What was read of datastore files through vCenter, by its own count. */
export async function folderFigures(site: Site) {
  return countersSchema.parse(await site.lab.doors.vcenter.get('/counters')).folders.vcenter;
}

/** The same of a host's own door. */
export async function hostFolderFigures(site: Site, hostPort: number) {
  const { folders } = countersSchema.parse(await site.lab.doors.vcenter.get('/counters'));
  const figures = folders[`127.0.0.1:${hostPort}`];
  if (!figures) throw new Error('the host has no door');
  return figures;
}

/** Waits until so many bytes more went through vCenter. */
export async function folderBytesRead(site: Site, bytes: number): Promise<void> {
  const { bytesSent } = await folderFigures(site);
  const ask = async () => (await folderFigures(site)).bytesSent - bytesSent >= bytes;
  await until(`${bytes} bytes to be read through vCenter`, ask, { everyMs: 15 });
}
