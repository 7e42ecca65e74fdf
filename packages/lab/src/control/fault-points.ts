/** A data port at which faults can be planted. */
export interface FaultPort {
  readonly address: string;
  readonly protocol: 'nfs' | 'iscsi';
  /** Exports or LUNs that it serves now. */
  readonly paths: readonly string[];
}

/** A named step inside a simulator; `*` in its subject stands for what is filled in. */
export interface FaultStep {
  readonly step: string;
  readonly subject: string;
  /** Kinds of actions that mean something there. */
  readonly deeds: readonly string[];
}

/** Where faults can be planted in one simulator, so that a mistyped name is noticed before it waits for ever. */
export interface FaultPoints {
  /** `rest`: methods and paths, `*` where an id stands; `soap`: methods of the API. */
  readonly calls: readonly { readonly method: string; readonly path: string }[];
  readonly steps: readonly FaultStep[];
  readonly ports: readonly FaultPort[];
}

/** Of data ports: procedures and commands by protocol. */
export const portMethods: Readonly<Record<FaultPort['protocol'], readonly string[]>> = {
  nfs: [
    ...['MNT', 'GETATTR', 'SETATTR', 'LOOKUP', 'ACCESS', 'READLINK', 'READ', 'WRITE', 'CREATE', 'MKDIR'],
    ...[
      'SYMLINK',
      'MKNOD',
      'REMOVE',
      'RMDIR',
      'RENAME',
      'LINK',
      'READDIR',
      'READDIRPLUS',
      'FSSTAT',
      'FSINFO',
    ],
    ...['PATHCONF', 'COMMIT'],
  ],
  iscsi: [
    ...['LOGIN', 'READ', 'WRITE', 'TEST_UNIT_READY', 'INQUIRY', 'MODE_SENSE', 'READ_CAPACITY', 'REPORT_LUNS'],
    ...[
      'SYNCHRONIZE_CACHE',
      'UNMAP',
      'WRITE_SAME',
      'COMPARE_AND_WRITE',
      'SERVICE_ACTION_IN',
      'MAINTENANCE_IN',
    ],
  ],
};
