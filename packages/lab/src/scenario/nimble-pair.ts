import { join } from 'node:path';
import type { NimbleConfigInput } from '../nimble/config.ts';
import { addresses, esxiInitiator } from './addresses.ts';

export interface NimblePairOptions {
  readonly folder: string;
  readonly secret: () => string;
  readonly passwords: { readonly primary: string; readonly secondary: string };
  readonly volumes: readonly { readonly name: string; readonly serial: string; readonly sizeMib: number }[];
  readonly replicationBytesPerSecond: number;
  readonly hostToken: string;
}

export interface NimblePair {
  readonly primary: NimbleConfigInput;
  readonly secondary: NimbleConfigInput;
}

/** Names in the pair that others need: the replicated volume collection and its schedule. */
export const protection = { volumeCollection: 'vmware', schedule: 'daily' } as const;

/** Two groups that replicate one volume collection, whose volumes are mapped to the host on the primary. */
export function nimblePair(options: NimblePairOptions): NimblePair {
  const { folder, secret, passwords, volumes, hostToken, replicationBytesPerSecond } = options;
  const link = secret();
  const group = (name: string, other: string, address: string, password: string) => ({
    group: { name },
    users: [{ name: 'leeward', password, role: 'poweruser' as const }],
    subnets: [{ label: 'data1', network: '127.0.0.0', discoveryAddress: address, dataAddresses: [address] }],
    partners: [{ name: other, secret: link }],
    control: { token: secret() },
    behaviour: { replicationBytesPerSecond },
    dataFolder: join(folder, name),
  });
  return {
    primary: {
      ...group('nimble-a', 'nimble-b', addresses.nimblePrimary, passwords.primary),
      hosts: { token: hostToken },
      initiatorGroups: [{ name: 'esxi', iqns: [esxiInitiator] }],
      volumeCollections: [
        {
          name: protection.volumeCollection,
          schedules: [{ name: protection.schedule, partner: 'nimble-b', retain: 7, retainReplica: 7 }],
        },
      ],
      volumes: volumes.map((volume) => ({
        ...volume,
        volumeCollection: protection.volumeCollection,
        access: ['esxi'],
      })),
    },
    secondary: group('nimble-b', 'nimble-a', addresses.nimbleSecondary, passwords.secondary),
  };
}
