/** A storage snapshot that proxies can reach now. */
export interface Mount {
  readonly arrayId: string;
  readonly arrayName: string;
  /** Name of what was made on the array for it. */
  readonly name: string;
  /** The volume whose storage snapshot it is, as last read. */
  readonly volume: string;
  readonly storageSnapshotName: string;
  readonly protocol: 'nfs' | 'iscsi';
  /** Addresses, or the names of initiators, that it is shown to. */
  readonly shownTo: readonly string[];
  readonly runId: string;
  readonly jobId: string;
  readonly since: string;
  /** `intended`: it is being made, or was, and it is not known how far. */
  readonly state: 'intended' | 'present';
}
