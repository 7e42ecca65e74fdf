import { addresses } from './addresses.ts';
import { connectClusters, connectNextCluster } from './connect-pairs.ts';
import type { Datacentre } from './datacentre.ts';
import {
  type DemoOptions,
  datastoreBytes,
  demoVm,
  nfsDatastore,
  secretMaker,
  transferBytesPerSecond,
  vcenterBase,
} from './demo-datacentre.ts';
import { ontapCascade } from './ontap-cascade.ts';

const vault = 'XDPDefault';
const mirror = 'MirrorAllSnapshots';

/** One VM each, named by how its volume goes on; the last one as far as the fourth cluster. */
const ways = [
  { name: 'p-m-m', policies: [mirror, mirror] },
  { name: 'p-m-v', policies: [mirror, vault] },
  { name: 'p-v-m', policies: [vault, mirror] },
  { name: 'p-v-v-v', policies: [vault, vault, vault] },
] as const;

/** Four clusters in a row over NFS: each volume goes on from the secondary to a third one, the last to a fourth. */
export function cascadeDatacentre({ folder, randomness, size }: DemoOptions): Datacentre {
  const secret = secretMaker(randomness);
  const vcenterPassword = secret();
  const passwords = [secret(), secret(), secret(), secret()];
  const sizeBytes = datastoreBytes(size);
  const volumes = ways.map(({ policies }, at) => ({ name: `vm_ds${at + 1}`, policies, sizeBytes }));
  const clusters = ontapCascade({ folder, secret, passwords, volumes, transferBytesPerSecond });
  const data = [addresses.primary, addresses.secondary, addresses.third, addresses.fourth] as const;
  const names = clusters.map(({ cluster }) => cluster.name);
  return {
    arrays: clusters.map((config, at) => ({
      name: config.cluster.name,
      family: 'ontap',
      role: at === 0 ? 'primary' : 'secondary',
      config,
      password: passwords[at] ?? '',
      dataAddress: data[at] ?? '',
    })),
    vcenterPassword,
    vcenter: (arrays) => {
      const [ports] = arrays(names[0] ?? '').ready.dataPorts;
      if (!ports) throw new Error('the primary cluster has no data port');
      return {
        ...vcenterBase({ folder, randomness, password: vcenterPassword, token: secret() }),
        hosts: [{ name: 'esxi1.lab', datacenter: 'DC1', cluster: 'C1', sourceAddress: addresses.esxi }],
        datastores: volumes.map(({ name }) => nfsDatastore(name, ports, sizeBytes)),
        vms: ways.map(({ name }, at) => ({
          ...demoVm(size, at + 1, [512]),
          name,
          datastore: `vm_ds${at + 1}`,
        })),
      };
    },
    async connect(arrays, clock, signal) {
      const [primary = '', secondary = '', ...others] = names;
      await connectClusters(arrays(primary), arrays(secondary), clock, signal);
      let before = secondary;
      for (const name of others) {
        await connectNextCluster(arrays(before), { ...arrays(name), name }, clock, signal);
        before = name;
      }
    },
  };
}
