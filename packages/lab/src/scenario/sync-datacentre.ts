import type { Clock } from '@leeward/core';
import { z } from 'zod';
import { addresses, esxiInitiator } from './addresses.ts';
import { groupSerial } from './block-datacentre.ts';
import type { Datacentre, RunningArray } from './datacentre.ts';
import { type DemoOptions, demoVm, secretMaker, vcenterBase } from './demo-datacentre.ts';
import { nimbleMetro } from './nimble-metro.ts';

const name = 'nimble-m';

/** VMFS datastores by their volume, and the synchronous volume collection of each. */
const datastores = [
  { datastore: 'vm_ds1', volume: 'vm-ds1', volumeCollection: 'metro' },
  { datastore: 'vm_ds2', volume: 'vm-ds2', volumeCollection: 'metro' },
  { datastore: 'vm_ds3', volume: 'vm-ds3', volumeCollection: 'metro-3' },
] as const;

/**
 * Synchronous replication, for tests: one group of two arrays, which freezes both sides at once; a VM on one volume, one
 * over two volumes of one volume collection, and one on another volume collection.
 */
export function syncDatacentre({ folder, randomness, size }: DemoOptions): Datacentre {
  const secret = secretMaker(randomness);
  const hostToken = secret();
  const passwords = { vcenter: secret(), group: secret() };
  const sizeMib = Math.ceil(4 * 1024 * size) + 2 * 1024;
  const volumes = datastores.map(({ volume, volumeCollection }) => {
    return { name: volume, serial: groupSerial(randomness), sizeMib, volumeCollection };
  });
  const config = nimbleMetro({ folder, secret, password: passwords.group, volumes, hostToken });
  const base = vcenterBase({ folder, randomness, password: passwords.vcenter, token: secret() });
  const two = demoVm(size, 2, [512, 512]);
  return {
    arrays: [
      {
        ...{ name, family: 'nimble', role: 'primary', config },
        ...{ password: passwords.group, dataAddress: addresses.metroPrimary },
      },
    ],
    vcenterPassword: passwords.vcenter,
    vcenter: (running) => ({
      ...base,
      hosts: [
        {
          ...{ name: 'esxi1.lab', datacenter: 'DC1', cluster: 'C1', sourceAddress: addresses.esxi },
          initiatorName: esxiInitiator,
          san: [{ port: hostPortOf(running(name)), token: hostToken }],
        },
      ],
      datastores: datastores.map(({ datastore, volume }) => ({
        ...{ name: datastore, datacenter: 'DC1', type: 'VMFS' as const },
        vmfs: { luns: [`eui.${volumes.find((each) => each.name === volume)?.serial}`] },
      })),
      vms: [
        { ...demoVm(size, 1, [1024]), name: 'app-01', datastore: 'vm_ds1' },
        {
          ...two,
          ...{ name: 'db-01', datastore: 'vm_ds1' },
          disks: two.disks.map((disk, at) => (at === 1 ? { ...disk, datastore: 'vm_ds2' } : disk)),
        },
        { ...demoVm(size, 3, [512]), name: 'web-01', datastore: 'vm_ds3' },
      ],
    }),
    connect: (running, clock, signal) => untilInSync(running(name), clock, signal),
  };
}

const pollMs = 100;
const stateSchema = z.looseObject({
  volumeCollections: z.array(z.looseObject({ synchronous: z.looseObject({ state: z.string() }).optional() })),
});

/** What hosts wrote meanwhile is on both sides. */
async function untilInSync({ control }: RunningArray, clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { volumeCollections } = stateSchema.parse(await control.get('/state'));
    const states = volumeCollections.map(({ synchronous }) => synchronous?.state);
    if (states.every((state) => state === 'in_sync')) return;
    await clock.sleep(pollMs, signal);
  }
}

function hostPortOf({ ready }: RunningArray): number {
  if (ready.hostPort === undefined) throw new Error(`array ${name} has no door for hosts`);
  return ready.hostPort;
}
