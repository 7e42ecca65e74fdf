import { describeArrayDriver } from '@leeward/arrays/testing/array-driver-contract';
import { makeNimbleWorld } from './nimble-driver-world.ts';

/** What is not known of the real system, or differs between releases, the other way round. */
describeArrayDriver(
  'NimbleOS, slow answers as jobs, sparse rows, short pages',
  () =>
    makeNimbleWorld({
      change: (_side, config) => {
        config.behaviour = {
          ...config.behaviour,
          asynchronous: ['*'],
          pageRows: 2,
          snapshotFilterRequired: true,
          sparseSnapshotRows: true,
        };
      },
    }),
  ['NFS'],
);

describeArrayDriver(
  'NimbleOS, metadata travel, replicas show late',
  () =>
    makeNimbleWorld({
      change: (_side, config) => {
        config.group.targetScope = 'group';
        config.behaviour = { ...config.behaviour, replicaMetadata: true, replicaRowDelayMs: 150 };
      },
    }),
  ['NFS'],
);
