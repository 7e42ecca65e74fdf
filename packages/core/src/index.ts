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
export {
  type ChannelKind,
  channelKinds,
  type MessageSeverity,
  messageSeverities,
  type NotificationRules,
  notificationDefaults,
  type Topic,
  topics,
} from './notify/notification.ts';
export { demandedPorts } from './plan/choose-proxy.ts';
export { chooseRelation } from './plan/choose-relation.ts';
export type {
  ConsideredFile,
  ConsideredPath,
  ConsideredRelation,
  ConsideredVolume,
} from './plan/considered.ts';
export { parseDatastorePath } from './plan/datastore-path.ts';
export { explainedVm } from './plan/explained-vm.ts';
export {
  type Job,
  jobDefaults,
  type QuiescePolicy,
  quiescePolicies,
  quiescePolicyOf,
  type RelationRule,
  relationRules,
} from './plan/job.ts';
export {
  keepsChainOnPrimary,
  keepsChainOnSecondary,
  keepsCoordinatedChain,
  repositoryOf,
} from './plan/job-chains.ts';
export {
  type LimitedPlace,
  type LimitName,
  type Limits,
  limitDefaults,
  placeText,
} from './plan/limits.ts';
export { type DatastoreHome, type DatastorePart, locateDatastore, type VolumeHome } from './plan/locate.ts';
export { makePlan } from './plan/make-plan.ts';
export { ownPlan, ownVmPlan } from './plan/own-plan.ts';
export {
  type AccessProtocol,
  type DiskPlan,
  type Effect,
  filesOf,
  type GroupPlan,
  type HopPlan,
  type LocatedFile,
  type LocatedVmfs,
  type Plan,
  planHops,
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
export { type ChosenRelation, type RelationHop, relationPathsOf } from './plan/relation-paths.ts';
export { isDetected } from './plan/relation-problem.ts';
export { type RunScope, scopeOfVms } from './plan/run-scope.ts';
export { settlePauseOf } from './plan/settle-pause.ts';
export { type SnapshotTimes, vmwareSnapshotsAtOnce } from './plan/snapshot-lifetime.ts';
export { afterOthers } from './plan/snapshot-only.ts';
export { turnedToStandard } from './plan/turned-to-standard.ts';
export { adopt, type JournaledLink, type ListedStorageSnapshot } from './retention/adopt.ts';
export { type Explanation, explain } from './retention/explain.ts';
export type { LockOrder } from './retention/locks.ts';
export { type Kept, type Removal, type Retention, retain } from './retention/retain.ts';
export {
  type ChainState,
  dayMs,
  isOwn,
  type KeepRule,
  type Link,
  type OwnLink,
  type Place,
  type RetentionRules,
} from './retention/words.ts';
export { parseSchedule } from './schedule/parse-schedule.ts';
export { type Schedule, type StartedBy, scheduleDefaults } from './schedule/schedule.ts';
export { cronWords } from './schedule/schedule-words.ts';
export { type Bound, bounded } from './time/bounded.ts';
export { type Clock, isoTime, type Timer } from './time/clock.ts';
export type { Randomness } from './time/randomness.ts';
export { type RetryPolicy, retry } from './time/retry.ts';
export type {
  ArrayIdentity,
  ArrayInventory,
  DataPort,
  LockAbility,
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
export {
  bottleneckFirst,
  bottleneckText,
  type MeasuredRead,
  namedShares,
  readsOfRun,
} from './words/measured-reads.ts';
export type { Mount } from './words/mount.ts';
export { type KnownInstant, type Skew, skewOf } from './words/skew.ts';
export {
  addStageTimes,
  noStageTimes,
  type Stage,
  type StageShare,
  type StageTimes,
  stageName,
  stageShares,
  stages,
} from './words/stage-times.ts';
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
