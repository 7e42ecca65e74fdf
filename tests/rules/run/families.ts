import { bytesRead } from '@leeward/cli/demo/inspect-lab';
import type { Site } from '../../e2e/support/site.ts';
import { bytesReadBySide } from '../../e2e/support/sync-site.ts';
import type { RelationKind } from '../model/relation-kinds.ts';
import { clusterCentre, clusterNames, clusterRelations, syncClusterRelations } from './cluster-centre.ts';
import { groupCentre, groupNames, groupVolume } from './group-centre.ts';
import { plantOnClusters } from './plant-on-clusters.ts';
import { plantOnGroups } from './plant-on-groups.ts';
import { plantOnSync } from './plant-on-sync.ts';
import { plantOnSyncClusters } from './plant-on-sync-clusters.ts';
import type { Planter } from './planted.ts';
import { startRulesSite } from './rules-site.ts';
import { metroNames, metroVm, syncCentre } from './sync-centre.ts';

async function byArray(site: Site): Promise<readonly ('primary' | 'secondary')[]> {
  const bytes = await bytesRead(site.lab);
  return site.lab.arrays.filter(({ name }) => (bytes[name] ?? 0) > 0).map(({ role }) => role);
}

/** How rows of one family of arrays are executed. */
export interface Family {
  start(): Promise<Site>;
  /** Name of the secondary array, which the jobs name as their relation. */
  readonly secondary: string;
  /** Of a relation kind: the name of its VM, datastore and volume. */
  volumeOf(relation: string): string;
  /** On which sides proxies have read since the counters were reset, by the data ports' own count. */
  readBy(site: Site): Promise<readonly ('primary' | 'secondary')[]>;
  readonly plant: Readonly<Record<string, Planter>>;
}

const onClusters = (kinds: typeof clusterRelations, plant: Family['plant']): Family => ({
  start: () => startRulesSite((options) => clusterCentre(kinds, options), clusterNames),
  secondary: clusterNames.secondary,
  volumeOf: (relation) => kinds[relation]?.volume ?? `no volume for ${relation}`,
  readBy: byArray,
  plant,
});

export const families: Readonly<Record<RelationKind['family'], Family>> = {
  ontap: onClusters(clusterRelations, plantOnClusters),
  'ontap-sync': onClusters(syncClusterRelations, plantOnSyncClusters),
  nimble: {
    start: () => startRulesSite(groupCentre, groupNames),
    secondary: groupNames.secondary,
    volumeOf: () => groupVolume,
    readBy: byArray,
    plant: plantOnGroups,
  },
  'nimble-sync': {
    start: () => startRulesSite(syncCentre, metroNames),
    secondary: metroNames.secondary,
    volumeOf: () => metroVm,
    readBy: async (site) => {
      const bytes = await bytesReadBySide(site);
      return (['primary', 'secondary'] as const).filter((side) => bytes[side] > 0);
    },
    plant: plantOnSync,
  },
};
