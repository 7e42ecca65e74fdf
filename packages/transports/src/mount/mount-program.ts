import { NfsStatusError, nfsStatus } from '../nfs/nfs-status.ts';
import type { NfsFileSystem } from '../nfs/server/file-system.ts';
import { authFlavor } from '../rpc/rpc-message.ts';
import type { RpcProcedure, RpcProgram } from '../rpc/server/rpc-program.ts';
import { MountTable } from './mount-table.ts';
import { maxMountPathBytes, mountProcedure, mountProgram, mountVersion } from './mount3.ts';

/** MOUNT version 3 over a served file system. */
export function mount3Program(fileSystem: NfsFileSystem): RpcProgram {
  const table = new MountTable();

  const mnt: RpcProcedure = async ({ arguments: reader, writer, caller }) => {
    const path = reader.string(maxMountPathBytes);
    try {
      const handle = await fileSystem.mount(path, caller);
      writer.uint32(nfsStatus.OK).opaque(handle).uint32(1).uint32(authFlavor.sys);
      table.add(caller.machineName || caller.address, path);
    } catch (error) {
      writer.uint32(error instanceof NfsStatusError ? error.status : nfsStatus.SERVERFAULT);
    }
    return undefined;
  };

  const dump: RpcProcedure = async ({ writer }) => {
    for (const { host, path } of table.entries) writer.boolean(true).string(host).string(path);
    writer.boolean(false);
    return undefined;
  };

  const umnt: RpcProcedure = async ({ arguments: reader, caller }) => {
    table.remove(caller.machineName || caller.address, reader.string(maxMountPathBytes));
    return undefined;
  };

  const umntAll: RpcProcedure = async ({ caller }) => {
    table.removeAll(caller.machineName || caller.address);
    return undefined;
  };

  const listExports: RpcProcedure = async ({ writer, caller }) => {
    for (const { path, clients } of await fileSystem.exports(caller)) {
      writer.boolean(true).string(path);
      for (const client of clients) writer.boolean(true).string(client);
      writer.boolean(false);
    }
    writer.boolean(false);
    return undefined;
  };

  return {
    program: mountProgram,
    version: mountVersion,
    procedures: new Map([
      [mountProcedure.NULL, async () => undefined],
      [mountProcedure.MNT, mnt],
      [mountProcedure.DUMP, dump],
      [mountProcedure.UMNT, umnt],
      [mountProcedure.UMNTALL, umntAll],
      [mountProcedure.EXPORT, listExports],
    ]),
  };
}
