import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { demoDatacentre } from '@leeward/lab/scenario/demo-datacentre';
import { startSimulator } from '@leeward/lab/scenario/simulator-process';
import { systemClock, systemRandomness } from '@leeward/platform';
import { Site } from './site.ts';
import type { ArrayConfig, VcenterConfig } from './test-lab.ts';

const mebibyte = 1024 * 1024;
const backupRights = [
  'VirtualMachine.State.CreateSnapshot',
  'VirtualMachine.Config.ChangeTracking',
  'VirtualMachine.Provisioning.DiskRandomRead',
];

/** Account on both arrays that may not look at relations. */
export const weakArrayAccount = { name: 'weak', password: 'weak-password' } as const;

/**
 * The demo's datacentre with what goes wrong in practice: two VMs named `twin`, VM `foreign` on storage that no
 * array knows, VM `guarded` whose VMware snapshots our account may make but not remove. VM `plain` is read through
 * the mounted secondary volume, VM `cloned` through a clone.
 */
export function badInputSite(): Promise<Site> {
  const arrays = { primary: withWeakAccount, secondary: withWeakAccount };
  return Site.start({ size: 0.01, vcenter: badVcenter, ...arrays });
}

function badVcenter(config: VcenterConfig): VcenterConfig {
  const common = { datacenter: 'DC1', host: 'esxi1.lab', changeTracking: false };
  const disks = [{ sizeBytes: 16 * mebibyte, fill: { seed: 1, ratio: 0.5 } }];
  const vm = (name: string, datastore: string, folder = '') => ({
    ...common,
    name,
    datastore,
    folder,
    disks,
  });
  const [account] = config.accounts;
  if (!account) throw new Error('the lab has no account');
  return {
    ...config,
    accounts: [
      {
        ...account,
        permissions: [
          { path: '/', privileges: 'all' },
          { path: '/DC1/vm/guarded', privileges: backupRights },
        ],
      },
    ],
    datastores: [
      ...config.datastores,
      {
        ...{ name: 'elsewhere', datacenter: 'DC1', type: 'NFS', remoteHost: '127.0.0.99', remotePath: '/x' },
        files: { kind: 'folder', path: join(config.folder, '..', 'elsewhere') },
      },
    ],
    vms: [
      vm('plain', 'vm_ds1'),
      vm('cloned', 'vm_ds2'),
      vm('guarded', 'vm_ds1'),
      vm('twin', 'vm_ds1', 'a'),
      vm('twin', 'vm_ds1', 'b'),
      vm('foreign', 'elsewhere'),
    ],
  };
}

function withWeakAccount(config: ArrayConfig): ArrayConfig {
  const privileges = [
    { path: '/api', access: 'readonly' as const },
    { path: '/api/snapmirror', access: 'none' as const },
  ];
  return {
    ...config,
    accounts: [...config.accounts, { ...weakArrayAccount, role: 'weak' }],
    roles: [{ name: 'weak', privileges }],
  };
}

export interface OldSystem {
  readonly port: number;
  readonly fingerprint: string;
  readonly password: string;
  readonly pid: number;
}

/** An array of a release before the oldest that is supported. */
export async function startOldArray(site: Site): Promise<OldSystem> {
  const folder = join(site.folder, 'old');
  await mkdir(folder, { recursive: true });
  const { primary, passwords } = demoDatacentre({ folder, size: 0.01, randomness: systemRandomness });
  const config = {
    ...primary,
    cluster: { name: 'old-array', version: '9.9.1' },
    svms: [{ name: 'svm1' }],
    peer: undefined,
    intercluster: undefined,
  };
  const start = { kind: 'ontap', name: 'old-array', config, folder, clock: systemClock } as const;
  const { pid, ready } = await startSimulator(start);
  const seen = ready as { restPort: number; certificateSha256: string };
  return { pid, port: seen.restPort, fingerprint: seen.certificateSha256, password: passwords.primary };
}

/** A vCenter of a version before the oldest that is supported. */
export async function startOldVcenter(site: Site): Promise<OldSystem> {
  const folder = join(site.folder, 'old');
  await mkdir(folder, { recursive: true });
  const { vcenter, passwords } = demoDatacentre({ folder, size: 0.01, randomness: systemRandomness });
  const config = {
    ...vcenter({ nfsPort: 1, mountPort: 1 }),
    apiVersion: '6.0',
    vms: [],
    datastores: [
      { name: 'local', datacenter: 'DC1', type: 'NFS', remoteHost: 'h', remotePath: '/x', files: undefined },
    ],
  };
  const start = { kind: 'vcenter', name: 'old-vcenter', config, folder, clock: systemClock } as const;
  const { pid, ready } = await startSimulator(start);
  const seen = ready as { port: number; fingerprintSha256: string };
  return { pid, port: seen.port, fingerprint: seen.fingerprintSha256, password: passwords.vcenter };
}
