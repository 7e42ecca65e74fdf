import { type ErrorCode, LeewardError } from '@leeward/core';
import { nfsStatus, nfsStatusName } from '../nfs-status.ts';

export interface StatusPlace {
  readonly host: string;
  readonly exportPath: string;
  /** Relative to the export, for people. */
  readonly path: string;
  /** Name of the procedure. */
  readonly call: string;
  readonly privileged: boolean;
}

const codes: ReadonlyMap<number, ErrorCode> = new Map<number, ErrorCode>([
  [nfsStatus.NOENT, 'L-NET-201'],
  [nfsStatus.PERM, 'L-NET-202'],
  [nfsStatus.ACCES, 'L-NET-202'],
  [nfsStatus.STALE, 'L-NET-203'],
  [nfsStatus.BADHANDLE, 'L-NET-203'],
  [nfsStatus.IO, 'L-NET-204'],
  [nfsStatus.NXIO, 'L-NET-204'],
  [nfsStatus.NOTDIR, 'L-NET-207'],
  [nfsStatus.ISDIR, 'L-NET-208'],
  [nfsStatus.JUKEBOX, 'L-NET-209'],
  [nfsStatus.EXIST, 'L-NET-221'],
  [nfsStatus.NOSPC, 'L-NET-222'],
  [nfsStatus.DQUOT, 'L-NET-222'],
  [nfsStatus.ROFS, 'L-NET-223'],
  [nfsStatus.NOTEMPTY, 'L-NET-224'],
]);

/** The catalogue error for a status of NFS. */
export function statusError(status: number, place: StatusPlace): LeewardError {
  return new LeewardError(codes.get(status) ?? 'L-NET-210', {
    host: place.host,
    export: place.exportPath,
    path: place.path === '' ? 'the root' : place.path,
    call: place.call,
    port: place.privileged ? 'a port below 1024' : 'a port above 1023',
    status: nfsStatusName(status),
  });
}
