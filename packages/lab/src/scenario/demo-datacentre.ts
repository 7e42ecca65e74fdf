import { join } from 'node:path';
import type { Randomness } from '@leeward/core';
import type { OntapConfigInput } from '../ontap/config.ts';
import type { VcenterConfigInput } from '../vcenter/config.ts';

/** Loopback addresses of their own, so that export rules and counters tell hosts and arrays apart. */
export const addresses = { esxi: '127.0.0.11', primary: '127.0.0.21', secondary: '127.0.0.22' } as const;

const mebibyte = 1024 * 1024;

export interface DemoOptions {
  readonly folder: string;
  readonly randomness: Randomness;
  /** 1: about 3 GiB provisioned, 1 GiB of real data. */
  readonly size: number;
}

export interface DemoDatacentre {
  readonly primary: OntapConfigInput;
  readonly secondary: OntapConfigInput;
  vcenter(ports: { readonly nfsPort: number; readonly mountPort: number }): VcenterConfigInput;
  readonly passwords: { readonly vcenter: string; readonly primary: string; readonly secondary: string };
}

/**
 * The datacentre of the demo: two datastores on a primary cluster that replicates to a secondary one with equal
 * SVM and volume names. `vm_ds1` goes over a vault relation and is mounted on the secondary; `vm_ds2` goes over a
 * mirror relation and is not mounted there, so that it is read through a clone.
 */
export function demoDatacentre({ folder, randomness, size }: DemoOptions): DemoDatacentre {
  const secret = () => Buffer.from(randomness.bytes(18)).toString('base64url');
  const passwords = { vcenter: secret(), primary: secret(), secondary: secret() };
  const link = secret();
  const volumeBytes = Math.ceil(8 * 1024 * size) * mebibyte + 4 * 1024 * mebibyte;
  const common = {
    intercluster: { token: link },
    peer: { token: link },
    svms: [] as OntapConfigInput['svms'],
  };
  const esxiOnly = [{ clients: [addresses.esxi], ro: ['sys'], rw: ['sys'], superuser: ['sys'] }];
  return {
    passwords,
    primary: {
      ...common,
      cluster: { name: 'ontap-a', version: '9.14.1' },
      accounts: [{ name: 'leeward', password: passwords.primary }],
      control: { token: secret() },
      dataFolder: join(folder, 'ontap-a'),
      svms: [
        {
          name: 'svm1',
          lifs: [{ name: 'data1', address: addresses.primary }],
          exportPolicies: [{ name: 'default', rules: esxiOnly }],
          volumes: [
            { name: 'vm_ds1', sizeBytes: volumeBytes, junction: '/vm_ds1' },
            { name: 'vm_ds2', sizeBytes: volumeBytes, junction: '/vm_ds2' },
          ],
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
          lifs: [{ name: 'data1', address: addresses.secondary }],
          volumes: [
            { name: 'vm_ds1', sizeBytes: volumeBytes, type: 'dp', junction: '/vm_ds1' },
            { name: 'vm_ds2', sizeBytes: volumeBytes, type: 'dp' },
          ],
          peers: [{ svm: 'svm1', alias: 'svm1_prod' }],
        },
      ],
      relations: [
        { source: 'svm1_prod:vm_ds1', destination: 'svm1:vm_ds1', policy: 'XDPDefault' },
        { source: 'svm1_prod:vm_ds2', destination: 'svm1:vm_ds2', policy: 'MirrorAllSnapshots' },
      ],
      behaviour: { transferBytesPerSecond: 400 * mebibyte },
    },
    vcenter: ({ nfsPort, mountPort }) => ({
      name: 'vcenter.lab',
      instanceUuid: randomness.uuid(),
      control: { token: secret() },
      folder: join(folder, 'vcenter'),
      accounts: [{ userName: 'leeward@vsphere.local', password: passwords.vcenter }],
      hosts: [{ name: 'esxi1.lab', datacenter: 'DC1', cluster: 'C1', sourceAddress: addresses.esxi }],
      datastores: ['vm_ds1', 'vm_ds2'].map((name) => ({
        name,
        datacenter: 'DC1',
        type: 'NFS' as const,
        remoteHost: addresses.primary,
        remotePath: `/${name}`,
        capacityBytes: volumeBytes,
        files: {
          kind: 'nfs' as const,
          address: addresses.primary,
          exportPath: `/${name}`,
          nfsPort,
          mountPort,
        },
      })),
      vms: demoVms(size),
    }),
  };
}

function demoVms(size: number): VcenterConfigInput['vms'] {
  const common = { datacenter: 'DC1', host: 'esxi1.lab', changeTracking: false };
  const disk = (mebibytes: number, seed: number) => ({
    sizeBytes: Math.max(16, Math.round((mebibytes * size) / 16) * 16) * mebibyte,
    fill: { seed, ratio: 0.34 },
  });
  const guest = (seed: number) => ({ seed, bytesPerSecond: Math.round(2 * mebibyte * Math.min(size, 1)) });
  return [
    { ...common, name: 'web-01', datastore: 'vm_ds1', disks: [disk(1024, 1)], guest: guest(1) },
    { ...common, name: 'db-01', datastore: 'vm_ds1', disks: [disk(768, 2), disk(512, 3)], guest: guest(2) },
    { ...common, name: 'Büro [alt] Server 01', datastore: 'vm_ds2', disks: [disk(768, 4)], guest: guest(3) },
  ];
}
