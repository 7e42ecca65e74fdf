import { join } from 'node:path';
import type { NimbleConfigInput } from '../nimble/config.ts';
import { addresses, esxiInitiator } from './addresses.ts';

export interface NimbleMetroOptions {
  readonly folder: string;
  readonly secret: () => string;
  readonly password: string;
  /** Each with the synchronous volume collection that it is in. */
  readonly volumes: readonly {
    readonly name: string;
    readonly serial: string;
    readonly sizeMib: number;
    readonly volumeCollection: string;
  }[];
  readonly hostToken: string;
}

/** The two sides of the group: an array with a pool each. The host uses the first; the second is the secondary. */
export const metroSides = {
  primary: { array: 'metro-a', pool: 'pool-a', address: addresses.metroPrimary },
  secondary: { array: 'metro-b', pool: 'pool-b', address: addresses.metroSecondary },
} as const;

/** One group of two arrays whose volume collections replicate synchronously from the first to the second. */
export function nimbleMetro(options: NimbleMetroOptions): NimbleConfigInput {
  const { folder, secret, password, volumes, hostToken } = options;
  const { primary, secondary } = metroSides;
  const collections = [...new Set(volumes.map(({ volumeCollection }) => volumeCollection))];
  return {
    group: {
      name: 'nimble-m',
      targetScope: 'group',
      arrays: [
        { name: primary.array, serial: 'AF-300001', pool: primary.pool },
        { name: secondary.array, serial: 'AF-300002', pool: secondary.pool },
      ],
    },
    users: [{ name: 'leeward', password, role: 'poweruser' }],
    pools: [{ name: primary.pool }, { name: secondary.pool }],
    subnets: [
      {
        label: 'data1',
        network: '127.0.0.0',
        discoveryAddress: addresses.metroDiscovery,
        dataAddresses: [primary.address],
        otherAddresses: { [secondary.array]: [secondary.address] },
      },
    ],
    initiatorGroups: [{ name: 'esxi', iqns: [esxiInitiator] }],
    volumeCollections: collections.map((name) => ({
      name,
      replicationType: 'synchronous' as const,
      schedules: [{ name: 'daily', partner: secondary.pool, retain: 7, retainReplica: 7 }],
    })),
    volumes: volumes.map((volume) => ({ ...volume, pool: primary.pool, access: ['esxi'] })),
    control: { token: secret() },
    hosts: { token: hostToken },
    behaviour: { operationMs: 0 },
    dataFolder: join(folder, 'nimble-m'),
  };
}
