import type { Datacentre } from '@leeward/lab/scenario/datacentre';
import type { DemoOptions } from '@leeward/lab/scenario/demo-datacentre';
import { syncDatacentre } from '@leeward/lab/scenario/sync-datacentre';

/** One group has both sides. */
export const metroNames = { primary: 'nimble-m', secondary: 'nimble-m' } as const;

/** VM on one volume of the group; its disks are `vm-ds1` of volume collection `metro`. */
export const metroVm = 'app-01';

/** Guests stand still, so that a row reads only what it changed. */
export function syncCentre(options: DemoOptions): Datacentre {
  const centre = syncDatacentre(options);
  return {
    ...centre,
    vcenter: (running) => {
      const config = centre.vcenter(running);
      const vms = config.vms.filter(({ name }) => name === metroVm);
      return { ...config, vms: vms.map((vm) => ({ ...vm, guest: { seed: 1, bytesPerSecond: 0 } })) };
    },
  };
}
