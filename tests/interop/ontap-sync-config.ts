import { requiredPermissions } from '@leeward/arrays/ontap/permissions';
import type { Side } from '@leeward/arrays/testing/array-world';
import type { OntapConfigInput } from '@leeward/lab/ontap/config';
import { svm } from './ontap-driver-config.ts';

const alias = 'svm_prod';
const lifs = { primary: '127.0.0.61', secondary: '127.0.0.62' } as const;
const token = 'intercluster-token';
const sizeBytes = 256 * 1024 * 1024;
const lunBytes = 16 * 1024 * 1024;

/** Frozen alone by SnapMirror Synchronous, which replicates volumes. */
export const alone = 'ds_alone';
/** Of one consistency group, which SnapMirror active sync replicates as a whole. */
export const together = ['ds_a', 'ds_b'] as const;
const group = 'cg_vms';
export const lun = 'lun0';

export interface SyncPolicies {
  readonly alone: string;
  readonly together: string;
}

/**
 * Both clusters of a pair with synchronous relations, least-privilege for the drivers' account. Names differ on the
 * secondary, which knows the primary's SVM under an alias.
 */
export function ontapSyncConfig(
  side: Side,
  version: string,
  { alone: alonePolicy, together: togetherPolicy }: SyncPolicies,
  dataFolder: string,
): OntapConfigInput {
  const isPrimary = side === 'primary';
  const esxi = { name: 'esxi', osType: 'vmware', initiators: ['iqn.1998-01.com.vmware:esxi1'] };
  const volumes = [alone, ...together].map((name) =>
    isPrimary
      ? { name, sizeBytes, luns: [{ name: lun, sizeBytes: lunBytes, maps: [{ igroup: esxi.name }] }] }
      : { name: replicaOf(name), sizeBytes, type: 'dp' as const },
  );
  const nodes = [1, 2].map((n) => ({ name: `${side}-0${n}`, serialNumber: `72180300000${n}` }));
  return {
    cluster: { name: isPrimary ? 'clus_pri' : 'clus_sec', version, nodes },
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
        lifs: [{ name: 'iscsi1', address: lifs[side], services: ['data_core', 'data_iscsi'] }],
        iscsi: {},
        igroups: [esxi],
        peers: [{ svm, alias: isPrimary ? 'svm_dr' : alias }],
        volumes,
        consistencyGroups: [
          { name: group, volumes: isPrimary ? [...together] : together.map((name) => replicaOf(name)) },
        ],
      },
    ],
    // What the description gives no built-in policy a rule for, an administrator's has.
    snapmirrorPolicies: isPrimary
      ? []
      : [
          {
            name: 'afo_labelled',
            kind: 'automated-failover',
            retention: [{ label: 'app_consistent', count: 1 }],
          },
        ],
    relations: isPrimary
      ? []
      : [
          { source: `${alias}:${alone}`, destination: `${svm}:${replicaOf(alone)}`, policy: alonePolicy },
          {
            source: `${alias}:/cg/${group}`,
            destination: `${svm}:/cg/${group}`,
            volumes: together.map((name) => ({ source: name, destination: replicaOf(name) })),
            policy: togetherPolicy,
          },
        ],
    control: { token: 'control-token' },
    intercluster: { token },
    peer: { token },
    behaviour: { operationMs: 5, actionSecondMs: 50, sync: { pulseMs: 50 } },
    dataFolder,
  };
}

export function replicaOf(volume: string): string {
  return `${volume}_dst`;
}
