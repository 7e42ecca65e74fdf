import type { TransferPolicy } from '@leeward/arrays';
import { requiredPermissions } from '@leeward/arrays/ontap/permissions';
import type { Side } from '@leeward/arrays/testing/array-world';
import type { OntapConfigInput } from '@leeward/lab/ontap/config';

/** Names are equal on both sides and the secondary knows the primary's SVM under an alias. */
export const svm = 'svm_vms';
const alias = 'svm_prod';
export const proxyAddress = '127.0.0.50';
const lifs = { primary: '127.0.0.31', secondary: '127.0.0.32' } as const;
export const proxyIqn = 'iqn.2026-01.org.leeward:proxy-1';
const token = 'intercluster-token';
const sizeBytes = 256 * 1024 * 1024;
const esxRule = { clients: ['198.51.100.0/24'], ro: ['sys'], rw: ['sys'], superuser: ['sys'] };
export const nightly = 'admin_nightly';

export interface Replicated {
  readonly volume: string;
  readonly policy: TransferPolicy;
  readonly mirrorPolicy: string;
  readonly junction?: string;
  readonly luns?: readonly string[];
}

export const replicated: readonly Replicated[] = [
  { volume: 'ds_vault', policy: 'vault', mirrorPolicy: 'lw_vault', junction: '/dc/ds_vault' },
  { volume: 'ds_mirror', policy: 'mirror', mirrorPolicy: 'MirrorAllSnapshots' },
  { volume: 'ds_unified', policy: 'mirror-vault', mirrorPolicy: 'MirrorAndVault', junction: '/ds_unified' },
  // A VMFS datastore of two extents.
  { volume: 'ds_block', policy: 'mirror', mirrorPolicy: 'MirrorAllSnapshots', luns: ['lun0', 'lun1'] },
];

const vmware = { name: 'vmware', rules: [esxRule] };
const closedToProxy = {
  name: 'closed',
  rules: [{ clients: [`${proxyAddress}/32`], ro: ['never'] }, esxRule],
};
const kerberos = {
  name: 'kerberos',
  rules: [{ clients: ['0.0.0.0/0'], ro: ['krb5p'], rw: ['krb5p'], superuser: ['krb5p'] }],
};

const esxi = {
  name: 'esxi',
  osType: 'vmware',
  initiators: ['iqn.1998-01.com.vmware:esxi1'],
};
const lunOf = (name: string) => ({
  name,
  sizeBytes: 16 * 1024 * 1024,
  maps: [{ igroup: esxi.name }],
});
const nodesOf = (side: Side) =>
  [1, 2].map((n) => ({ name: `${side}-0${n}`, serialNumber: `72180200000${n}` }));
/** The LIF of the partner node comes first in the list, that of the owner is the one to prefer. */
const iscsiLifs = (side: Side) =>
  nodesOf(side)
    .map(({ name: node }, at) => ({
      name: `iscsi${at + 1}`,
      address: `127.0.${at + 1}.${side === 'primary' ? 31 : 32}`,
      services: ['data_core', 'data_iscsi'],
      node,
    }))
    .reverse();

/** Both clusters are least-privilege for the drivers' account. */
export function ontapConfig(side: Side, version: string, dataFolder: string): OntapConfigInput {
  const primary = side === 'primary';
  const source = (name: string) => ({ name, sizeBytes, junction: `/${name}`, exportPolicy: 'vmware' });
  const block = ({ volume: name, luns = [] }: Replicated) => ({ name, sizeBytes, luns: luns.map(lunOf) });
  const target = ({ volume: name, junction }: Replicated) =>
    ({ name, sizeBytes, type: 'dp', exportPolicy: 'vmware', ...(junction ? { junction } : {}) }) as const;
  const extra = (name: string, part: object) => ({
    name,
    sizeBytes,
    junction: `/${name}`,
    exportPolicy: 'vmware',
    ...part,
  });
  return {
    cluster: { name: primary ? 'clus_pri' : 'clus_sec', version, nodes: nodesOf(side) },
    accounts: [
      { name: 'admin', password: 'admin-pw', role: 'admin' },
      { name: 'leeward', password: 'leeward-pw', role: 'leeward' },
    ],
    roles: [
      { name: 'leeward', privileges: requiredPermissions.map(({ path, access }) => ({ path, access })) },
    ],
    svms: [
      {
        name: svm,
        lifs: [{ name: 'nfs1', address: lifs[side] }, ...iscsiLifs(side)],
        iscsi: {},
        igroups: [esxi],
        exportPolicies: [vmware, closedToProxy, kerberos],
        peers: [{ svm, alias: primary ? 'svm_dr' : alias }],
        volumes: primary
          ? [
              ...['ds_vault', 'ds_mirror', 'ds_unified', 'sep_a', 'sep_b', 'grp_a', 'grp_b', 'grp_c'].map(
                source,
              ),
              ...replicated.filter(({ luns }) => luns).map(block),
            ]
          : [
              { name: 'local_block', sizeBytes, luns: [lunOf('lun0')] },
              extra('dc', {}),
              ...replicated.map(target),
              extra('hidden', { snapshotDirectory: false }),
              extra('refusing', { exportPolicy: 'closed' }),
              extra('krb', { exportPolicy: 'kerberos' }),
            ],
      },
    ],
    snapmirrorPolicies: primary
      ? []
      : [{ name: 'lw_vault', kind: 'vault', retention: [{ label: 'daily', count: 7 }] }],
    relations: primary
      ? []
      : replicated.map(({ volume, mirrorPolicy: policy }) => ({
          source: `${alias}:${volume}`,
          destination: `${svm}:${volume}`,
          policy,
        })),
    control: { token: 'control-token' },
    intercluster: { token },
    peer: { token },
    // As much faster as the clock of the drivers.
    behaviour: { operationMs: 5, actionSecondMs: 50 },
    dataFolder,
  };
}
