import { addresses, esxiInitiator, mebibyte } from '@leeward/lab/scenario/addresses';
import { connectClusters } from '@leeward/lab/scenario/connect-pairs';
import type { Datacentre } from '@leeward/lab/scenario/datacentre';
import {
  type DemoOptions,
  datastoreBytes,
  demoVm,
  nfsDatastore,
  secretMaker,
  transferBytesPerSecond,
  vcenterBase,
} from '@leeward/lab/scenario/demo-datacentre';
import { ontapPair } from '@leeward/lab/scenario/ontap-pair';

export const clusterNames = { primary: 'ontap-a', secondary: 'ontap-b' } as const;

/** What a relation of the clusters is made of; the VM, the datastore and the volume are named alike. */
interface ClusterRelation {
  readonly volume: string;
  readonly policy: string;
  readonly isMounted: boolean;
  readonly isLun: boolean;
}

/** One volume with one VM for each relation kind, so that what breaks one leaves the others alone. */
export const clusterRelations = [
  { volume: 'vm_mirror', policy: 'MirrorAllSnapshots', isMounted: false, isLun: false },
  { volume: 'vm_vault', policy: 'XDPDefault', isMounted: true, isLun: false },
  { volume: 'vm_unified', policy: 'MirrorAndVault', isMounted: false, isLun: false },
  { volume: 'vm_lun', policy: 'MirrorAllSnapshots', isMounted: false, isLun: true },
] as const satisfies readonly ClusterRelation[];

const lunBytes = 2 * 1024 * mebibyte;

/** Two clusters with one relation of each kind, over NFS and over iSCSI. */
export function clusterCentre({ folder, randomness, size }: DemoOptions): Datacentre {
  const secret = secretMaker(randomness);
  const hostToken = secret();
  const passwords = { vcenter: secret(), primary: secret(), secondary: secret() };
  const sizeBytes = datastoreBytes(size);
  const serial = Buffer.from(randomness.bytes(9)).toString('base64url');
  const pair = ontapPair({
    ...{ folder, secret, passwords, transferBytesPerSecond, hostToken },
    volumes: clusterRelations.map(({ volume: name, isMounted, isLun }) => ({
      ...{ name, policy: 'XDPDefault' as const, isMountedOnSecondary: isMounted, sizeBytes },
      ...(isLun ? { lun: { name: 'lun1', serial, sizeBytes: lunBytes } } : {}),
    })),
  });
  const secondary = {
    ...pair.secondary,
    relations: clusterRelations.map(({ volume, policy }) => {
      return { source: `svm1_prod:${volume}`, destination: `svm1:${volume}`, policy };
    }),
  };
  return {
    arrays: [
      {
        ...{ name: clusterNames.primary, family: 'ontap', role: 'primary', config: pair.primary },
        ...{ password: passwords.primary, dataAddress: addresses.primary },
      },
      {
        ...{ name: clusterNames.secondary, family: 'ontap', role: 'secondary', config: secondary },
        ...{ password: passwords.secondary, dataAddress: addresses.secondary },
      },
    ],
    vcenterPassword: passwords.vcenter,
    vcenter: (running) => {
      const { hostPort, dataPorts } = running(clusterNames.primary).ready;
      const [ports] = dataPorts;
      if (!ports || hostPort === undefined) throw new Error('the primary cluster serves no hosts');
      return {
        ...vcenterBase({ folder, randomness, password: passwords.vcenter, token: secret() }),
        hosts: [
          {
            ...{ name: 'esxi1.lab', datacenter: 'DC1', cluster: 'C1', sourceAddress: addresses.esxi },
            ...{ initiatorName: esxiInitiator, san: [{ port: hostPort, token: hostToken }] },
          },
        ],
        datastores: clusterRelations.map(({ volume: name, isLun }) =>
          isLun
            ? {
                ...{ name, datacenter: 'DC1', type: 'VMFS' as const },
                vmfs: { luns: [`naa.600a0980${Buffer.from(serial).toString('hex')}`] },
              }
            : nfsDatastore(name, ports, sizeBytes),
        ),
        vms: clusterRelations.map(({ volume }, at) => ({
          ...{ ...demoVm(size, at + 1, [1024]), guest: { seed: at, bytesPerSecond: 0 } },
          ...{ name: volume, datastore: volume },
        })),
      };
    },
    connect: (running, clock, signal) =>
      connectClusters(running(clusterNames.primary), running(clusterNames.secondary), clock, signal),
  };
}
