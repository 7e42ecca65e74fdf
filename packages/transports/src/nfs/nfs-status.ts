/** Status codes of NFS version 3 and MOUNT version 3 (RFC 1813) that we use. */
export const nfsStatus = {
  OK: 0,
  PERM: 1,
  NOENT: 2,
  IO: 5,
  NXIO: 6,
  ACCES: 13,
  EXIST: 17,
  XDEV: 18,
  NODEV: 19,
  NOTDIR: 20,
  ISDIR: 21,
  INVAL: 22,
  FBIG: 27,
  NOSPC: 28,
  ROFS: 30,
  MLINK: 31,
  NAMETOOLONG: 63,
  NOTEMPTY: 66,
  DQUOT: 69,
  STALE: 70,
  REMOTE: 71,
  BADHANDLE: 10001,
  NOT_SYNC: 10002,
  BAD_COOKIE: 10003,
  NOTSUPP: 10004,
  TOOSMALL: 10005,
  SERVERFAULT: 10006,
  BADTYPE: 10007,
  JUKEBOX: 10008,
} as const;

export type NfsStatusName = keyof typeof nfsStatus;

const names = new Map<number, string>(Object.entries(nfsStatus).map(([name, code]) => [code, name]));

/** The name of a status for texts and logs; unknown ones as their number. */
export function nfsStatusName(status: number): string {
  return names.get(status) ?? String(status);
}

/** Thrown by a served file system to answer with a status. */
export class NfsStatusError extends Error {
  readonly status: number;

  constructor(name: NfsStatusName, message = '') {
    super(`NFS3ERR_${name} ${message}`.trim());
    this.name = 'NfsStatusError';
    this.status = nfsStatus[name];
  }
}
