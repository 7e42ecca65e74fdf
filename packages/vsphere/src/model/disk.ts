import { MalformedAnswer } from '../codec/xml-element.ts';
import { isA, type Vim } from '../schema/values.ts';

/** How a disk is kept. Only `flat` and `sesparse` can be read from a storage snapshot. */
export type BackingKind = 'flat' | 'sesparse' | 'rdm-virtual' | 'rdm-physical' | 'sparse' | 'pmem' | 'other';

export interface DiskInfo {
  /** Device key, unique within the VM. */
  readonly key: number;
  readonly label: string;
  /** Bus position, e.g. `scsi0:0`; `unknown:<unit>` when its controller is not listed. */
  readonly node: string;
  readonly sizeBytes: number;
  readonly backing: BackingKind;
  /** Datastore path of the descriptor, `[datastore] folder/disk.vmdk`. Empty where the backing is no file. */
  readonly fileName: string;
  readonly datastoreMoId?: string;
  /** `persistent`, `independent_persistent`, …; empty where the backing has none. */
  readonly diskMode: string;
  /** `sharingNone` or `sharingMultiWriter`. */
  readonly sharing: string;
  /** True when its controller shares the bus: no VMware snapshot is possible then. */
  readonly sharedBus: boolean;
  readonly uuid?: string;
  /** CBT change id of this very file; in a VM's own configuration that of the growing child: never store that. */
  readonly changeId?: string;
  readonly encrypted: boolean;
  /** Files below `fileName`: nearest parent first, base last. Empty for a disk that stands alone. */
  readonly parents: readonly string[];
  /** Datastores of the disk and of all its parents, each once. */
  readonly datastoreMoIds: readonly string[];
  /** The LUN behind a raw device mapping. */
  readonly rdm?: { readonly lunUuid?: string; readonly deviceName?: string };
}

type FileBacking = Vim<'VirtualDeviceFileBackingInfo'>;

interface BackingFacts {
  readonly kind: BackingKind;
  readonly diskMode?: string | undefined;
  readonly sharing?: string | undefined;
  readonly uuid?: string | undefined;
  readonly changeId?: string | undefined;
  readonly encrypted?: boolean;
  readonly parent?: FileBacking | undefined;
  readonly rdm?: DiskInfo['rdm'];
}

/** Chains are 32 deep at most; more is a defect of the answer. */
const maxParents = 256;

/** The disks among a VM's devices, with what their controllers say. */
export function describeDisks(devices: readonly Vim<'VirtualDevice'>[]): DiskInfo[] {
  const controllers = new Map<number, Vim<'VirtualController'>>();
  for (const device of devices) if (isA(device, 'VirtualController')) controllers.set(device.key, device);
  return devices
    .filter((device) => isA(device, 'VirtualDisk'))
    .map((disk) => describeDisk(disk, controllers.get(disk.controllerKey ?? -1)));
}

function describeDisk(disk: Vim<'VirtualDisk'>, controller?: Vim<'VirtualController'>): DiskInfo {
  const { backing } = disk;
  const facts = backing ? factsOf(backing) : { kind: 'other' as const };
  const file = isA(backing, 'VirtualDeviceFileBackingInfo') ? backing : undefined;
  const chain = file ? chainOf(file) : [];
  const datastores = chain.map(({ datastore }) => datastore?.moId).filter((moId) => moId !== undefined);
  return {
    key: disk.key,
    label: disk.deviceInfo?.label ?? `disk ${disk.key}`,
    node: `${busOf(controller)}:${disk.unitNumber ?? 0}`,
    sizeBytes: disk.capacityInBytes ?? disk.capacityInKB * 1024,
    backing: facts.kind,
    fileName: file?.fileName ?? '',
    ...(file?.datastore ? { datastoreMoId: file.datastore.moId } : {}),
    diskMode: facts.diskMode ?? '',
    sharing: facts.sharing ?? 'sharingNone',
    sharedBus: hasSharedBus(controller),
    ...(facts.uuid === undefined ? {} : { uuid: facts.uuid }),
    ...(facts.changeId === undefined ? {} : { changeId: facts.changeId }),
    encrypted: facts.encrypted ?? false,
    parents: chain.slice(1).map(({ fileName }) => fileName),
    datastoreMoIds: [...new Set(datastores)],
    ...(facts.rdm ? { rdm: facts.rdm } : {}),
  };
}

function factsOf(backing: Vim<'VirtualDeviceBackingInfo'>): BackingFacts {
  if (isA(backing, 'VirtualDiskFlatVer2BackingInfo'))
    return { ...backing, kind: 'flat', encrypted: backing.keyId !== undefined };
  if (isA(backing, 'VirtualDiskSeSparseBackingInfo'))
    return { ...backing, kind: 'sesparse', encrypted: backing.keyId !== undefined };
  if (isA(backing, 'VirtualDiskSparseVer2BackingInfo'))
    return { ...backing, kind: 'sparse', encrypted: backing.keyId !== undefined };
  if (isA(backing, 'VirtualDiskRawDiskMappingVer1BackingInfo')) {
    const { lunUuid, deviceName, compatibilityMode } = backing;
    const kind = compatibilityMode === 'virtualMode' ? 'rdm-virtual' : 'rdm-physical';
    const rdm = { ...(lunUuid ? { lunUuid } : {}), ...(deviceName ? { deviceName } : {}) };
    return { ...backing, kind, rdm };
  }
  if (isA(backing, 'VirtualDiskLocalPMemBackingInfo')) return { ...backing, kind: 'pmem' };
  return { kind: 'other' };
}

/** The file itself and everything below it. */
function chainOf(file: FileBacking): FileBacking[] {
  const chain: FileBacking[] = [];
  for (let current: FileBacking | undefined = file; current; current = factsOf(current).parent) {
    if (chain.length > maxParents)
      throw new MalformedAnswer(`${file.fileName} has over ${maxParents} parents`);
    chain.push(current);
  }
  return chain;
}

function busOf(controller: Vim<'VirtualController'> | undefined): string {
  if (!controller) return 'unknown';
  const { busNumber } = controller;
  if (isA(controller, 'VirtualSCSIController')) return `scsi${busNumber}`;
  if (isA(controller, 'VirtualSATAController')) return `sata${busNumber}`;
  if (isA(controller, 'VirtualNVMEController')) return `nvme${busNumber}`;
  if (isA(controller, 'VirtualIDEController')) return `ide${busNumber}`;
  return `bus${busNumber}`;
}

function hasSharedBus(controller: Vim<'VirtualController'> | undefined): boolean {
  const shared =
    isA(controller, 'VirtualSCSIController') || isA(controller, 'VirtualNVMEController')
      ? controller.sharedBus
      : undefined;
  return shared !== undefined && shared !== 'noSharing' && shared !== '';
}
