import type { Randomness } from '@leeward/core';
import type { VcenterConfigInput } from '../vcenter/config.ts';
import { addresses, esxiInitiator, mebibyte } from './addresses.ts';
import { connectClusters, connectGroups } from './connect-pairs.ts';
import type { Datacentre, PlannedArray, RunningArrays } from './datacentre.ts';
import {
  type DemoOptions,
  datastoreBytes,
  nfsDatastore,
  secretMaker,
  transferBytesPerSecond,
  vcenterBase,
} from './demo-datacentre.ts';
import { nimblePair } from './nimble-pair.ts';
import { ontapPair } from './ontap-pair.ts';

/** Which datastores and VMs there are, over both pairs of arrays. */
export interface BlockPlan {
  /** Volumes of the clusters that are NFS datastores of the same name. */
  readonly nfsVolumes: readonly string[];
  /** Volumes of the clusters with one LUN each. */
  readonly lunVolumes: readonly string[];
  /** Volumes of the groups, all in one volume collection. */
  readonly groupVolumes: readonly string[];
  /** VMFS datastores, by the volumes that hold their extents. */
  readonly vmfs: readonly {
    readonly name: string;
    readonly volumes: readonly string[];
    readonly version?: 5 | 6;
    readonly placement?: 'sequential' | 'scattered';
  }[];
  readonly vms: VcenterConfigInput['vms'];
}

/** A pair of clusters with NFS and iSCSI, a pair of groups with iSCSI, and one host that uses them all. */
export function blockDatacentre({ folder, randomness, size }: DemoOptions, plan: BlockPlan): Datacentre {
  const secret = secretMaker(randomness);
  const hostToken = secret();
  const sizeBytes = datastoreBytes(size);
  const lunBytes = (Math.ceil(4 * 1024 * size) + 2 * 1024) * mebibyte;
  const passwords = { vcenter: secret(), primary: secret(), secondary: secret() };
  const groupPasswords = { primary: secret(), secondary: secret() };
  const luns = plan.lunVolumes.map((name) => ({ name, serial: clusterSerial(randomness) }));
  const groupVolumes = plan.groupVolumes.map((name) => ({ name, serial: groupSerial(randomness) }));
  const nameOf = new Map([
    ...luns.map(({ name, serial }) => [name, `naa.600a0980${Buffer.from(serial).toString('hex')}`] as const),
    ...groupVolumes.map(({ name, serial }) => [name, `eui.${serial}`] as const),
  ]);
  const clusters = ontapPair({
    ...{ folder, secret, passwords, transferBytesPerSecond, hostToken },
    volumes: [
      ...plan.nfsVolumes.map((name) => {
        return { name, policy: 'XDPDefault' as const, isMountedOnSecondary: true, sizeBytes };
      }),
      ...luns.map(({ name, serial }) => ({
        ...{ name, policy: 'MirrorAllSnapshots' as const, isMountedOnSecondary: false, sizeBytes },
        lun: { name: 'lun1', serial, sizeBytes: lunBytes },
      })),
    ],
  });
  const groups = nimblePair({
    ...{ folder, secret, passwords: groupPasswords, hostToken },
    replicationBytesPerSecond: transferBytesPerSecond,
    volumes: groupVolumes.map((volume) => ({ ...volume, sizeMib: lunBytes / mebibyte })),
  });
  const arrays: PlannedArray[] = [
    {
      ...{ name: 'ontap-a', family: 'ontap', role: 'primary', config: clusters.primary },
      ...{ password: passwords.primary, dataAddress: addresses.primary },
    },
    {
      ...{ name: 'ontap-b', family: 'ontap', role: 'secondary', config: clusters.secondary },
      ...{ password: passwords.secondary, dataAddress: addresses.secondary },
    },
    {
      ...{ name: 'nimble-a', family: 'nimble', role: 'primary', config: groups.primary },
      ...{ password: groupPasswords.primary, dataAddress: addresses.nimblePrimary },
    },
    {
      ...{ name: 'nimble-b', family: 'nimble', role: 'secondary', config: groups.secondary },
      ...{ password: groupPasswords.secondary, dataAddress: addresses.nimbleSecondary },
    },
  ];
  const base = vcenterBase({ folder, randomness, password: passwords.vcenter, token: secret() });
  return {
    arrays,
    vcenterPassword: passwords.vcenter,
    vcenter: (running) => ({
      ...base,
      hosts: [
        {
          ...{ name: 'esxi1.lab', datacenter: 'DC1', cluster: 'C1', sourceAddress: addresses.esxi },
          initiatorName: esxiInitiator,
          san: ['ontap-a', 'nimble-a'].map((name) => ({ port: hostPortOf(running, name), token: hostToken })),
        },
      ],
      datastores: [
        ...plan.nfsVolumes.map((name) => nfsDatastore(name, nfsPortsOf(running, 'ontap-a'), sizeBytes)),
        ...plan.vmfs.map(({ name, volumes, ...vmfs }) => ({
          ...{ name, datacenter: 'DC1', type: 'VMFS' as const },
          vmfs: { ...vmfs, luns: volumes.map((volume) => nameOf.get(volume) ?? `no volume ${volume}`) },
        })),
      ],
      vms: plan.vms,
    }),
    connect: async (running, clock, signal) => {
      const named = (name: string) => ({ name, ...running(name) });
      await Promise.all([
        connectClusters(running('ontap-a'), running('ontap-b'), clock, signal),
        connectGroups(named('nimble-a'), named('nimble-b'), clock, signal),
      ]);
    },
  };
}

function clusterSerial(randomness: Randomness): string {
  return Buffer.from(randomness.bytes(9)).toString('base64url');
}

/** Of a volume of a group, in the form of the vendor. */
export function groupSerial(randomness: Randomness): string {
  const hex = (bytes: number) => Buffer.from(randomness.bytes(bytes)).toString('hex');
  return `${hex(8)}6c9ce900${hex(4)}`;
}

function hostPortOf(arrays: RunningArrays, name: string): number {
  const { hostPort } = arrays(name).ready;
  if (hostPort === undefined) throw new Error(`array ${name} has no door for hosts`);
  return hostPort;
}

function nfsPortsOf(arrays: RunningArrays, name: string) {
  const [ports] = arrays(name).ready.dataPorts;
  if (!ports) throw new Error(`array ${name} has no NFS port`);
  return { nfsPort: ports.nfsPort, mountPort: ports.mountPort };
}
