import { isA } from '../schema/values.ts';
import type { ReadObject, UnreadProperty } from '../session/collector.ts';
import { type DiskInfo, describeDisks } from './disk.ts';
import { unescapeName } from './inventory-name.ts';
import type { Migration } from './migration.ts';
import { describeSnapshots, type VmwareSnapshot } from './vmware-snapshot.ts';

export interface VmInfo {
  readonly moId: string;
  readonly name: string;
  /** Inventory path, `/datacenter/vm/folder/name`, each name as vCenter stores it (`/` inside a name is `%2f`). */
  readonly path: string;
  /**
   * `read`: everything below is true. `absent`: vCenter has no configuration of the VM (inaccessible, orphaned,
   * host lost). `unreadable`: it has, but did not give all of it; `unread` says what and why. In both of the
   * latter the fields of the configuration hold nothing and the VM MUST NOT be planned upon.
   */
  readonly config: 'read' | 'absent' | 'unreadable';
  readonly unread: readonly UnreadProperty[];
  readonly instanceUuid: string;
  readonly biosUuid: string;
  /** `poweredOn`, `poweredOff` or `suspended`. */
  readonly powerState: string;
  /** `connected`, `disconnected`, `orphaned`, `inaccessible` or `invalid`. */
  readonly connectionState: string;
  readonly isTemplate: boolean;
  /** The VM's home or one of its disks is encrypted. */
  readonly encrypted: boolean;
  /** It has a virtual TPM; its home is encrypted then. */
  readonly vtpm: boolean;
  /** `notConfigured`, `disabled`, `enabled`, `needSecondary`, `starting` or `running`. */
  readonly faultTolerance: string;
  /** VMware snapshots are disabled or locked by its configuration. */
  readonly snapshotsDisabled: boolean;
  readonly tools: ToolsState;
  /** The task that moves it to another host or datastore now. */
  readonly migration?: Migration;
  /** Number of the virtual hardware version, 0 when unknown. */
  readonly hardwareVersion: number;
  /** The VM's switch; whether a disk is really tracked shows only in a VMware snapshot's change id. */
  readonly cbtEnabled: boolean;
  readonly cbtSupported: boolean;
  readonly consolidationNeeded: boolean;
  /** Datastore path, `[datastore] folder/vm.vmx`. */
  readonly vmxPath: string;
  readonly hostMoId?: string;
  readonly vmSnapshots: readonly VmwareSnapshot[];
  readonly disks: readonly DiskInfo[];
  /** Ids of all datastores that the VM uses, those of its home included. */
  readonly datastores: readonly string[];
}

/** `unknown`: vCenter does not say, or in words that are not known here. */
type ToolsState = 'running' | 'notRunning' | 'notInstalled' | 'unknown';

export const vmPaths = [
  'name',
  'parent',
  'parentVApp',
  'datastore',
  'runtime.host',
  'runtime.powerState',
  'runtime.connectionState',
  'runtime.consolidationNeeded',
  'runtime.faultToleranceState',
  'config.uuid',
  'config.instanceUuid',
  'config.version',
  'config.template',
  'config.flags.snapshotDisabled',
  'config.flags.snapshotLocked',
  'config.files.vmPathName',
  'config.hardware.device',
  'config.changeTrackingEnabled',
  'config.keyId',
  'capability.changeTrackingSupported',
  'guest.toolsRunningStatus',
  'guest.toolsVersionStatus2',
  'snapshot',
  'recentTask',
] as const;

export function describeVm(object: ReadObject<'VirtualMachine'>, parentPath: string): VmInfo {
  const { values } = object;
  const devices = values['config.hardware.device'] ?? [];
  const disks = describeDisks(devices);
  const datastores = [...(values.datastore ?? []).map(({ moId }) => moId), ...disks.flatMap(datastoresOf)];
  const host = values['runtime.host']?.moId;
  const storedName = values.name ?? object.moId;
  return {
    moId: object.moId,
    name: unescapeName(storedName),
    path: `${parentPath}/${storedName}`,
    config: configState(object),
    unread: object.unread,
    instanceUuid: values['config.instanceUuid'] ?? '',
    biosUuid: values['config.uuid'] ?? '',
    powerState: values['runtime.powerState'] ?? 'unknown',
    connectionState: values['runtime.connectionState'] ?? 'unknown',
    isTemplate: values['config.template'] ?? false,
    encrypted: values['config.keyId'] !== undefined || disks.some((disk) => disk.encrypted),
    vtpm: devices.some((device) => isA(device, 'VirtualTPM')),
    faultTolerance: values['runtime.faultToleranceState'] ?? 'notConfigured',
    snapshotsDisabled:
      (values['config.flags.snapshotDisabled'] ?? false) || (values['config.flags.snapshotLocked'] ?? false),
    tools: toolsState(values['guest.toolsRunningStatus'], values['guest.toolsVersionStatus2']),
    hardwareVersion: Number(/^vmx-(\d+)$/.exec(values['config.version'] ?? '')?.[1] ?? 0),
    cbtEnabled: values['config.changeTrackingEnabled'] ?? false,
    cbtSupported: values['capability.changeTrackingSupported'] ?? false,
    consolidationNeeded: values['runtime.consolidationNeeded'] ?? false,
    vmxPath: values['config.files.vmPathName'] ?? '',
    ...(host === undefined ? {} : { hostMoId: host }),
    vmSnapshots: describeSnapshots(values.snapshot),
    disks,
    datastores: [...new Set(datastores)],
  };
}

const toolsStates: Readonly<Record<string, ToolsState>> = {
  guestToolsRunning: 'running',
  guestToolsExecutingScripts: 'running',
  guestToolsNotRunning: 'notRunning',
};

function toolsState(running: string | undefined, version: string | undefined): ToolsState {
  if (running !== 'guestToolsRunning' && version === 'guestToolsNotInstalled') return 'notInstalled';
  return toolsStates[running ?? ''] ?? 'unknown';
}

function configState({ values, unread }: ReadObject<'VirtualMachine'>): VmInfo['config'] {
  if (unread.length > 0) return 'unreadable';
  return values['config.hardware.device'] && values['config.files.vmPathName'] ? 'read' : 'absent';
}

function datastoresOf(disk: DiskInfo): readonly string[] {
  return disk.datastoreMoIds;
}
