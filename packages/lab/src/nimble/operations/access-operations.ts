import type { Group } from '../model/group.ts';
import type {
  AccessRecord,
  ChapUser,
  Initiator,
  InitiatorGroup,
  Snapshot,
  Volume,
} from '../model/objects.ts';
import { ApiError, conflict } from '../rest/api-error.ts';

const highestLun = 2047;

export interface NewAccessRecord {
  readonly volume: Volume;
  readonly snapshot?: Snapshot | undefined;
  readonly initiatorGroup: InitiatorGroup | undefined;
  readonly chapUser?: ChapUser | undefined;
  readonly applyTo: AccessRecord['applyTo'];
  readonly lun?: number | undefined;
}

export function addAccessRecord(group: Group, wanted: NewAccessRecord): AccessRecord {
  const { volume, initiatorGroup, applyTo, snapshot } = wanted;
  const records = group.recordsOf(volume);
  if (records.length >= group.config.limits.accessRecordsPerVolume)
    throw conflict('SM_limit_volacl', `The limit of access control records of ${volume.name} is reached.`);
  const twin = records.find((one) => one.initiatorGroup === initiatorGroup && one.snapshot === snapshot);
  if (twin?.applyTo === applyTo) throw conflict('SM_eexist', 'Object exists.');
  if (twin && (twin.applyTo === 'both' || applyTo === 'both'))
    throw conflict('SM_acl_scope_overlap', 'The scopes of two access control records overlap.');
  if (initiatorGroup?.accessProtocol === 'fc')
    throw conflict('SM_fc_svc_not_available', 'The Fibre Channel service is not available.');
  const record: AccessRecord = {
    id: group.nextId('accessRecord'),
    volume,
    snapshot,
    initiatorGroup,
    chapUser: wanted.chapUser,
    applyTo,
    lun: applyTo === 'snapshot' ? null : chooseLun(group, volume, initiatorGroup, wanted.lun),
    snapshotLuns: new Map(),
    createdMs: group.clock.now(),
  };
  group.accessRecords.set(record.id, record);
  return record;
}

/** A volume's own target has but LUN 0; the group's has one LUN for each volume that an initiator group sees. */
export function chooseLun(
  group: Group,
  volume: Volume,
  initiatorGroup: InitiatorGroup | undefined,
  wanted: number | undefined,
): number {
  if (volume.targetScope === 'volume') {
    if (wanted !== undefined && wanted !== 0)
      throw new ApiError(409, 'SM_no_iscsi_lun_assignment', 'LUNs of volume-scoped targets are always 0.');
    return 0;
  }
  const used = lunsInUse(group, initiatorGroup);
  if (wanted !== undefined) {
    if (used.has(wanted)) throw conflict('SM_in_use_lun', `LUN ${wanted} is in use.`);
    return wanted;
  }
  for (let lun = 0; lun <= highestLun; lun++) if (!used.has(lun)) return lun;
  throw conflict('SM_no_available_lun', 'No LUN is available.');
}

export function lunsInUse(group: Group, initiatorGroup: InitiatorGroup | undefined): Set<number> {
  const used = new Set<number>();
  for (const record of group.accessRecords.values()) {
    if (record.volume.targetScope === 'volume' || record.initiatorGroup !== initiatorGroup) continue;
    if (record.lun !== null) used.add(record.lun);
    for (const lun of record.snapshotLuns.values()) used.add(lun);
  }
  return used;
}

export interface NewInitiator {
  readonly label: string;
  readonly iqn: string;
  readonly ipAddress: string;
  readonly wwpn: string;
  readonly alias: string;
}

export function addInitiator(group: Group, owner: InitiatorGroup, wanted: NewInitiator): Initiator {
  const same = (one: Initiator) =>
    owner.accessProtocol === 'fc'
      ? one.wwpn === wanted.wwpn
      : one.iqn === wanted.iqn && one.ipAddress === wanted.ipAddress;
  if (owner.initiators.some(same))
    throw conflict('SM_duplicate_initiator', `The initiator is in ${owner.name} already.`);
  if (wanted.label !== '' && owner.initiators.some((one) => one.label === wanted.label))
    throw conflict('SM_eexist', 'Object exists.');
  const initiator: Initiator = {
    id: group.nextId('initiator'),
    group: owner,
    ...wanted,
    createdMs: group.clock.now(),
  };
  owner.initiators.push(initiator);
  return initiator;
}
