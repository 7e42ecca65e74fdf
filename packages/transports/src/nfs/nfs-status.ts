/** Status codes of NFS version 3 and MOUNT version 3 (RFC 1813) that we use. */
export const nfsStatus = {
  OK: 0,
  PERM: 1,
  NOENT: 2,
  IO: 5,
  ACCES: 13,
  EXIST: 17,
  NOTDIR: 20,
  ISDIR: 21,
  INVAL: 22,
  FBIG: 27,
  NOSPC: 28,
  ROFS: 30,
  NAMETOOLONG: 63,
  NOTEMPTY: 66,
  STALE: 70,
  BADHANDLE: 10001,
  BAD_COOKIE: 10003,
  NOTSUPP: 10004,
  TOOSMALL: 10005,
  SERVERFAULT: 10006,
  JUKEBOX: 10008,
} as const;

export type NfsStatusName = keyof typeof nfsStatus;

/** Thrown by a served file system to answer with a status. */
export class NfsStatusError extends Error {
  readonly status: number;

  constructor(name: NfsStatusName, message = '') {
    super(`NFS3ERR_${name} ${message}`.trim());
    this.name = 'NfsStatusError';
    this.status = nfsStatus[name];
  }
}
