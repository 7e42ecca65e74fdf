import { join } from 'node:path';
import type { Randomness } from '@leeward/core';
import type { OntapConfigInput } from '../ontap/config.ts';
import type { VcenterConfigInput } from '../vcenter/config.ts';
import { addresses, mebibyte } from './addresses.ts';
import { ontapPair } from './ontap-pair.ts';

export { addresses } from './addresses.ts';

export interface DemoOptions {
  readonly folder: string;
  readonly randomness: Randomness;
  /** 1: about 3 GiB provisioned, 1 GiB of real data. */
  readonly size: number;
}

export interface NfsPorts {
  readonly nfsPort: number;
  readonly mountPort: number;
}

export interface DemoDatacentre {
  readonly primary: OntapConfigInput;
  readonly secondary: OntapConfigInput;
  vcenter(ports: NfsPorts): VcenterConfigInput;
  readonly passwords: { readonly vcenter: string; readonly primary: string; readonly secondary: string };
}

/** Secrets as a careful administrator makes them. */
export function secretMaker(randomness: Randomness): () => string {
  return () => Buffer.from(randomness.bytes(18)).toString('base64url');
}

/** Room for the VMs of a datastore of that size, and for what changes. */
export function datastoreBytes(size: number): number {
  return (Math.ceil(8 * 1024 * size) + 4 * 1024) * mebibyte;
}

export const transferBytesPerSecond = 400 * mebibyte;

/**
 * The datacentre with NFS alone: two datastores on a primary cluster that replicates to a secondary one with equal
 * SVM and volume names. `vm_ds1` goes over a vault relation and is mounted on the secondary; `vm_ds2` goes over a
 * mirror relation and is not mounted there, so that it is read through a clone.
 */
export function demoDatacentre({ folder, randomness, size }: DemoOptions): DemoDatacentre {
  const secret = secretMaker(randomness);
  const passwords = { vcenter: secret(), primary: secret(), secondary: secret() };
  const sizeBytes = datastoreBytes(size);
  const volumes = [
    { name: 'vm_ds1', policy: 'XDPDefault', isMountedOnSecondary: true, sizeBytes },
    { name: 'vm_ds2', policy: 'MirrorAllSnapshots', isMountedOnSecondary: false, sizeBytes },
  ] as const;
  return {
    passwords,
    ...ontapPair({ folder, secret, passwords, volumes, transferBytesPerSecond }),
    vcenter: (ports) => ({
      ...vcenterBase({ folder, randomness, password: passwords.vcenter, token: secret() }),
      hosts: [{ name: 'esxi1.lab', datacenter: 'DC1', cluster: 'C1', sourceAddress: addresses.esxi }],
      datastores: volumes.map(({ name }) => nfsDatastore(name, ports, sizeBytes)),
      vms: demoVms(size),
    }),
  };
}

/** What every vCenter of a scenario has. */
export function vcenterBase(options: {
  readonly folder: string;
  readonly randomness: Randomness;
  readonly password: string;
  readonly token: string;
}): Pick<VcenterConfigInput, 'name' | 'instanceUuid' | 'control' | 'folder' | 'accounts'> {
  return {
    name: 'vcenter.lab',
    instanceUuid: options.randomness.uuid(),
    control: { token: options.token },
    folder: join(options.folder, 'vcenter'),
    accounts: [{ userName: 'leeward@vsphere.local', password: options.password }],
  };
}

/** A datastore on the volume of that name of the primary cluster. */
export function nfsDatastore(
  name: string,
  ports: NfsPorts,
  capacityBytes: number,
): VcenterConfigInput['datastores'][number] {
  const address = addresses.primary;
  const exportPath = `/${name}`;
  return {
    ...{ name, datacenter: 'DC1', type: 'NFS', remoteHost: address, remotePath: exportPath, capacityBytes },
    files: { kind: 'nfs', address, exportPath, ...ports },
  };
}

/** Disks and guest of a VM, by size and seed. */
export function demoVm(size: number, seed: number, mebibytes: readonly number[]) {
  return {
    datacenter: 'DC1',
    host: 'esxi1.lab',
    changeTracking: false,
    disks: mebibytes.map((each, index) => ({
      sizeBytes: Math.max(16, Math.round((each * size) / 16) * 16) * mebibyte,
      fill: { seed: seed * 10 + index, ratio: 0.34 },
    })),
    guest: { seed, bytesPerSecond: Math.round(2 * mebibyte * Math.min(size, 1)) },
  };
}

function demoVms(size: number): VcenterConfigInput['vms'] {
  return [
    { ...demoVm(size, 1, [1024]), name: 'web-01', datastore: 'vm_ds1' },
    { ...demoVm(size, 2, [768, 512]), name: 'db-01', datastore: 'vm_ds1' },
    { ...demoVm(size, 3, [768]), name: 'Büro [alt] Server 01', datastore: 'vm_ds2' },
  ];
}
