import type { ArrayInventory } from '@leeward/core';
import { bytes, counted, duration } from '../output/format.ts';

/** An array as it was read last: what it is, its volumes, relations and data ports, and what stands out. */
export function inventoryText(name: string, inventory: ArrayInventory): string {
  const { identity, volumes, relations, dataPorts } = inventory;
  return [
    `${name}: ${identity.brand} ${identity.model} ${identity.version}, serial ${identity.serial}`,
    `  ${counted(volumes.length, 'volume')}, ${counted(relations.length, 'relation')}`,
    ...volumes.map((volume) => `  ${volume.tenant}/${volume.name}  ${bytes(volume.sizeBytes)}`),
    ...relations.map(relationText),
    ...dataPorts.map(
      ({ address, protocols, up }) => `  data port ${address}  ${protocols.join(', ')}${up ? '' : '  DOWN'}`,
    ),
    ...whatStandsOut(inventory).map((line) => `  ${line}`),
  ].join('\n');
}

/** What the array lacks for backups, and what was seen and cannot be used. */
export function whatStandsOut({ missing = [], notes, volumes }: ArrayInventory): readonly string[] {
  const tenantOf = (id: string) => volumes.find(({ tenantId }) => tenantId === id)?.tenant ?? id;
  return [
    ...missing.map(({ capability, tenantId, text }) => {
      const where = tenantId === undefined ? '' : ` on ${tenantOf(tenantId)}`;
      return `missing: ${capability}${where}: ${text}`;
    }),
    ...notes.map((note) => `note: ${note}`),
  ];
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
