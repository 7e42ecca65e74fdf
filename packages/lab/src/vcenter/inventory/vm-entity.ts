import type { VmFolder } from '../datastore/vm-folder.ts';
import { type DataObject, Ref, type Value } from '../soap/value.ts';
import type { SimulatedVm } from '../vm/simulated-vm.ts';
import type { VmwareSnapshot } from '../vm/vmware-snapshot.ts';
import { Entity, type ManagedObject, managedObject, refsOf } from './entity.ts';
import { capabilities } from './vm-capabilities.ts';
import { configInfo, guestFullName } from './vm-config-info.ts';
import { layoutEx } from './vm-layout.ts';

export interface VmPlace {
  readonly folder: Entity;
  readonly host: Ref;
  readonly resourcePool: Ref;
  readonly network: Ref;
}

/** A VM as clients see it. An inaccessible one has no config, layout, guest or storage. */
export function vmEntity(vm: SimulatedVm, place: VmPlace): Entity {
  const isAccessible = !vm.config.inaccessible;
  const unless = (read: () => Value) => () => (isAccessible ? read() : undefined);
  return new Entity(vm.ref, vm.config.name, place.folder, {
    recentTask: () => [...vm.recentTasks],
    capability: capabilities,
    config: unless(() => configInfo(vm)),
    layoutEx: unless(() => layoutEx(vm)),
    storage: unless(() => storage(vm)),
    environmentBrowser: () => new Ref('EnvironmentBrowser', 'envbrowser-1'),
    resourcePool: () => (vm.config.template ? undefined : place.resourcePool),
    runtime: () => runtime(vm, place.host),
    guest: unless(() => guest(vm)),
    guestHeartbeatStatus: () => (vm.isRunning ? 'green' : 'gray'),
    summary: () => summary(vm, place.host),
    datastore: () => refsOf(vm.datastores),
    network: () => [place.network],
    snapshot: () => snapshotInfo(vm),
    rootSnapshot: () => roots(vm).map((each) => each.ref),
  });
}

/** A VMware snapshot as an object of its own; gone when the VMware snapshot is. */
export function snapshotObject(vm: SimulatedVm, snapshot: VmwareSnapshot): ManagedObject {
  return managedObject(snapshot.ref, {
    config: () => configInfo(vm, snapshot),
    childSnapshot: () => childrenOf(vm, snapshot).map((each) => each.ref),
    vm: () => vm.ref,
    value: () => [],
    availableField: () => [],
  });
}

function snapshotInfo(vm: SimulatedVm): DataObject | undefined {
  if (vm.snapshots.length === 0) return undefined;
  return {
    $type: 'VirtualMachineSnapshotInfo',
    currentSnapshot: vm.currentSnapshot?.ref,
    rootSnapshotList: roots(vm).map((each) => treeNode(vm, each)),
  };
}

function treeNode(vm: SimulatedVm, snapshot: VmwareSnapshot): DataObject {
  return {
    $type: 'VirtualMachineSnapshotTree',
    snapshot: snapshot.ref,
    vm: vm.ref,
    name: snapshot.name,
    description: snapshot.description,
    id: snapshot.number,
    createTime: new Date(snapshot.createdMs),
    state: snapshot.hasMemory ? snapshot.powerState : 'poweredOff',
    quiesced: snapshot.isQuiesced,
    backupManifest: snapshot.manifestName && vm.datastorePath(snapshot.manifestName),
    childSnapshotList: childrenOf(vm, snapshot).map((each) => treeNode(vm, each)),
    replaySupported: false,
  };
}

function roots(vm: SimulatedVm): VmwareSnapshot[] {
  return vm.snapshots.filter((each) => each.parent === undefined);
}

function childrenOf(vm: SimulatedVm, snapshot: VmwareSnapshot): VmwareSnapshot[] {
  return vm.snapshots.filter((each) => each.parent === snapshot);
}

