export { catalogue, type ErrorCode, errorCodes, isErrorCode } from './errors/catalogue.ts';
export type { CatalogueEntry, ExitClass, Severity } from './errors/catalogue-entry.ts';
export {
  asLeewardError,
  type ErrorDetails,
  type ErrorReport,
  isError,
  isPermanent,
  LeewardError,
  reportOf,
} from './errors/leeward-error.ts';
export { demandedPorts } from './plan/choose-proxy.ts';
export { chooseRelation, relationsOf } from './plan/choose-relation.ts';
export type {
  ConsideredFile,
  ConsideredPath,
  ConsideredRelation,
  ConsideredVolume,
} from './plan/considered.ts';
export { parseDatastorePath } from './plan/datastore-path.ts';
export { explainedVm } from './plan/explained-vm.ts';
export { type Job, jobDefaults, type QuiescePolicy, quiescePolicies, quiescePolicyOf } from './plan/job.ts';
export { type DatastoreHome, type DatastorePart, locateDatastore, type VolumeHome } from './plan/locate.ts';
export { makePlan } from './plan/make-plan.ts';
export {
  type AccessProtocol,
  type DiskPlan,
  type Effect,
  filesOf,
  type GroupPlan,
  type LocatedFile,
  type LocatedVmfs,
  type Plan,
  type RelationPlan,
  type StandardDiskPlan,
  type VmPlan,
  type VolumePlan,
  volumesOf,
  volumesOfFile,
} from './plan/plan.ts';
export type {
  PlanningArray,
  PlanningInventory,
  PlanningPoint,
  PlanningProxy,
  PlanningRepository,
  PlanningVcenter,
  ReachProof,
} from './plan/planning-inventory.ts';
export { rankPorts } from './plan/port-reach.ts';
export { settlePauseOf } from './plan/settle-pause.ts';
export { type Removal, type Retention, retain } from './retention/retain.ts';
export type { ChainState, KeepRule, OwnLink, Place, RetentionRules } from './retention/words.ts';
export { type Bound, bounded } from './time/bounded.ts';
export { type Clock, isoTime, type Timer } from './time/clock.ts';
export type { Randomness } from './time/randomness.ts';
export { type RetryPolicy, retry } from './time/retry.ts';
export type {
  ArrayIdentity,
  ArrayInventory,
  DataPort,
  Lun,
  MissingCapability,
  Relation,
  RelationEnd,
  RelationHealth,
  SyncFacts,
  SyncState,
  TransferPolicy,
  Volume,
} from './words/array-inventory.ts';
export { type KnownInstant, type Skew, skewOf } from './words/skew.ts';
export {
  type ArrayObjectId,
  type Extent,
  objectKey,
  type RelationKind,
  type Source,
  type StorageSnapshotRole,
  sameObject,
  type VolumeId,
} from './words/storage.ts';
export {
  type Datastore,
  type VirtualMachine,
  type VmDisk,
  type VmId,
  vmKey,
} from './words/virtual-machine.ts';
