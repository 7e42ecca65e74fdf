import { type DataObject, Ref } from '../soap/value.ts';
import { Entity, refsOf } from './entity.ts';

export interface ClusterSurroundings {
  readonly hosts: () => readonly { readonly ref: Ref }[];
  readonly datastores: () => readonly { readonly ref: Ref }[];
  readonly vms: () => readonly { readonly ref: Ref }[];
  readonly network: Ref;
}

/** A cluster with its root resource pool. */
export function clusterEntities(
  number: number,
  name: string,
  parent: Entity,
  around: ClusterSurroundings,
): { readonly cluster: Entity; readonly pool: Entity } {
  const ref = new Ref('ClusterComputeResource', `domain-c${number}`);
  const poolRef = new Ref('ResourcePool', `resgroup-${number + 1}`);
  const summary = (): DataObject => ({
    $type: 'ClusterComputeResourceSummary',
    totalCpu: 41_600 * around.hosts().length,
    totalMemory: 137_438_953_472 * around.hosts().length,
    numCpuCores: 16 * around.hosts().length,
    numCpuThreads: 32 * around.hosts().length,
    effectiveCpu: 40_000 * around.hosts().length,
    effectiveMemory: 128_000 * around.hosts().length,
    numHosts: around.hosts().length,
    numEffectiveHosts: around.hosts().length,
    overallStatus: 'green',
    currentFailoverLevel: 0,
    numVmotions: 0,
  });
  const dasConfig: DataObject = { $type: 'ClusterDasConfigInfo', enabled: false };
  const drsConfig: DataObject = { $type: 'ClusterDrsConfigInfo', enabled: false };
  const cluster = new Entity(ref, name, parent, {
    resourcePool: () => poolRef,
    host: () => refsOf(around.hosts()),
    datastore: () => refsOf(around.datastores()),
    network: () => [around.network],
    summary,
    summaryEx: summary,
    environmentBrowser: () => new Ref('EnvironmentBrowser', 'envbrowser-1'),
    configuration: () => ({ $type: 'ClusterConfigInfo', dasConfig, drsConfig }),
    configurationEx: () => ({
      $type: 'ClusterConfigInfoEx',
      vmSwapPlacement: 'vmDirectory',
      dasConfig,
      drsConfig,
    }),
  });
  const pool = new Entity(poolRef, 'Resources', cluster, {
    owner: () => ref,
    resourcePool: () => [],
    vm: () => refsOf(around.vms()),
    config: poolConfig,
    runtime: poolRuntime,
    summary: () => ({
      $type: 'ResourcePoolSummary',
      name: 'Resources',
      config: poolConfig(),
      runtime: poolRuntime(),
    }),
  });
  return { cluster, pool };
}

function poolConfig(): DataObject {
  const allocation = {
    $type: 'ResourceAllocationInfo',
    reservation: 0,
    expandableReservation: true,
    limit: -1,
  };
  return { $type: 'ResourceConfigSpec', cpuAllocation: allocation, memoryAllocation: allocation };
}

function poolRuntime(): DataObject {
  const usage = {
    $type: 'ResourcePoolResourceUsage',
    reservationUsed: 0,
    reservationUsedForVm: 0,
    unreservedForPool: 0,
    unreservedForVm: 0,
    overallUsage: 0,
    maxUsage: 0,
  };
  return { $type: 'ResourcePoolRuntimeInfo', memory: usage, cpu: usage, overallStatus: 'green' };
}
