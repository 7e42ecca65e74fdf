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
export { parseDatastorePath } from './plan/datastore-path.ts';
export { type Job, jobDefaults } from './plan/job.ts';
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
  TransferPolicy,
  Volume,
} from './words/array-inventory.ts';
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