function runtime(vm: SimulatedVm, host: Ref): DataObject {
  return {
    $type: 'VirtualMachineRuntimeInfo',
    host,
    connectionState: connectionOf(vm),
    powerState: vm.powerState,
    faultToleranceState: vm.config.faultTolerance ? 'running' : 'notConfigured',
    toolsInstallerMounted: false,
    bootTime: vm.isRunning ? new Date(vm.bootMs) : undefined,
    suspendInterval: 0,
    numMksConnections: 0,
    recordReplayState: 'inactive',
    onlineStandby: false,
    consolidationNeeded: vm.isConsolidationNeeded,
    paused: false,
    snapshotInBackground: false,
    cryptoState: vm.config.encrypted || vm.config.vtpm ? 'unlocked' : undefined,
  };
}

function connectionOf({ config }: SimulatedVm): string {
  return config.inaccessible && config.connection === 'connected' ? 'inaccessible' : config.connection;
}

function guest(vm: SimulatedVm): DataObject {
  const { toolsInstalled } = vm.config;
  const isUp = vm.isRunning && vm.config.toolsRunning && toolsInstalled;
  const version = toolsInstalled ? 'guestToolsUnmanaged' : 'guestToolsNotInstalled';
  return {
    $type: 'GuestInfo',
    toolsStatus: isUp ? 'toolsOk' : toolsInstalled ? 'toolsNotRunning' : 'toolsNotInstalled',
    toolsVersionStatus: version,
    toolsVersionStatus2: version,
    toolsRunningStatus: isUp ? 'guestToolsRunning' : 'guestToolsNotRunning',
    guestId: isUp ? vm.config.guestId : undefined,
    hostName: isUp ? vm.config.name.replace(/[^\w-]+/g, '-') : undefined,
    guestState: isUp ? 'running' : 'notRunning',
  };
}

function storage(vm: SimulatedVm): DataObject {
  return {
    $type: 'VirtualMachineStorageInfo',
    perDatastoreUsage: vm.datastores.map((datastore) => {
      const folders = vm.folders.filter((folder) => folder.datastore === datastore);
      const bytes = folders.reduce((sum, folder) => sum + sizeOf(folder), 0);
      return {
        $type: 'VirtualMachineUsageOnDatastore',
        datastore: datastore.ref,
        committed: bytes,
        uncommitted: 0,
        unshared: bytes,
      };
    }),
    timestamp: new Date(vm.clock.now()),
  };
}

function summary(vm: SimulatedVm, host: Ref): DataObject {
  const { config } = vm;
  return {
    $type: 'VirtualMachineSummary',
    vm: vm.ref,
    runtime: runtime(vm, host),
    guest: config.inaccessible
      ? undefined
      : {
          $type: 'VirtualMachineGuestSummary',
          guestId: config.guestId,
          toolsStatus: guest(vm)['toolsStatus'],
        },
    config: {
      $type: 'VirtualMachineConfigSummary',
      name: config.name,
      template: config.template,
      vmPathName: vm.datastorePath(vm.vmxName),
      memorySizeMB: config.memoryMb,
      numCpu: config.cpus,
      numVirtualDisks: vm.disks.length,
      uuid: vm.biosUuid,
      instanceUuid: vm.instanceUuid,
      guestId: config.guestId,
      guestFullName: guestFullName(config.guestId),
      hwVersion: `vmx-${config.hardwareVersion}`,
    },
    storage: {
      $type: 'VirtualMachineStorageSummary',
      committed: committed(vm),
      uncommitted: 0,
      unshared: committed(vm),
      timestamp: new Date(vm.clock.now()),
    },
    quickStats: { $type: 'VirtualMachineQuickStats', guestHeartbeatStatus: vm.isRunning ? 'green' : 'gray' },
    overallStatus: 'green',
    customValue: [],
  };
}

function committed(vm: SimulatedVm): number {
  return vm.folders.reduce((sum, folder) => sum + sizeOf(folder), 0);
}

function sizeOf(folder: VmFolder): number {
  return folder.list().reduce((sum, { file }) => sum + file.sizeBytes, 0);
}
