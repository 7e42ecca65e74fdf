import type { Datastore, VirtualMachine } from '@leeward/core';
import { useCallback, useRef, useSyncExternalStore } from 'react';
import type { Resource } from './resource-cache.ts';
import type { SystemSummary, VcenterInventory } from './systems.ts';
import { useCache } from './use-resource.tsx';

export interface KnownVcenter {
  readonly name: string;
  readonly vms: readonly VirtualMachine[];
  readonly datastores: readonly Datastore[];
}

/** What was last read of every vCenter. */
export function useInventories(
  vcenters: Resource<readonly SystemSummary[]>,
): Resource<readonly KnownVcenter[]> {
  const cache = useCache();
  const { data: systems } = vcenters;
  const last = useRef<{ parts: readonly unknown[]; whole: Resource<readonly KnownVcenter[]> }>(undefined);
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = (systems ?? []).map(({ id }) => cache.subscribe(pathOf(id), listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
    [cache, systems],
  );
  const look = (): Resource<readonly KnownVcenter[]> => {
    const inventories = (systems ?? []).map(({ id }) => cache.get<VcenterInventory>(pathOf(id)));
    const parts = [systems, ...inventories.flatMap(({ data, error }) => [data, error])];
    const known = last.current;
    if (known && known.parts.length === parts.length && parts.every((part, at) => part === known.parts[at]))
      return known.whole;
    const whole = wholeOf(vcenters, inventories);
    last.current = { parts, whole };
    return whole;
  };
  return useSyncExternalStore(subscribe, look);
}

const pathOf = (id: string) => `/vcenters/${encodeURIComponent(id)}/inventory`;

function wholeOf(
  { data: systems, error: failed }: Resource<readonly SystemSummary[]>,
  inventories: readonly Resource<VcenterInventory>[],
): Resource<readonly KnownVcenter[]> {
  const error = failed ?? inventories.find((each) => each.error !== undefined)?.error;
  const isWhole =
    systems && inventories.every(({ data, error }) => data !== undefined || error !== undefined);
  if (!isWhole) return { loading: true, ...(error === undefined ? {} : { error }) };
  const data = systems.map(({ name }, at) => ({
    name,
    vms: inventories[at]?.data?.vms ?? [],
    datastores: inventories[at]?.data?.datastores ?? [],
  }));
  return { data, loading: false, ...(error === undefined ? {} : { error }) };
}
