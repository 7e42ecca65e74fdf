import type {
  PlanningArray,
  PlanningInventory,
  PlanningPoint,
  PlanningProxy,
  PlanningVcenter,
} from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { isOnline } from '../proxy/liveness.ts';
import type { Point } from '../store/points.ts';
import { InventoryCache } from './cached-inventory.ts';
import { rescanAll } from './rescan.ts';
import { measuredSteps, measurementsThatCount, snapshotTimes } from './snapshot-times.ts';

/** What was measured longer ago tells nothing of today's load. */
const measuredForMs = 30 * 86_400_000;

export interface PlanningOptions {
  /** Read vCenters and arrays anew first. */
  readonly refresh: boolean;
  readonly signal?: AbortSignal;
}

/** Everything that planning may look at, put together from the store. */
export async function planningInventory(
  deps: BackupDeps,
  options: PlanningOptions,
): Promise<PlanningInventory> {
  if (options.refresh) await rescanAll(deps, options.signal);
  const { store, clock } = deps;
  const [vcenters, arrays, proxies, repositories, points, limits, steps] = await Promise.all([
    planningVcenters(deps),
    planningArrays(deps),
    planningProxies(deps),
    store.repositories.list(),
    store.points.newest(),
    store.settings.limits(),
    store.runLog.durations(measuredSteps, clock.now() - measuredForMs, measurementsThatCount),
  ]);
  return {
    vcenters,
    arrays,
    proxies,
    repositories: repositories.map(({ id, name }) => ({ id, name })),
    points: points.map(planningPoint),
    limits,
    snapshotTimes: snapshotTimes(steps),
  };
}

async function planningVcenters(deps: BackupDeps): Promise<readonly PlanningVcenter[]> {
  const cache = new InventoryCache(deps.store);
  const systems = await deps.store.systems.list('vcenter');
  return Promise.all(
    systems.map(async ({ id, name, problem }) => {
      const seen = problem ? undefined : await cache.vcenter(id);
      return {
        id,
        name,
        datastores: seen?.datastores ?? [],
        vms: seen?.vms ?? [],
        ...(problem ? { problem } : {}),
      };
    }),
  );
}

async function planningArrays(deps: BackupDeps): Promise<readonly PlanningArray[]> {
  const cache = new InventoryCache(deps.store);
  const systems = await deps.store.systems.list('array');
  return Promise.all(
    systems.map(async ({ id, name, problem }) => {
      const inventory = await cache.array(id);
      return { id, name, ...(inventory ? { inventory } : {}), ...(problem ? { problem } : {}) };
    }),
  );
}

/** Proxies, with whether they are there now. */
export async function planningProxies(
  deps: Pick<BackupDeps, 'store' | 'clock'>,
): Promise<readonly PlanningProxy[]> {
  const proxies = await deps.store.proxies.list();
  return proxies.map((proxy) => ({
    id: proxy.id,
    name: proxy.name,
    online: isOnline(proxy, deps.clock.now()),
    addresses: proxy.settings.addresses,
    slots: proxy.settings.slots,
    reach: proxy.reach,
  }));
}

function planningPoint(point: Point): PlanningPoint {
  return {
    id: point.id,
    vmKey: point.vmKey,
    repositoryId: point.repositoryId,
    createdAt: point.createdAt,
    disks: point.facts.disks.map(({ key, sizeBytes, changeId, fileName, distrustedBy }) => ({
      key,
      sizeBytes,
      fileName,
      ...(changeId ? { changeId } : {}),
      ...(distrustedBy ? { distrustedBy } : {}),
    })),
  };
}
