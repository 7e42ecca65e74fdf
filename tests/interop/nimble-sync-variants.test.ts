import { describeSyncSnapshots } from '@leeward/arrays/testing/contract-sync';
import { makeNimbleSyncWorld } from './nimble-sync-world.ts';

/** What is not known of the real system, or differs between releases, the other way round. */
describeSyncSnapshots('NimbleOS, jobs, short pages, halves go together and show late', () =>
  makeNimbleSyncWorld((config) => {
    config.behaviour = {
      ...config.behaviour,
      asynchronous: ['*'],
      pageRows: 3,
      snapshotFilterRequired: true,
      sparseSnapshotRows: true,
      peerDelete: 'both',
      peerRowDelayMs: 120,
      lostState: 'unknown',
      pairIdentity: 'secondary_serial_number',
    };
  }),
);

describeSyncSnapshots(
  'NimbleOS, every snapshot collection has two halves, marks travel, no half is a replica',
  () =>
    makeNimbleSyncWorld((config) => {
      config.behaviour = {
        ...config.behaviour,
        syncNeedsReplicate: false,
        peerMarks: 'all',
        peerIsReplica: false,
      };
    }),
);
