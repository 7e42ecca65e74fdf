import type { RpcProcedure, ServerCall } from '../../rpc/server/rpc-program.ts';
import { XdrError } from '../../xdr/xdr-error.ts';
import { NfsStatusError, nfsStatus } from '../nfs-status.ts';
import { writeOptionalAttributes } from '../protocol/attributes.ts';
import { createMode, verifierBytes } from '../protocol/nfs3.ts';
import { changesOf, checkNewName, readHandleArgument, readNameArgument, readSettable } from './argument.ts';
import { ExclusiveCreates } from './exclusive-creates.ts';
import type { NfsHandle, NfsObject } from './file-system.ts';
import { reply, type Served, writeChange, writingOf } from './served.ts';

const defaultFileMode = 0o644;
const defaultDirectoryMode = 0o755;

export function createFile(served: Served): RpcProcedure {
  const exclusives = new ExclusiveCreates();
  return async (call) => {
    const { arguments: reader, caller } = call;
    const directory = readHandleArgument(reader);
    const name = readNameArgument(reader);
    const how = reader.uint32();
    if (how > createMode.exclusive) throw new XdrError(`a CREATE of kind ${how}`);
    const verifier = how === createMode.exclusive ? reader.opaqueFixed(verifierBytes) : undefined;
    const settable = verifier ? undefined : readSettable(reader);

    const create = async (): Promise<NfsObject> => {
      const writing = writingOf(served);
      const options = {
        exclusive: how !== createMode.unchecked,
        mode: settable?.mode ?? defaultFileMode,
      };
      const created = await writing.createFile(directory, checkNewName(name), options, caller);
      if (verifier) exclusives.remember(created.handle, verifier);
      if (settable?.sizeBytes === undefined) return created;
      const changes = changesOf({ mode: undefined, sizeBytes: settable.sizeBytes });
      const attributes = await writing.setAttributes(created.handle, changes, caller);
      return { handle: created.handle, attributes };
    };
    const createOrFind = async (): Promise<NfsObject> => {
      try {
        return await create();
      } catch (error) {
        const taken = error instanceof NfsStatusError && error.status === nfsStatus.EXIST;
        if (!taken || !verifier) throw error;
        const found = await served.fileSystem.lookup(directory, name, caller);
        if (!exclusives.isRepetition(found.handle, verifier)) throw error;
        return found;
      }
    };
    return replyCreated(call, served, directory, createOrFind);
  };
}

export function makeDirectory(served: Served): RpcProcedure {
  return async (call) => {
    const directory = readHandleArgument(call.arguments);
    const name = readNameArgument(call.arguments);
    const { mode = defaultDirectoryMode } = readSettable(call.arguments);
    return replyCreated(call, served, directory, async () =>
      writingOf(served).makeDirectory(directory, checkNewName(name), mode, call.caller),
    );
  };
}

function replyCreated(
  call: ServerCall,
  served: Served,
  directory: NfsHandle,
  create: () => Promise<NfsObject>,
): Promise<undefined> {
  return reply(
    call,
    create,
    async (created) => {
      call.writer.boolean(true).opaque(created.handle);
      writeOptionalAttributes(call.writer, created.attributes);
      await writeChange(call, served, directory);
    },
    () => writeChange(call, served, directory),
  );
}
