import type { RpcProgram } from '../../rpc/server/rpc-program.ts';
import { nfsProcedure, nfsProgram, nfsVersion } from '../protocol/nfs3.ts';
import { createFile, makeDirectory } from './create-procedures.ts';
import {
  access,
  fileSystemInfo,
  fileSystemStatistics,
  getAttributes,
  lookup,
  pathLimits,
  readLink,
} from './inquiry-procedures.ts';
import { readDirectory, readDirectoryPlus } from './list-procedures.ts';
import { read } from './read-procedure.ts';
import type { Served } from './served.ts';
import {
  commit,
  remove,
  rename,
  setAttributes,
  unsupportedIn,
  unsupportedLink,
  write,
} from './write-procedures.ts';

/** All procedures of NFS version 3. */
export function nfs3Program(served: Served): RpcProgram {
  return {
    program: nfsProgram,
    version: nfsVersion,
    procedures: new Map([
      [nfsProcedure.NULL, async () => undefined],
      [nfsProcedure.GETATTR, getAttributes(served)],
      [nfsProcedure.SETATTR, setAttributes(served)],
      [nfsProcedure.LOOKUP, lookup(served)],
      [nfsProcedure.ACCESS, access(served)],
      [nfsProcedure.READLINK, readLink(served)],
      [nfsProcedure.READ, read(served)],
      [nfsProcedure.WRITE, write(served)],
      [nfsProcedure.CREATE, createFile(served)],
      [nfsProcedure.MKDIR, makeDirectory(served)],
      [nfsProcedure.SYMLINK, unsupportedIn(served)],
      [nfsProcedure.MKNOD, unsupportedIn(served)],
      [nfsProcedure.REMOVE, remove(served, 'remove')],
      [nfsProcedure.RMDIR, remove(served, 'removeDirectory')],
      [nfsProcedure.RENAME, rename(served)],
      [nfsProcedure.LINK, unsupportedLink(served)],
      [nfsProcedure.READDIR, readDirectory(served)],
      [nfsProcedure.READDIRPLUS, readDirectoryPlus(served)],
      [nfsProcedure.FSSTAT, fileSystemStatistics(served)],
      [nfsProcedure.FSINFO, fileSystemInfo(served)],
      [nfsProcedure.PATHCONF, pathLimits(served)],
      [nfsProcedure.COMMIT, commit(served)],
    ]),
  };
}
