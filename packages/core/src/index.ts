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
export { type Bound, bounded } from './time/bounded.ts';
export { type Clock, isoTime, type Timer } from './time/clock.ts';
export type { Randomness } from './time/randomness.ts';
export { type RetryPolicy, retry } from './time/retry.ts';
export {
  type ArrayObjectId,
  type Extent,
  type RelationKind,
  type Source,
  type StorageSnapshotRole,
  sameObject,
  type VolumeId,
} from './words/storage.ts';
export type {
  ArrayIdentity,
  ArrayInventory,
  DataPort,
  Relation,
  RelationEnd,
  RelationHealth,
  TransferPolicy,
  Volume,
} from './words/array-inventory.ts';
