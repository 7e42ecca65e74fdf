import { dataPortBytesRead } from '@leeward/lab';
import { Site } from './site.ts';
import type { VcenterConfig } from './test-lab.ts';
import { until } from './until.ts';

const mebibyte = 1024 * 1024;

/** One VM whose disk takes seconds to read, on the vault relation: something to be interrupted in the middle. */
export function siteWithOneBigVm(sizeMebibytes = 512): Promise<Site> {
  const vcenter = (config: VcenterConfig): VcenterConfig => ({
    ...config,
    vms: config.vms.slice(0, 1).map((vm) => ({
      ...vm,
      disks: [{ sizeBytes: sizeMebibytes * mebibyte, fill: { seed: 1, ratio: 0.5 } }],
      guest: { seed: 1, bytesPerSecond: 256 * 1024 },
    })),
  });
  return Site.start({ size: 0.1, vcenter });
}

/** Waits until so many bytes more were read from the secondary, then stops its process, and with it the reading. */
export async function freezeSecondaryWhenRead(site: Site, bytes: number): Promise<() => void> {
  const secondary = secondaryOf(site);
  const start = await dataPortBytesRead(secondary);
  const ask = async () => (await dataPortBytesRead(secondary)) - start >= bytes;
  await until(`${bytes} bytes to be read`, ask, { everyMs: 15 });
  process.kill(secondary.pid, 'SIGSTOP');
  return () => {
    process.kill(secondary.pid, 'SIGCONT');
  };
}

export async function bytesReadOnSecondary(site: Site): Promise<number> {
  return dataPortBytesRead(secondaryOf(site));
}

function secondaryOf({ lab }: Site) {
  const secondary = lab.arrays.find(({ role }) => role === 'secondary');
  if (!secondary) throw new Error('the lab has no secondary');
  return secondary;
}
