import type { NimbleConfigInput } from '../config.ts';
import { admin, token } from './start-pair.ts';

/** Names and addresses of the two sides of `syncConfig`. */
export const sides = {
  upstream: { array: 'arr-a', pool: 'pool-a', address: '127.0.0.45' },
  downstream: { array: 'arr-b', pool: 'pool-b', address: '127.0.0.46' },
} as const;

/**
 * One group of two arrays with a pool each: two synchronous volume collections (`vc-sync` of two volumes, `vc-one` of
 * one), a volume that no collection holds, and one downstream that is nobody's half.
 */
export function syncConfig(dataFolder: string): NimbleConfigInput {
  const { upstream, downstream } = sides;
  const schedules = [{ name: 'daily', partner: downstream.pool, retain: 3, retainReplica: 3 }];
  const member = (name: string, volumeCollection: string) => ({
    name,
    sizeMib: 64,
    pool: upstream.pool,
    volumeCollection,
    access: ['esxi'],
  });
  return {
    group: {
      name: 'grp-metro',
      uid: '3c9ab4ed8948f2e0',
      targetScope: 'group',
      arrays: [
        { name: upstream.array, serial: 'AF-200001', pool: upstream.pool },
        { name: downstream.array, serial: 'AF-200002', pool: downstream.pool },
      ],
    },
    users: [admin, { name: 'watcher', password: 'only-looking', role: 'guest' }],
    pools: [{ name: upstream.pool }, { name: downstream.pool }],
    subnets: [
      {
        label: 'data1',
        network: '127.0.0.0',
        discoveryAddress: '127.0.0.44',
        dataAddresses: [upstream.address],
        otherAddresses: { [downstream.array]: [downstream.address] },
      },
    ],
    initiatorGroups: [{ name: 'esxi', iqns: ['iqn.1998-01.com.vmware:esxi1'] }],
    volumeCollections: [
      { name: 'vc-sync', replicationType: 'synchronous', schedules },
      { name: 'vc-one', replicationType: 'synchronous', schedules },
    ],
    volumes: [
      member('ds1', 'vc-sync'),
      member('ds2', 'vc-sync'),
      member('ds3', 'vc-one'),
      { name: 'sep-a', sizeMib: 64, pool: upstream.pool },
      { name: 'sep-b', sizeMib: 64, pool: downstream.pool },
    ],
    control: { token },
    hosts: { token },
    behaviour: { operationMs: 0, resyncMs: 60, switchoverMs: 60 },
    dataFolder,
  };
}
