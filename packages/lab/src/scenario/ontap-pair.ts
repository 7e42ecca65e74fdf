import { join } from 'node:path';
import type { OntapConfigInput } from '../ontap/config.ts';
import { addresses, esxiInitiator } from './addresses.ts';

/** A replicated volume of the pair. */
export interface PairVolume {
  readonly name: string;
  readonly policy: 'XDPDefault' | 'MirrorAllSnapshots';
  /** Mounted on the secondary too: then the copy is read in its snapshot directory, else through a clone. */
  readonly isMountedOnSecondary: boolean;
  readonly sizeBytes: number;
  /** A LUN in it instead of files: mapped to the host on the primary. */
  readonly lun?: { readonly name: string; readonly serial: string; readonly sizeBytes: number };
}

export interface OntapPairOptions {
  readonly folder: string;
  readonly secret: () => string;
  readonly passwords: { readonly primary: string; readonly secondary: string };
  readonly volumes: readonly PairVolume[];
  readonly transferBytesPerSecond: number;
  /** Token of the door for hosts; absent: no SAN at all. */
  readonly hostToken?: string;
}

export interface OntapPair {
  readonly primary: OntapConfigInput;
  readonly secondary: OntapConfigInput;
}

/** Two clusters, the secondary with equal SVM and volume names, and a relation for each volume. */
export function ontapPair(options: OntapPairOptions): OntapPair {
  const { folder, secret, passwords, volumes, hostToken } = options;
  const link = secret();
  const esxiOnly = [{ clients: [addresses.esxi], ro: ['sys'], rw: ['sys'], superuser: ['sys'] }];
  const common = { intercluster: { token: link }, peer: { token: link } };
  const san = hostToken !== undefined;
  const lifs = (nfs: string, iscsi: string) => [
    { name: 'data1', address: nfs },
    ...(san ? [{ name: 'iscsi1', address: iscsi, services: ['data_core', 'data_iscsi'] }] : []),
  ];
  const igroup = { name: 'esxi', initiators: [esxiInitiator] };
  return {
    primary: {
      ...common,
      cluster: { name: 'ontap-a', version: '9.14.1' },
      accounts: [{ name: 'leeward', password: passwords.primary }],
      control: { token: secret() },
      dataFolder: join(folder, 'ontap-a'),
      ...(san ? { hosts: { token: hostToken } } : {}),
      svms: [
        {
          name: 'svm1',
          lifs: lifs(addresses.primary, addresses.primaryIscsi),
          exportPolicies: [{ name: 'default', rules: esxiOnly }],
          ...(san ? { iscsi: {}, igroups: [igroup] } : {}),
          volumes: volumes.map(({ name, sizeBytes, lun }) =>
            lun
              ? { name, sizeBytes, luns: [{ ...lun, maps: [{ igroup: igroup.name }] }] }
              : { name, sizeBytes, junction: `/${name}` },
          ),
          peers: [{ svm: 'svm1', alias: 'svm1_dr' }],
        },
      ],
    },
    secondary: {
      ...common,
      cluster: { name: 'ontap-b', version: '9.14.1', serialNumber: '1-80-000022' },
      accounts: [{ name: 'leeward', password: passwords.secondary }],
      control: { token: secret() },
      dataFolder: join(folder, 'ontap-b'),
      svms: [
        {
          name: 'svm1',
          lifs: lifs(addresses.secondary, addresses.secondaryIscsi),
          ...(san ? { iscsi: {} } : {}),
          volumes: volumes.map(({ name, sizeBytes, isMountedOnSecondary }) => ({
            name,
            sizeBytes,
            type: 'dp' as const,
            ...(isMountedOnSecondary ? { junction: `/${name}` } : {}),
          })),
          peers: [{ svm: 'svm1', alias: 'svm1_prod' }],
        },
      ],
      relations: volumes.map(({ name, policy }) => ({
        source: `svm1_prod:${name}`,
        destination: `svm1:${name}`,
        policy,
      })),
      behaviour: { transferBytesPerSecond: options.transferBytesPerSecond },
    },
  };
}
