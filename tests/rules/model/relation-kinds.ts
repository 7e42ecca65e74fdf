/** How a replicated volume gets to the secondary and is read there. One value for each column `relation` of the table. */
export interface RelationKind {
  readonly id: string;
  readonly family: 'ontap' | 'ontap-sync' | 'nimble' | 'nimble-sync';
  readonly kind: 'transfer' | 'sync';
  readonly protocol: 'nfs' | 'iscsi';
  /** What the secondary has to make before a proxy can read a storage snapshot. */
  readonly shownBy: 'clone' | 'snapshot directory';
  /** The transfer begins by itself with the storage snapshot (R4). */
  readonly startsByItself: boolean;
  /** Of synchronous ones: out of sync stops the hosts of the primary. */
  readonly strict?: boolean;
  /** Of synchronous ones: an administrator can pause it. */
  readonly canBePaused?: boolean;
  readonly text: string;
}

const cluster = { family: 'ontap', kind: 'transfer', protocol: 'nfs', startsByItself: false } as const;

const syncClusters = { family: 'ontap-sync', kind: 'sync', startsByItself: false, shownBy: 'clone' } as const;

export const relationKinds = [
  {
    ...{ id: 'ontap-mirror', ...cluster, shownBy: 'clone' },
    text: 'SnapMirror with a mirror policy, NFS, read through a clone',
  },
  {
    ...{ id: 'ontap-vault', ...cluster, shownBy: 'snapshot directory' },
    text: 'SnapMirror with a vault policy, NFS, read in the snapshot directory of the mounted copy',
  },
  {
    ...{ id: 'ontap-mirror-vault', ...cluster, shownBy: 'clone' },
    text: 'SnapMirror with a mirror-vault policy, NFS, read through a clone',
  },
  {
    ...{ id: 'ontap-mirror-lun', ...cluster, protocol: 'iscsi', shownBy: 'clone' },
    text: 'SnapMirror with a mirror policy, LUN with VMFS, read through a clone over iSCSI',
  },
  {
    ...{ id: 'ontap-sync', ...syncClusters, protocol: 'nfs', canBePaused: true },
    text: 'SnapMirror Synchronous with the policy Sync, NFS, read through a clone of the secondary half',
  },
  {
    ...{ id: 'ontap-strict-sync', ...syncClusters, protocol: 'iscsi', canBePaused: true, strict: true },
    text: 'SnapMirror Synchronous with the policy StrictSync, LUN with VMFS, read through a clone of the secondary half',
  },
  {
    ...{ id: 'ontap-active-sync', ...syncClusters, protocol: 'iscsi' },
    text: 'SnapMirror active sync of a consistency group, LUN with VMFS, read through a clone of the secondary half',
  },
  {
    ...{ id: 'nimble-replication', family: 'nimble', kind: 'transfer', protocol: 'iscsi', shownBy: 'clone' },
    startsByItself: true,
    text: 'snapshot replication of a volume collection, LUN with VMFS, read through a clone over iSCSI',
  },
  {
    ...{ id: 'nimble-sync', family: 'nimble-sync', kind: 'sync', protocol: 'iscsi', shownBy: 'clone' },
    startsByItself: false,
    text: 'synchronous replication of a volume collection, LUN with VMFS, read through a clone of the secondary half',
  },
] as const satisfies readonly RelationKind[];
