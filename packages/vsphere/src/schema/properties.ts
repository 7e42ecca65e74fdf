import type { FieldText } from './grammar.ts';
import type { ValueOf } from './values.ts';

const entity = { name: 'string', parent: 'ref' } as const;

/** The properties that are read, by managed type: each path with the type of its value. */
export const properties = {
  Folder: entity,
  StoragePod: entity,
  Datacenter: entity,
  ComputeResource: entity,
  ClusterComputeResource: entity,
  ResourcePool: entity,
  VirtualApp: { ...entity, parentFolder: 'ref' },
  HostSystem: {
    ...entity,
    'runtime.connectionState': 'string',
    'runtime.inMaintenanceMode': 'boolean',
    'config.product': 'AboutInfo',
  },
  Datastore: { ...entity, summary: 'DatastoreSummary', info: 'DatastoreInfo' },
  VirtualMachine: {
    ...entity,
    parentVApp: 'ref',
    datastore: 'ref[]',
    'runtime.host': 'ref',
    'runtime.powerState': 'string',
    'runtime.connectionState': 'string',
    'runtime.consolidationNeeded': 'boolean',
    'runtime.faultToleranceState': 'string',
    'config.uuid': 'string',
    'config.instanceUuid': 'string',
    'config.version': 'string',
    'config.template': 'boolean',
    'config.flags.snapshotDisabled': 'boolean',
    'config.flags.snapshotLocked': 'boolean',
    'config.files.vmPathName': 'string',
    'config.hardware.device': 'VirtualDevice[]',
    'config.changeTrackingEnabled': 'boolean',
    'config.keyId': 'CryptoKeyId',
    'capability.changeTrackingSupported': 'boolean',
    'guest.toolsRunningStatus': 'string',
    'guest.toolsVersionStatus2': 'string',
    snapshot: 'VirtualMachineSnapshotInfo',
    recentTask: 'ref[]',
  },
  VirtualMachineSnapshot: { 'config.hardware.device': 'VirtualDevice[]' },
  Task: { info: 'TaskInfo' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, FieldText>>>>;

type Table = typeof properties;

export type ManagedType = keyof Table;
export type PathOf<M extends ManagedType> = keyof Table[M] & string;

/** Values by path. A property that is unset, or that the server does not know, is absent. */
export type PropertiesOf<M extends ManagedType> = {
  readonly [P in PathOf<M>]?: ValueOf<Table[M][P]>;
};

export function isManagedType(type: string): type is ManagedType {
  return Object.hasOwn(properties, type);
}
