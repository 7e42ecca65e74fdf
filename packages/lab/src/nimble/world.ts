import type { BlockDataPort } from '../san/block-data-port.ts';
import type { Behaviour } from './config.ts';
import type { Faults } from './control/faults.ts';
import type { Group } from './model/group.ts';
import type { Scheduler } from './operations/scheduler.ts';
import type { Ownership } from './replication/ownership.ts';
import type { PartnerLinks } from './replication/partner-links.ts';
import type { Replicator } from './replication/replicator.ts';
import type { Jobs } from './rest/jobs.ts';
import type { Tokens } from './rest/tokens.ts';
import type { SyncReplication } from './sync/sync-replication.ts';

/** Everything that handlers of one simulated group work with. */
export interface World {
  readonly group: Group;
  readonly port: BlockDataPort;
  readonly tokens: Tokens;
  readonly jobs: Jobs;
  readonly faults: Faults;
  readonly links: PartnerLinks;
  readonly replicator: Replicator;
  readonly ownership: Ownership;
  readonly scheduler: Scheduler;
  readonly sync: SyncReplication;
  readonly behaviour: Behaviour;
  /** How long writes take; changed through the control door. */
  operationMs: number;
}
