export { planAny, presentAny, withdrawAny } from './contract/any-presentation.ts';
export type {
  ArrayCapabilities,
  ArrayCheck,
  ArrayDriver,
  OwnedObject,
  RequiredPermission,
} from './contract/array-driver.ts';
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
} from './contract/inventory.ts';
export { lookAtTransfer, type TransferEnds } from './contract/look-at-transfer.ts';
export type {
  AnyPresentationPlan,
  IscsiCredentials,
  IscsiPresentation,
  LunPresentationPlan,
  LunPresentationRequest,
  LunPresentations,
  PresentedLun,
} from './contract/lun-presentation.ts';
export { type Ownership, ownedNamePrefix, ownershipComment, parseOwnership } from './contract/ownership.ts';
export type { NfsPresentation, PresentationPlan, PresentationRequest } from './contract/presentation.ts';
export type {
  CreatedStorageSnapshots,
  CreateStorageSnapshots,
  FrozenInstant,
  StorageSnapshot,
} from './contract/storage-snapshot.ts';
export type { StorageSnapshotLocks } from './contract/storage-snapshot-locks.ts';
export type {
  CoordinatedSnapshot,
  CreateCoordinated,
  CreatedCoordinated,
  SyncLook,
  SyncPair,
  SyncSnapshots,
} from './contract/sync-snapshots.ts';
export type { StartTransfer, TransferProgress, TransferRef } from './contract/transfer.ts';
export {
  type ArraySettings,
  type ArraySettingsInput,
  arraySettingsSchema,
  createDriver,
  type DriverDeps,
  managementPort,
} from './registry.ts';
