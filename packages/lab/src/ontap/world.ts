import type { Contract } from './contract/contract.ts';
import type { FaultBoard } from './control/fault-board.ts';
import type { MirrorEngine } from './mirror/mirror-engine.ts';
import type { SourceService } from './mirror/source-service.ts';
import type { SyncReplication } from './mirror/sync/sync-replication.ts';
import type { ExportAccess } from './nfs/export-access.ts';
import type { ConsistencyGroup } from './resources/consistency-group.ts';
import type { Jobs } from './rest/jobs.ts';
import type { Role } from './rest/roles.ts';
import type { BlockPorts } from './san/block-ports.ts';
import type { San } from './san/san.ts';
import type { Cluster } from './storage/cluster.ts';

/** Everything that handlers of one simulated cluster work with. */
export interface World {
  readonly cluster: Cluster;
  readonly san: San;
  readonly block: BlockPorts;
  readonly contract: Contract;
  readonly engine: MirrorEngine;
  readonly source: SourceService;
  readonly sync: SyncReplication;
  readonly jobs: Jobs;
  readonly faults: FaultBoard;
  readonly access: ExportAccess;
  readonly roles: Map<string, Role>;
  readonly groups: Map<string, ConsistencyGroup>;
  /** How long writes take; changed through the control door. */
  operationMs: number;
}
