import type { Fields, JsonShape } from './json-shapes.ts';

/** A run as lists have it. */
export function runSummary(run: Fields): Fields {
  return {
    ...run,
    vms: '`{ total, success, failed }`: VMs, as far as it has begun',
    bytes: '`{ provisioned, changed, read, stored }`: sums over its VMs, as far as known',
  };
}

export const vmShapes: readonly JsonShape[] = [
  {
    command: 'vm list',
    list: true,
    fields: {
      key: 'vCenter and managed object id: its identity',
      vcenterId: 'vCenter',
      vcenterName: 'its name',
      moId: 'managed object id',
      name: 'name',
      path: 'inventory path',
      poweredOn: 'boolean',
      isTemplate: 'boolean',
      encrypted: 'boolean',
      provisionedBytes: 'bytes',
      disks: 'number',
      datastores: 'names',
      protection: '`in-time`, `late` or `never`',
      'lastPoint?': '`{ id, runId, createdAt, source }`',
      'lastKeptAt?': 'time when storage snapshots alone froze it last',
      jobs: 'list of `{ id, name }`: jobs in which its name, path or id stands',
      'problem?': 'why it cannot be read from a secondary array, as an error',
    },
  },
  {
    command: 'vm counts',
    list: false,
    fields: {
      total: 'VMs, templates left out',
      inTime: 'number',
      late: 'number: the newest copy is older than asked for',
      never: 'number: no copy yet',
    },
  },
  {
    command: 'topology relations',
    list: true,
    fields: {
      source: '`{ array, tenant, volume }`',
      destination: '`{ array, tenant, volume }`',
      relation: '`{ kind, policy, policyName, state, healthy, lagMs?, sync? }`',
      vms: 'number of VMs with a disk on its source',
    },
  },
];
