import type { RequiredPermission } from '../contract/array-driver.ts';

/**
 * All that the driver ever asks of a cluster. Tests record its requests and prove that none is outside. A path
 * stands for itself and all below it; the most specific one counts.
 */
export const requiredPermissions: readonly RequiredPermission[] = [
  read('/api/cluster', 'who the cluster is and which release it runs'),
  read('/api/cluster/nodes', 'models, serial numbers and the time'),
  read('/api/cluster/licensing/licenses', 'what the licences allow'),
  read('/api/cluster/jobs', 'waiting for changes that the array finishes later'),
  read('/api/svm/svms', 'the SVMs and their state'),
  read('/api/svm/peers', 'which SVM of which cluster a relation comes from'),
  read('/api/network/ip/interfaces', 'data addresses from which the proxy reads'),
  read('/api/protocols/nfs/services', 'whether NFS version 3 is served'),
  read('/api/protocols/san/iscsi/services', 'which SVMs serve iSCSI, and their targets'),
  {
    path: '/api/storage/luns',
    access: 'all',
    why: 'LUNs and their serial numbers; setting a LUN in a clone of ours online',
    side: 'both',
  },
  {
    path: '/api/protocols/san/igroups',
    access: 'all',
    why: 'LUNs only: an initiator group of its own for each proxy; on the primary only for failover to it',
    side: 'both',
  },
  {
    path: '/api/protocols/san/lun-maps',
    access: 'all',
    why: 'LUNs only: showing the LUNs of a clone to that group',
    side: 'both',
  },
  {
    path: '/api/protocols/san/iscsi/credentials',
    access: 'all',
    why: 'LUNs with CHAP only: the entry of the proxy in the initiator security of the SVM',
    side: 'both',
  },
  {
    path: '/api/storage/volumes',
    access: 'all',
    why: 'volumes and where they are mounted; clones for reading, made and removed by Leeward',
    side: 'both',
  },
  {
    path: '/api/storage/volumes/*/snapshots',
    access: 'all',
    why: 'making and removing storage snapshots (a right of its own since ONTAP 9.10.1)',
    side: 'both',
  },
  read('/api/storage/snaplock/compliance-clocks', 'optional: whether storage snapshots can be locked'),
  {
    path: '/api/protocols/nfs/export-policies',
    access: 'all',
    why: 'letting the proxy read; on the primary only for backups that fail over to it',
    side: 'both',
  },
  {
    path: '/api/snapmirror/relationships',
    access: 'all',
    why: 'relations and their transfers; on the primary `readonly` is enough',
    side: 'both',
  },
  read('/api/snapmirror/policies', 'mirror, vault or mirror-vault, and the retention rules'),
  {
    path: '/api/application/consistency-groups',
    access: 'all',
    why: 'optional: storage snapshots of several volumes at one instant, where a group holds them all',
    side: 'primary',
  },
];

function read(path: string, why: string): RequiredPermission {
  return { path, access: 'readonly', why, side: 'both' };
}

/** True when a recorded request is allowed by the list. `path` is as sent, with `/api`. */
export function isDeclared(method: string, path: string): boolean {
  const plain = path.split('?')[0] ?? path;
  const best = requiredPermissions
    .filter((permission) => covers(permission.path, plain))
    .sort((a, b) => b.path.split('/').length - a.path.split('/').length)[0];
  return best !== undefined && (best.access === 'all' || method === 'GET');
}

function covers(declared: string, path: string): boolean {
  const wanted = declared.split('/');
  const given = path.split('/');
  return (
    given.length >= wanted.length && wanted.every((part, index) => part === '*' || part === given[index])
  );
}
