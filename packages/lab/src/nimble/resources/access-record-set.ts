import type { AccessRecord } from '../model/objects.ts';
import { addAccessRecord } from '../operations/access-operations.ts';
import { sessionsOf, targetNameOf } from '../operations/volume-operations.ts';
import { ApiError, conflict, invalidArgument, missingArgument, notFound } from '../rest/api-error.ts';
import { integer, text } from '../rest/body.ts';
import { type Call, type Created, type Fields, resourceSet, seconds } from '../rest/resource-set.ts';
import { initiatorGroupById, snapshotById, volumeById } from './lookup.ts';
import { showToHosts } from './snapshot-set.ts';
import { showSnapshotLuns } from './volume-fields.ts';

const fields: Fields<AccessRecord> = {
  id: ({ id }) => id,
  apply_to: ({ applyTo }) => applyTo,
  chap_user_id: ({ chapUser }) => chapUser?.id ?? '',
  chap_user_name: ({ chapUser }) => chapUser?.name ?? '*',
  initiator_group_id: ({ initiatorGroup }) => initiatorGroup?.id ?? '',
  initiator_group_name: ({ initiatorGroup }) => initiatorGroup?.name ?? '*',
  lun: ({ lun }) => lun,
  vol_id: ({ volume }) => volume.id,
  vol_name: ({ volume }) => volume.name,
  vol_agent_type: ({ volume }) => volume.agentType,
  pe_id: () => '',
  pe_name: () => '',
  pe_lun: () => null,
  snap_id: ({ snapshot }) => snapshot?.id ?? '',
  snap_name: ({ snapshot }) => snapshot?.name ?? '',
  pe_ids: () => null,
  snapluns: ({ snapshotLuns }) => showSnapshotLuns(snapshotLuns),
  creation_time: ({ createdMs }) => seconds(createdMs),
  last_modified: ({ createdMs }) => seconds(createdMs),
  access_protocol: () => 'iscsi',
};

/** Ids of missing references are empty. */
function create(call: Call): Created {
  const { world, data } = call;
  const { group, port } = world;
  if (!group.config.group.iscsi)
    throw conflict('SM_iscsi_svc_not_available', 'The iSCSI service is not available.');
  const snapshotId = text(data, 'snap_id');
  const snapshot = snapshotId ? snapshotById(world, snapshotId) : undefined;
  const volumeId = text(data, 'vol_id') ?? snapshot?.volume.id;
  if (!volumeId) throw missingArgument('vol_id');
  const volume = volumeById(world, volumeId);
  if (snapshot && snapshot.volume !== volume) throw invalidArgument('snap_id');
  if (volume.half?.role === 'downstream')
    throw conflict('SM_srep_downstream_acl', `Access to ${volume.name} is given on its upstream volume.`);
  const groupId = text(data, 'initiator_group_id');
  const chapId = text(data, 'chap_user_id');
  const chapUser = chapId ? group.chapUsers.get(chapId) : undefined;
  if (chapId && !chapUser) throw notFound();
  const record = addAccessRecord(group, {
    volume,
    snapshot,
    initiatorGroup: groupId ? initiatorGroupById(world, groupId) : undefined,
    chapUser,
    applyTo: scopeOf(text(data, 'apply_to') ?? (snapshot ? 'snapshot' : 'both')),
    lun: lunOf(call),
  });
  for (const one of volume.snapshots) if (one.online) showToHosts(world, one);
  port.lunsChanged(targetNameOf(group, volume));
  return record;
}

function scopeOf(text: string): AccessRecord['applyTo'] {
  if (text === 'both' || text === 'volume' || text === 'snapshot') return text;
  throw new ApiError(409, 'SM_invalid_volacl_scope', `The scope ${text} does not fit the volume.`);
}

function lunOf({ data }: Call): number | undefined {
  const lun = integer(data, 'lun');
  if (lun !== undefined && lun > 2047) throw invalidArgument('lun');
  return lun;
}

/** Whoever has no other access any more is cut off. */
function remove({ world }: Call, id: string): undefined {
  const { group, port } = world;
  const record = group.accessRecords.get(id);
  if (!record) throw notFound();
  const before = sessionsOf(group, port, record.volume);
  group.accessRecords.delete(id);
  port.lunsChanged(targetNameOf(group, record.volume));
  if (record.volume.targetScope === 'group') return;
  const left = group.recordsOf(record.volume);
  for (const { targetName, initiatorName } of before) {
    const admitted = left.some(
      ({ initiatorGroup }) =>
        !initiatorGroup || initiatorGroup.initiators.some(({ iqn }) => iqn === '*' || iqn === initiatorName),
    );
    if (!admitted) port.drop(targetName, initiatorName);
  }
}

export const accessRecordSet = resourceSet<AccessRecord>({
  name: 'access_control_records',
  fields,
  summary: ['id', 'vol_id', 'vol_name', 'initiator_group_id', 'initiator_group_name'],
  list: ({ group }) => group.accessRecords.values(),
  create: {
    arguments: {
      vol_id: 'id',
      snap_id: 'id',
      pe_id: 'id',
      initiator_group_id: 'id',
      chap_user_id: 'id',
      apply_to: ['both', 'volume', 'snapshot', 'pe', 'vvol_volume', 'vvol_snapshot'],
      lun: 'integer',
    },
    run: create,
  },
  remove: { arguments: {}, run: remove },
});
