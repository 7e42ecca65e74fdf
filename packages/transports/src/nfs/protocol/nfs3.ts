/** NFS version 3 (RFC 1813): numbers both sides agree on. */

export const nfsProgram = 100003;
export const nfsVersion = 3;

export const nfsProcedure = {
  NULL: 0,
  GETATTR: 1,
  SETATTR: 2,
  LOOKUP: 3,
  ACCESS: 4,
  READLINK: 5,
  READ: 6,
  WRITE: 7,
  CREATE: 8,
  MKDIR: 9,
  SYMLINK: 10,
  MKNOD: 11,
  REMOVE: 12,
  RMDIR: 13,
  RENAME: 14,
  LINK: 15,
  READDIR: 16,
  READDIRPLUS: 17,
  FSSTAT: 18,
  FSINFO: 19,
  PATHCONF: 20,
  COMMIT: 21,
} as const;

export type NfsProcedureName = keyof typeof nfsProcedure;

export const maxHandleBytes = 64;
/** RFC 1813 sets no bound on names; every file system in use stops at 255, PATHCONF says so. */
export const maxNameBytes = 255;
export const maxPathBytes = 1024;
export const verifierBytes = 8;

export const accessBit = {
  read: 0x01,
  lookup: 0x02,
  modify: 0x04,
  extend: 0x08,
  delete: 0x10,
  execute: 0x20,
} as const;

/** `stable_how` of WRITE. */
export const stableHow = { unstable: 0, dataSync: 1, fileSync: 2 } as const;

/** `createmode3` of CREATE. */
export const createMode = { unchecked: 0, guarded: 1, exclusive: 2 } as const;
