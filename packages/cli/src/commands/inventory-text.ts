import type { ArrayInventory } from '@leeward/core';
import { bytes, counted, duration } from '../output/format.ts';

/** An array as it was read last: what it is, its volumes, relations and data ports, and what stands out. */
export function inventoryText(name: string, inventory: ArrayInventory): string {
  const { identity, volumes, relations, dataPorts, notes } = inventory;
  return [
    `${name}: ${identity.brand} ${identity.model} ${identity.version}, serial ${identity.serial}`,
    `  ${counted(volumes.length, 'volume')}, ${counted(relations.length, 'relation')}`,
    ...volumes.map((volume) => `  ${volume.tenant}/${volume.name}  ${bytes(volume.sizeBytes)}`),
    ...relations.map(relationText),
    ...dataPorts.map(
      ({ address, protocols, up }) => `  data port ${address}  ${protocols.join(', ')}${up ? '' : '  DOWN'}`,
    ),
    ...notes.map((note) => `  note: ${note}`),
  ].join('\n');
}

function relationText({ source, destination, policy, policyName, health }: Relation): string {
  return (
    `  ${source.arrayName}:${source.volumeName} → ${destination.arrayName}:${destination.volumeName}` +
    `  ${policy} (${policyName}), ${health.state}` +
    (health.lagMs === undefined ? '' : `, ${duration(health.lagMs)} behind`) +
    (health.healthy ? '' : ', NOT HEALTHY')
  );
}

type Relation = ArrayInventory['relations'][number];
