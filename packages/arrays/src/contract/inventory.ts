/** The words are core's, since planning needs them; drivers and callers take them from here. */
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
} from '@leeward/core';
