import type { JsonObject } from '../../json.ts';
import { isoSeconds } from '../rest/times.ts';
import { isReadOnly, type Lun, lunContent, lunPath, lunState } from '../san/lun.ts';
import { serialHex } from '../san/lun-identity.ts';
import type { World } from '../world.ts';
import { svmReference } from './svm-resources.ts';
import { volumeReference } from './volume-record.ts';

export function lunRecord(world: World, lun: Lun): JsonObject {
  const { san, groups } = world;
  const content = lunContent(lun);
  const { volume } = lun;
  if (!content) return {};
  const { facts, inode } = content;
  const [node] = san.luns.nodes(lun);
  const maps = san.mapsOfLun(lun);
  const group = [...groups.values()].find((one) => one.volumes.includes(volume));
  const online = volume.state === 'online';
  return {
    uuid: lun.uuid,
    name: lunPath(lun),
    svm: svmReference(volume.svm),
    serial_number: lun.serial,
    serial_number_hex: serialHex(lun.serial),
    os_type: facts.osType,
    class: 'regular',
    enabled: lun.enabled,
    comment: facts.comment || undefined,
    create_time: isoSeconds(facts.createMs),
    auto_delete: false,
    location: {
      logical_unit: facts.name,
      node: node && { name: node.name, uuid: node.uuid },
      volume: volumeReference(volume),
    },
    space: {
      size: inode.facts.sizeBytes,
      used: inode.map.usedBytes,
      guarantee: { requested: facts.isSpaceReserved, reserved: facts.isSpaceReserved && online },
      scsi_thin_provisioning_support_enabled: false,
    },
    status: {
      state: lunState(lun),
      container_state: online ? 'online' : 'volume_offline',
      mapped: maps.length > 0,
      read_only: isReadOnly(lun),
    },
    lun_maps: maps.map(({ number, igroup }) => ({
      logical_unit_number: number,
      igroup: { name: igroup.name, uuid: igroup.uuid, os_type: igroup.osType, protocol: igroup.protocol },
    })),
    attributes: facts.attributes.map(({ name, value }) => ({ name, value })),
    consistency_group: group && { name: group.name, uuid: group.uuid },
  };
}
