import { RestError } from '../rest/rest-error.ts';
import { lunPath } from '../san/lun.ts';
import type { Volume } from '../storage/volume.ts';
import type { World } from '../world.ts';

const mapsOf = ({ san }: World, volume: Volume) => san.maps().filter(({ lun }) => lun.volume === volume);

/**
 * Whether the real system takes a volume with mapped LUNs away is not known; this one refuses unless told otherwise,
 * so that nobody relies on it.
 */
export function checkNotMapped(world: World, volume: Volume): void {
  if (world.cluster.config.behaviour.mappedVolumes === 'removed') return;
  const [map] = mapsOf(world, volume);
  if (map)
    throw new RestError(
      409,
      917533,
      `Volume "${volume.name}" contains mapped LUNs: "${lunPath(map.lun)}" is mapped to the initiator group "${map.igroup.name}".`,
      'uuid',
      [volume.name],
    );
}

/** Mappings go with the volume. */
export function withdrawLuns(world: World, volume: Volume): void {
  const maps = mapsOf(world, volume);
  for (const map of maps) world.san.unmap(map);
  if (maps.length > 0) world.block.lunsChanged(volume.svm);
}
