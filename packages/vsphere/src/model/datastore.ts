import { isA } from '../schema/values.ts';
import type { ReadObject, UnreadProperty } from '../session/collector.ts';
import { unescapeName } from './inventory-name.ts';

export type DatastoreType = 'NFS' | 'NFS41' | 'VMFS' | 'vsan' | 'VVOL' | 'other';

export interface DatastoreInfo {
  readonly moId: string;
  readonly name: string;
  readonly type: DatastoreType;
  /** As vCenter shows it, `ds:///vmfs/volumes/<uuid>/`. Empty when it cannot be read. */
  readonly url: string;
  readonly accessible: boolean;
  /** 0 when it cannot be read. */
  readonly capacityBytes: number;
  /** Inventory path of its data centre, as `readDatastoreFile` needs it. */
  readonly datacenterPath: string;
  readonly nfs?: NfsMount;
  /** Absent also on VMFS while the datastore is not accessible. */
  readonly vmfs?: VmfsVolume;
  /** What vCenter did not give, e.g. for want of a privilege. */
  readonly unread: readonly UnreadProperty[];
}

/** The mount as it was typed: the same export with another spelling is another datastore. */
export interface NfsMount {
  readonly remoteHost: string;
  /** All server addresses; NFS 4.1 may have several. Never empty. */
  readonly remoteHosts: readonly string[];
  readonly remotePath: string;
}

export interface VmfsVolume {
  /** The same as in the volume's header on disk; the label can change, this cannot. */
  readonly uuid: string;
  /** E.g. `6.82`. */
  readonly version: string;
  /** Devices in order, the head extent first. */
  readonly extents: readonly { readonly diskName: string; readonly partition: number }[];
}

const types: Readonly<Record<string, DatastoreType>> = {
  NFS: 'NFS',
  NFS41: 'NFS41',
  VMFS: 'VMFS',
  vsan: 'vsan',
  vsanD: 'vsan',
  VVOL: 'VVOL',
};

export const datastorePaths = ['name', 'parent', 'summary', 'info'] as const;

export function describeDatastore(object: ReadObject<'Datastore'>, datacenterPath: string): DatastoreInfo {
  const { name, summary, info } = object.values;
  const nas = isA(info, 'NasDatastoreInfo') ? info.nas : undefined;
  const vmfs = isA(info, 'VmfsDatastoreInfo') ? info.vmfs : undefined;
  return {
    moId: object.moId,
    name: unescapeName(name ?? summary?.name ?? object.moId),
    type: types[summary?.type ?? ''] ?? 'other',
    url: summary?.url ?? '',
    accessible: summary?.accessible ?? false,
    capacityBytes: summary?.capacity ?? 0,
    datacenterPath,
    ...(nas
      ? {
          nfs: {
            remoteHost: nas.remoteHost,
            remoteHosts: nas.remoteHostNames.length > 0 ? nas.remoteHostNames : [nas.remoteHost],
            remotePath: nas.remotePath,
          },
        }
      : {}),
    ...(vmfs
      ? {
          vmfs: {
            uuid: vmfs.uuid,
            version: vmfs.version,
            extents: vmfs.extent.map(({ diskName, partition }) => ({ diskName, partition })),
          },
        }
      : {}),
    unread: object.unread,
  };
}
