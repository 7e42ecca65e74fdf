import { isoTime } from '@leeward/core';
import type { Services } from '../api/call.ts';
import type { SimulatedVm } from '../vm/simulated-vm.ts';
import type { GuestControl } from './guest-control.ts';

/** Everything that tests and the demo ask for at the end: what is there and what was left. */
export function stateOf(services: Services, guests: GuestControl): Record<string, unknown> {
  const { world, sessions, tasks } = services;
  return {
    now: isoTime(world.clock.now()),
    sessions: sessions.list().map((session) => ({
      userName: session.account.userName,
      address: session.address,
      loginAt: isoTime(session.loginMs),
      callCount: session.callCount,
    })),
    tasks: tasks.recent.length,
    vmwareSnapshots: world.vms.reduce((sum, vm) => sum + vm.snapshots.length, 0),
    vms: world.vms.map((vm) => vmState(vm, guests)),
  };
}

export function vmState(vm: SimulatedVm, guests: GuestControl): Record<string, unknown> {
  return {
    moid: vm.ref.id,
    name: vm.config.name,
    instanceUuid: vm.instanceUuid,
    datastore: vm.datastore.name,
    directory: vm.folder.directory,
    powerState: vm.powerState,
    changeTrackingEnabled: vm.isChangeTrackingEnabled,
    consolidationNeeded: vm.isConsolidationNeeded,
    snapshots: vm.snapshots.map((snapshot) => ({
      moid: snapshot.ref.id,
      name: snapshot.name,
      createdAt: isoTime(snapshot.createdMs),
    })),
    stuns: vm.stuns.map((stun) => ({ at: isoTime(stun.atMs), durationMs: stun.durationMs })),
    guest: guests.stateOf(vm),
    disks: vm.disks.map((disk) => ({
      key: disk.options.key,
      node: disk.options.node,
      sizeBytes: disk.options.sizeBytes,
      changeId: disk.tracker?.openId ?? null,
      chain: disk.layers.map((layer) => layer.descriptorName),
    })),
  };
}
