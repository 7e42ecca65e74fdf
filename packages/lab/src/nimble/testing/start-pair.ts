import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandomness } from '@leeward/platform';
import type { NimbleConfigInput } from '../config.ts';
import { type NimbleSimulator, type SimulatorDeps, startNimbleSimulator } from '../simulator.ts';

export const token = 'token-for-tests';
export const admin = { name: 'leeward', password: 'nimble-secret' };
const secret = 'shared-secret';

/** A primary with a replicated volume collection of two datastores, and a volume outside of it. */
export function primaryConfig(dataFolder: string): NimbleConfigInput {
  return {
    group: { name: 'grp-prod', uid: '25dab4ed8948f2e0' },
    users: [admin, { name: 'watcher', password: 'only-looking', role: 'guest' }],
    subnets: [
      {
        label: 'data1',
        network: '127.0.0.0',
        discoveryAddress: '127.0.0.1',
        dataAddresses: ['127.0.0.1'],
      },
    ],
    initiatorGroups: [{ name: 'esxi', iqns: ['iqn.1998-01.com.vmware:esxi1'] }],
    partners: [{ name: 'grp-dr', secret }],
    volumeCollections: [
      { name: 'vc-prod', schedules: [{ name: 'daily', partner: 'grp-dr', retain: 3, retainReplica: 2 }] },
      { name: 'vc-local', schedules: [{ name: 'hourly', periodUnit: 'hours', retain: 2 }] },
    ],
    volumes: [
      { name: 'ds1', sizeMib: 2048, volumeCollection: 'vc-prod', access: ['esxi'] },
      { name: 'ds2', sizeMib: 1024, volumeCollection: 'vc-prod', access: ['esxi'] },
      { name: 'ds3', sizeMib: 1024, volumeCollection: 'vc-local', access: ['esxi'], applyTo: 'both' },
      { name: 'scratch', sizeMib: 256 },
    ],
    control: { token },
    hosts: { token },
    behaviour: { operationMs: 5 },
    dataFolder: join(dataFolder, 'primary'),
  };
}

export function secondaryConfig(dataFolder: string): NimbleConfigInput {
  return {
    group: { name: 'grp-dr', uid: '76ab0139cc41d7f2' },
    users: [admin],
    subnets: [
      {
        label: 'data1',
        network: '127.0.0.0',
        discoveryAddress: '127.0.0.1',
        dataAddresses: ['127.0.0.1'],
      },
    ],
    initiatorGroups: [{ name: 'proxy', iqns: ['iqn.2024-01.org.leeward:proxy1'] }],
    partners: [{ name: 'grp-prod', secret }],
    control: { token },
    behaviour: { operationMs: 5 },
    dataFolder: join(dataFolder, 'secondary'),
  };
}

export interface Pair {
  readonly primary: NimbleSimulator;
  readonly secondary: NimbleSimulator;
  readonly folder: string;
  close(): Promise<void>;
}

export interface PairOptions {
  change?(primary: NimbleConfigInput, secondary: NimbleConfigInput): void;
  readonly deps?: Partial<SimulatorDeps>;
}

/** Both groups in this process, partners of each other. */
export async function startPair({ change, deps }: PairOptions = {}): Promise<Pair> {
  const folder = await mkdtemp(join(tmpdir(), 'nimble-pair-'));
  const all = { clock: systemClock, randomness: systemRandomness, ...deps };
  const primaryInput = primaryConfig(folder);
  const secondaryInput = secondaryConfig(folder);
  change?.(primaryInput, secondaryInput);
  const primary = await startNimbleSimulator(primaryInput, all);
  const secondary = await startNimbleSimulator(secondaryInput, all);
  await primary.apply({ partnerPorts: { 'grp-dr': secondary.addresses.replicationPort } });
  await secondary.apply({ partnerPorts: { 'grp-prod': primary.addresses.replicationPort } });
  const close = async () => {
    await Promise.all([primary.close(), secondary.close()]);
    await rm(folder, { recursive: true, force: true });
  };
  return { primary, secondary, folder, close };
}
