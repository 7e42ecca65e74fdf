import { addresses, esxiInitiator } from '@leeward/lab/scenario/addresses';
import { connectGroups } from '@leeward/lab/scenario/connect-pairs';
import type { Datacentre } from '@leeward/lab/scenario/datacentre';
import {
  type DemoOptions,
  demoVm,
  secretMaker,
  transferBytesPerSecond,
  vcenterBase,
} from '@leeward/lab/scenario/demo-datacentre';
import { nimblePair } from '@leeward/lab/scenario/nimble-pair';

export const groupNames = { primary: 'nimble-a', secondary: 'nimble-b' } as const;

/** The VM, its datastore and its volume are named alike. */
export const groupVolume = 'vm-group';

/** Room on the secondary besides the replica, also for clones that rows leave there until it is back. */
export const spareVolumes = 4;

/** Two groups that replicate one volume collection of one volume. */
export function groupCentre({ folder, randomness, size }: DemoOptions): Datacentre {
  const secret = secretMaker(randomness);
  const hostToken = secret();
  const vcenterPassword = secret();
  const passwords = { primary: secret(), secondary: secret() };
  const hex = (bytes: number) => Buffer.from(randomness.bytes(bytes)).toString('hex');
  const serial = `${hex(8)}6c9ce900${hex(4)}`;
  const pair = nimblePair({
    ...{ folder, secret, passwords, hostToken, replicationBytesPerSecond: transferBytesPerSecond },
    volumes: [{ name: groupVolume, serial, sizeMib: 2 * 1024 }],
  });
  const secondary = { ...pair.secondary, limits: { volumes: spareVolumes + 1 } };
  return {
    arrays: [
      {
        ...{ name: groupNames.primary, family: 'nimble', role: 'primary', config: pair.primary },
        ...{ password: passwords.primary, dataAddress: addresses.nimblePrimary },
      },
      {
        ...{ name: groupNames.secondary, family: 'nimble', role: 'secondary', config: secondary },
        ...{ password: passwords.secondary, dataAddress: addresses.nimbleSecondary },
      },
    ],
    vcenterPassword,
    vcenter: (running) => {
      const { hostPort } = running(groupNames.primary).ready;
      if (hostPort === undefined) throw new Error('the primary group serves no hosts');
      return {
        ...vcenterBase({ folder, randomness, password: vcenterPassword, token: secret() }),
        hosts: [
          {
            ...{ name: 'esxi1.lab', datacenter: 'DC1', cluster: 'C1', sourceAddress: addresses.esxi },
            ...{ initiatorName: esxiInitiator, san: [{ port: hostPort, token: hostToken }] },
          },
        ],
        datastores: [
          {
            ...{ name: groupVolume, datacenter: 'DC1', type: 'VMFS' as const },
            vmfs: { luns: [`eui.${serial}`] },
          },
        ],
        vms: [
          {
            ...{ ...demoVm(size, 1, [1024]), guest: { seed: 1, bytesPerSecond: 0 } },
            ...{ name: groupVolume, datastore: groupVolume },
          },
        ],
      };
    },
    connect: (running, clock, signal) => {
      const named = (name: string) => ({ name, ...running(name) });
      return connectGroups(named(groupNames.primary), named(groupNames.secondary), clock, signal);
    },
  };
}
