import type { RequiredPermission } from '../contract/array-driver.ts';

/** The array has roles and no rights of single paths; these are the sets that the driver uses in its role. */
export const requiredPermissions: readonly RequiredPermission[] = [
  use('tokens', 'all', 'logging in and out'),
  use('groups', 'readonly', 'which group it is and which release it runs'),
  use('arrays', 'readonly', 'models and serial numbers'),
  use('network_configs', 'readonly', 'iSCSI addresses from which the proxy reads'),
  use('jobs', 'readonly', 'waiting for changes that the array finishes later'),
  use('volumes', 'all', 'volumes and their SCSI identity; clones for reading, made and removed by Leeward'),
  use('volume_collections', 'readonly', 'which volumes are replicated together'),
  use('protection_schedules', 'readonly', 'to which partner, and how far a transfer is'),
  use('replication_partners', 'readonly', 'whether the partner answers and is not paused'),
  use('snapshots', 'all', 'storage snapshots of volumes that are in no collection, and marks on them'),
  use('snapshot_collections', 'all', 'making and removing storage snapshots'),
  use('initiator_groups', 'all', 'a group of its own for each proxy; on the primary only for failover to it'),
  use('initiators', 'all', 'the proxy in its group, where a release does not take it with the group'),
  use('access_control_records', 'all', 'access of that group to a clone'),
  use('chap_users', 'all', 'the CHAP user of the settings, if any'),
];

function use(set: string, access: RequiredPermission['access'], why: string): RequiredPermission {
  return { path: `/v1/${set}`, access, why, side: 'both' };
}

/** True when a recorded request is allowed by the list. `path` is as sent, with `/v1`. */
export function isDeclared(method: string, path: string): boolean {
  const [, , set = ''] = (path.split('?')[0] ?? '').split('/');
  const found = requiredPermissions.find((permission) => permission.path === `/v1/${set}`);
  return found !== undefined && (found.access === 'all' || method === 'GET');
}
