import { nodeOf } from './nodes.ts';
import type { SimulatedVm } from './simulated-vm.ts';
import type { VmwareSnapshot } from './vmware-snapshot.ts';

/** The `.vmx`: points to the current file of every disk. */
export function vmxText(vm: SimulatedVm): string {
  const { config } = vm;
  const entries: [string, string | number][] = [
    ['.encoding', 'UTF-8'],
    ['config.version', 8],
    ['virtualHW.version', config.hardwareVersion],
    ['displayName', config.name],
    ['guestOS', config.guestId.replace(/Guest$/, '').replace('_', '-')],
    ['firmware', config.firmware],
    ['nvram', `${vm.fileBase}.nvram`],
    ['numvcpus', config.cpus],
    ['memSize', config.memoryMb],
    ['uuid.bios', vmxUuid(vm.biosUuid)],
    ['vc.uuid', vmxUuid(vm.instanceUuid)],
    ['ethernet0.present', 'TRUE'],
    ['ethernet0.virtualDev', 'vmxnet3'],
    ['ethernet0.networkName', 'VM Network'],
  ];
  if (vm.isChangeTrackingEnabled) entries.push(['ctkEnabled', 'TRUE']);
  if (hasDiskUuids(vm)) entries.push(['disk.EnableUUID', 'TRUE']);
  const buses = new Set(vm.disks.map((disk) => nodeOf(disk.options.node).bus));
  for (const bus of buses) {
    entries.push([`${bus}.present`, 'TRUE']);
    if (bus.startsWith('scsi')) entries.push([`${bus}.virtualDev`, 'pvscsi']);
  }
  for (const disk of vm.disks) {
    const { node } = disk.options;
    entries.push([`${node}.present`, 'TRUE'], [`${node}.deviceType`, 'scsi-hardDisk']);
    entries.push([`${node}.fileName`, vm.diskFileName(disk, disk.top.descriptorName)]);
    if (disk.options.isIndependent) entries.push([`${node}.mode`, 'independent-persistent']);
    if (disk.tracker) entries.push([`${node}.ctkEnabled`, 'TRUE']);
  }
  return entries.map(([key, value]) => `${key} = "${escaped(String(value))}"\n`).join('');
}

/** The guest sees the disks' UUIDs, which VSS needs. */
export function hasDiskUuids(vm: SimulatedVm): boolean {
  return vm.config.guest.quiesce === 'vss';
}

/** The `.vmsd`: the tree of VMware snapshots; each names the files that it froze. */
export function vmsdText(vm: SimulatedVm): string {
  const entries: [string, string | number][] = [['.encoding', 'UTF-8']];
  if (vm.snapshots.length > 0) {
    entries.push(['snapshot.lastUID', Math.max(...vm.snapshots.map((each) => each.number))]);
    entries.push(['snapshot.current', vm.currentSnapshot?.number ?? 0]);
  }
  entries.push(['snapshot.numSnapshots', vm.snapshots.length]);
  for (const [index, snapshot] of vm.snapshots.entries())
    entries.push(...snapshotEntries(vm, index, snapshot));
  return entries.map(([key, value]) => `${key} = "${escaped(String(value))}"\n`).join('');
}

function snapshotEntries(
  vm: SimulatedVm,
  index: number,
  snapshot: VmwareSnapshot,
): [string, string | number][] {
  const prefix = `snapshot${index}`;
  const microseconds = BigInt(snapshot.createdMs) * 1000n;
  return [
    [`${prefix}.uid`, snapshot.number],
    [`${prefix}.filename`, vmsnName(vm, snapshot.number)],
    ...(snapshot.parent ? [[`${prefix}.parent`, snapshot.parent.number] as [string, number]] : []),
    [`${prefix}.displayName`, snapshot.name],
    [`${prefix}.description`, snapshot.description],
    [`${prefix}.createTimeHigh`, String(BigInt.asIntN(32, microseconds >> 32n))],
    [`${prefix}.createTimeLow`, String(BigInt.asIntN(32, microseconds))],
    [`${prefix}.numDisks`, snapshot.disks.length],
    ...snapshot.disks.flatMap((frozen, index): [string, string][] => {
      const disk = vm.disk(frozen.key);
      if (!disk) return [];
      return [
        [`${prefix}.disk${index}.fileName`, vm.diskFileName(disk, frozen.layer.descriptorName)],
        [`${prefix}.disk${index}.node`, disk.options.node],
      ];
    }),
  ];
}

export function vmsnName(vm: SimulatedVm, number: number): string {
  return `${vm.fileBase}-Snapshot${number}.vmsn`;
}

export function vmsnBytes(vm: SimulatedVm, number: number): Buffer {
  const bytes = Buffer.alloc(20_480);
  bytes.write(`lab vmsn ${vm.instanceUuid} ${number}\n${vmxText(vm)}`.slice(0, 20_000), 64, 'utf8');
  bytes.writeUInt32LE(0xbed2bed2, 0);
  return bytes;
}

export function nvramBytes(firmware: 'bios' | 'efi'): Buffer {
  const bytes = Buffer.alloc(firmware === 'efi' ? 270_840 : 8_684);
  bytes.write(`MRVN lab ${firmware}`, 0, 'ascii');
  return bytes;
}

/** `56 4d …-…` as in `.vmx` files. */
function vmxUuid(uuid: string): string {
  const pairs = uuid.replaceAll('-', '').match(/../g) ?? [];
  return `${pairs.slice(0, 8).join(' ')}-${pairs.slice(8).join(' ')}`;
}

/** Quotes, pipes and control characters are written as `|xx`. */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
  return text.replace(/["|\u0000-\u001f]/g, (character) => {
    return `|${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`;
  });
}
