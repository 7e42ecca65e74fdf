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
  Relation,
  RelationEnd,
  RelationHealth,
  TransferPolicy,
  Volume,
} from './contract/inventory.ts';
export { type Ownership, ownedNamePrefix, ownershipComment, parseOwnership } from './contract/ownership.ts';
export type { NfsPresentation, PresentationPlan, PresentationRequest } from './contract/presentation.ts';
export type {
  CreatedStorageSnapshots,
  CreateStorageSnapshots,
  StorageSnapshot,
} from './contract/storage-snapshot.ts';
export type { StartTransfer, TransferProgress, TransferRef } from './contract/transfer.ts';
export {
  type ArraySettings,
  type ArraySettingsInput,
  arraySettingsSchema,
  createDriver,
  type DriverDeps,
} from './registry.ts';
