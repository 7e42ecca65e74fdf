import { listing } from '../rest/collection.ts';
import type { Call, Route } from '../rest/request.ts';
import { hasComplianceClock } from '../storage/snapshot-lock.ts';

/** Collections that exist on every system and hold nothing here. */
const empty = [
  '/storage/storage-units',
  '/protocols/san/fcp/services',
  '/network/fc/interfaces',
  '/security/multi-admin-verify/requests',
];

export const emptyRoutes: readonly Route[] = [
  ...empty.flatMap((collectionPath) =>
    listing({ collectionPath, records: () => [], always: [], keys: { uuid: 'uuid' } }),
  ),
  ...listing({
    collectionPath: '/storage/snaplock/compliance-clocks',
    records: (call: Call) =>
      hasComplianceClock(call.world.cluster)
        ? call.world.cluster.nodes.map((node) => ({
            node: { name: node.name, uuid: node.uuid },
            time: new Date(call.world.cluster.clock.now()).toISOString(),
          }))
        : [],
    always: ['node.uuid', 'node.name'],
    keys: { 'node.uuid': 'node.uuid' },
  }),
  ...listing({
    collectionPath: '/storage/snapshot-policies',
    instancePath: '/storage/snapshot-policies/{uuid}',
    records: ({ world }) => [
      {
        uuid: `${world.cluster.uuid.slice(0, -4)}00a0`,
        name: 'none',
        enabled: false,
        scope: 'cluster',
        comment: 'No automatic snapshots.',
      },
    ],
    always: ['uuid', 'name'],
    keys: { uuid: 'uuid' },
  }),
];
