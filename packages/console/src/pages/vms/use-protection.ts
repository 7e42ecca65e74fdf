import type { Job } from '@leeward/core';
import { useMemo } from 'react';
import type { Resource } from '../../api/resource-cache.ts';
import type { Run } from '../../api/runs.ts';
import type { SystemSummary, TopologyPath } from '../../api/systems.ts';
import { useInventories } from '../../api/use-inventories.ts';
import { useResource } from '../../api/use-resource.tsx';
import type { Point } from '../../api/work.ts';
import { useNow } from '../../time/use-now.ts';
import { together } from '../../ui/loaded.tsx';
import { protectionOf, type VmProtection } from './protection.ts';

/** Protection of every VM of every vCenter. */
export function useProtection(withinMs: number): Resource<readonly VmProtection[]> {
  const vcenters = useResource<readonly SystemSummary[]>('/vcenters');
  const inventories = useInventories(vcenters);
  const all = together(
    inventories,
    useResource<readonly Job[]>('/jobs'),
    useResource<readonly Point[]>('/points'),
    useResource<readonly Run[]>('/runs?limit=200'),
    useResource<readonly TopologyPath[]>('/topology'),
  );
  const nowMs = useNow(true, 60_000);
  const [systems, jobs, points, runs, topology] = all.data ?? [];
  const data = useMemo(
    () =>
      systems && jobs && points && runs && topology
        ? protectionOf({ vcenters: systems, jobs, points, runs, topology }, withinMs, nowMs)
        : undefined,
    [systems, jobs, points, runs, topology, withinMs, nowMs],
  );
  return { loading: all.loading, error: all.error, ...(data ? { data } : {}) };
}
