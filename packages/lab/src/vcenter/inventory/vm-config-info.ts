import type { DataObject } from '../soap/value.ts';
import type { SimulatedVm } from '../vm/simulated-vm.ts';
import { hasDiskUuids } from '../vm/vm-files.ts';
import type { VmwareSnapshot } from '../vm/vmware-snapshot.ts';
import { cryptoKey, currentDisks, devicesOf, type ShownDisk } from './vm-devices.ts';

const guestNames: Readonly<Record<string, string>> = {
  debian12_64Guest: 'Debian GNU/Linux 12 (64-bit)',
  windows2019srvNext_64Guest: 'Microsoft Windows Server 2022 (64-bit)',
};

export function guestFullName(guestId: string): string {
  return guestNames[guestId] ?? guestId;
}

/** `config` of a VM, or of one of its VMware snapshots: then with the frozen files and their change ids. */
export function configInfo(vm: SimulatedVm, snapshot?: VmwareSnapshot): DataObject {
  const { config } = vm;
  const tracking = snapshot?.changeTrackingEnabled ?? vm.isChangeTrackingEnabled;
  const changeVersion = snapshot?.changeVersion ?? vm.changeVersion;
  const shown = snapshot ? snapshotDisks(vm, snapshot) : currentDisks(vm);
  return {
    $type: 'VirtualMachineConfigInfo',
    changeVersion,
    modified: new Date(0),
    name: config.name,
    guestFullName: guestFullName(config.guestId),
    version: `vmx-${config.hardwareVersion}`,
    uuid: vm.biosUuid,
    createDate: new Date(vm.bootMs),
    instanceUuid: vm.instanceUuid,
    npivTemporaryDisabled: true,
    template: config.template,
    guestId: config.guestId,
    alternateGuestName: '',
    annotation: '',
    files: {
      $type: 'VirtualMachineFileInfo',
      vmPathName: vm.datastorePath(vm.vmxName),
      snapshotDirectory: vm.datastorePath(''),
      suspendDirectory: vm.datastorePath(''),
      logDirectory: vm.datastorePath(''),
    },
    flags: {
      $type: 'VirtualMachineFlagInfo',
      enableLogging: true,
      snapshotDisabled: config.snapshotsDisabled,
      snapshotLocked: false,
      diskUuidEnabled: hasDiskUuids(vm),
    },
    defaultPowerOps: {
      $type: 'VirtualMachineDefaultPowerOpInfo',
      powerOffType: 'soft',
      standbyAction: 'checkpoint',
    },
    hardware: {
      $type: 'VirtualHardware',
      numCPU: config.cpus,
      numCoresPerSocket: 1,
      autoCoresPerSocket: true,
      memoryMB: config.memoryMb,
      virtualICH7MPresent: false,
      virtualSMCPresent: false,
      device: devicesOf(vm, shown),
    },
    extraConfig: extraConfig(vm, tracking),
    datastoreUrl: vm.datastores.map(({ name, uuid }) => ({
      $type: 'VirtualMachineConfigInfoDatastoreUrlPair',
      name,
      url: `/vmfs/volumes/${uuid}`,
    })),
    swapPlacement: 'inherit',
    bootOptions: { $type: 'VirtualMachineBootOptions', bootDelay: 0, enterBIOSSetup: false },
    changeTrackingEnabled: tracking,
    firmware: config.firmware,
    ftInfo: config.faultTolerance
      ? {
          $type: 'FaultToleranceConfigInfo',
          role: 1,
          instanceUuids: [vm.instanceUuid],
          configPaths: [vm.datastorePath(vm.vmxName)],
        }
      : undefined,
    keyId: config.encrypted || config.vtpm ? cryptoKey(vm) : undefined,
  };
}

/** Disks that do not take part show their current file, without a change id. */
function snapshotDisks(vm: SimulatedVm, snapshot: VmwareSnapshot): ShownDisk[] {
  return vm.disks.map((disk) => {
    const frozen = snapshot.disks.find((each) => each.key === disk.options.key);
    return { disk, layer: frozen?.layer ?? disk.top, changeId: frozen?.changeId };
  });
}

function extraConfig(vm: SimulatedVm, tracking: boolean): DataObject[] {
  const entries: [string, string][] = [['nvram', `${vm.fileBase}.nvram`]];
  if (tracking) entries.push(['ctkEnabled', 'TRUE']);
  if (hasDiskUuids(vm)) entries.push(['disk.EnableUUID', 'TRUE']);
  for (const disk of vm.disks) if (disk.tracker) entries.push([`${disk.options.node}.ctkEnabled`, 'TRUE']);
  return entries.map(([key, value]) => ({ $type: 'OptionValue', key, value }));
}
