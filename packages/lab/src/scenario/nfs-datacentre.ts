import { addresses } from './addresses.ts';
import { connectClusters } from './connect-pairs.ts';
import type { Datacentre } from './datacentre.ts';
import { type DemoOptions, demoDatacentre } from './demo-datacentre.ts';

/** The datacentre with NFS alone: one pair of clusters, three VMs. */
export function nfsDatacentre(options: DemoOptions): Datacentre {
  const centre = demoDatacentre(options);
  return {
    arrays: (['primary', 'secondary'] as const).map((role) => ({
      name: centre[role].cluster.name,
      family: 'ontap',
      role,
      config: centre[role],
      password: centre.passwords[role],
      dataAddress: addresses[role],
    })),
    vcenterPassword: centre.passwords.vcenter,
    vcenter: (arrays) => {
      const [ports] = arrays(centre.primary.cluster.name).ready.dataPorts;
      if (!ports) throw new Error('the primary cluster has no data port');
      return centre.vcenter({ nfsPort: ports.nfsPort, mountPort: ports.mountPort });
    },
    connect: (arrays, clock, signal) =>
      connectClusters(
        arrays(centre.primary.cluster.name),
        arrays(centre.secondary.cluster.name),
        clock,
        signal,
      ),
  };
}
