import type { OntapConfigInput } from '@leeward/lab/ontap/config';
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
  readonly isMounted?: boolean;
  readonly isLun?: boolean;
  /** The consistency group that the relation is one of, on both sides. */
  readonly group?: string;
}

/** One volume with one VM for each relation kind, so that what breaks one leaves the others alone. */
export const clusterRelations: Readonly<Record<string, ClusterRelation>> = {
  'ontap-mirror': { volume: 'vm_mirror', policy: 'MirrorAllSnapshots' },
  'ontap-vault': { volume: 'vm_vault', policy: 'XDPDefault', isMounted: true },
  'ontap-mirror-vault': { volume: 'vm_unified', policy: 'MirrorAndVault' },
  'ontap-mirror-lun': { volume: 'vm_lun', policy: 'MirrorAllSnapshots', isLun: true },
};

/** The synchronous ones. */
export const syncClusterRelations: Readonly<Record<string, ClusterRelation>> = {
  'ontap-sync': { volume: 'vm_sync', policy: 'Sync' },
  'ontap-strict-sync': { volume: 'vm_strict_lun', policy: 'StrictSync', isLun: true },
  'ontap-active-sync': {
    volume: 'vm_active_lun',
    policy: 'AutomatedFailOver',
    isLun: true,
    group: 'cg_active',
  },
};

const lunBytes = 2 * 1024 * mebibyte;

/** Both sides know active sync and need no labels for it. */
const release = '9.16.1';

/** Two clusters with one relation of each of these kinds, over NFS and over iSCSI. */
export function clusterCentre(
  relationKinds: Readonly<Record<string, ClusterRelation>>,
  { folder, randomness, size }: DemoOptions,
): Datacentre {
  const kinds = Object.values(relationKinds);
  const secret = secretMaker(randomness);
  const hostToken = secret();
  const passwords = { vcenter: secret(), primary: secret(), secondary: secret() };
  const sizeBytes = datastoreBytes(size);
  const serials = new Map(
    kinds.map(({ volume }) => [volume, Buffer.from(randomness.bytes(9)).toString('base64url')]),
  );
  const serialOf = (volume: string) => serials.get(volume) ?? '';
  const pair = ontapPair({
    ...{ folder, secret, passwords, transferBytesPerSecond, hostToken },
    volumes: kinds.map(({ volume: name, isMounted = false, isLun }) => ({
      ...{ name, policy: 'XDPDefault' as const, isMountedOnSecondary: isMounted, sizeBytes },
      ...(isLun ? { lun: { name: 'lun1', serial: serialOf(name), sizeBytes: lunBytes } } : {}),
    })),
  });
  const primary = withGroups(pair.primary, kinds);
  const secondary = { ...withGroups(pair.secondary, kinds), relations: kinds.map(relationOf) };
  return {
    arrays: [
      {
        ...{ name: clusterNames.primary, family: 'ontap', role: 'primary', config: primary },
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
        datastores: kinds.map(({ volume: name, isLun }) =>
          isLun
            ? {
                ...{ name, datacenter: 'DC1', type: 'VMFS' as const },
                vmfs: { luns: [`naa.600a0980${Buffer.from(serialOf(name)).toString('hex')}`] },
              }
            : nfsDatastore(name, ports, sizeBytes),
        ),
        vms: kinds.map(({ volume }, at) => ({
          ...{ ...demoVm(size, at + 1, [1024]), guest: { seed: at, bytesPerSecond: 0 } },
          ...{ name: volume, datastore: volume },
        })),
      };
    },
    connect: (running, clock, signal) =>
      connectClusters(running(clusterNames.primary), running(clusterNames.secondary), clock, signal),
  };
}

function relationOf({ volume, policy, group }: ClusterRelation) {
  const name = group === undefined ? volume : `/cg/${group}`;
  return {
    ...{ source: `svm1_prod:${name}`, destination: `svm1:${name}`, policy },
    ...(group === undefined ? {} : { volumes: [{ source: volume, destination: volume }] }),
  };
}

function withGroups(config: OntapConfigInput, kinds: readonly ClusterRelation[]): OntapConfigInput {
  const groups = kinds.flatMap(({ group, volume }) =>
    group === undefined ? [] : [{ name: group, volumes: [volume] }],
  );
  return {
    ...config,
    ...(groups.length > 0 ? { cluster: { ...config.cluster, version: release } } : {}),
    svms: config.svms.map((svm) => ({ ...svm, consistencyGroups: groups })),
  };
}
