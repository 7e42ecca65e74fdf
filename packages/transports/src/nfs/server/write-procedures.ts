import type { RpcProcedure } from '../../rpc/server/rpc-program.ts';
import { XdrError } from '../../xdr/xdr-error.ts';
import { NfsStatusError, nfsStatus } from '../nfs-status.ts';
import { writeOptionalAttributes } from '../protocol/attributes.ts';
import { stableHow } from '../protocol/nfs3.ts';
import { changesOf, checkNewName, readHandleArgument, readNameArgument, readSettable } from './argument.ts';
import { attributesIfAny, reply, type Served, writeChange, writingOf } from './served.ts';

/** Procedures that change files and directories; ROFS when the file system has no writing half. */

export function write(served: Served): RpcProcedure {
  return async (call) => {
    const handle = readHandleArgument(call.arguments);
    const offsetBytes = call.arguments.uint64();
    const countBytes = call.arguments.uint32();
    const stable = call.arguments.uint32();
    const data = call.arguments.opaque(served.maxWriteBytes).subarray(0, countBytes);
    if (stable > stableHow.fileSync || data.length < countBytes) throw new XdrError('a WRITE of two lengths');
    return reply(
      call,
      async () => {
        if (offsetBytes > BigInt(Number.MAX_SAFE_INTEGER - countBytes)) throw new NfsStatusError('FBIG');
        const writing = writingOf(served);
        await writing.write(handle, Number(offsetBytes), data, call.caller);
        if (stable !== stableHow.unstable) await writing.commit(handle, call.caller);
        served.onBytesWritten?.(call.caller, data.length);
      },
      async () => {
        await writeChange(call, served, handle);
        const committed = stable === stableHow.unstable ? stableHow.unstable : stableHow.fileSync;
        call.writer.uint32(data.length).uint32(committed).uint64(served.writeVerifier);
      },
      () => writeChange(call, served, handle),
    );
  };
}

export function commit(served: Served): RpcProcedure {
  return async (call) => {
    const handle = readHandleArgument(call.arguments);
    call.arguments.skip(12);
    return reply(
      call,
      async () => writingOf(served).commit(handle, call.caller),
      async () => {
        await writeChange(call, served, handle);
        call.writer.uint64(served.writeVerifier);
      },
      () => writeChange(call, served, handle),
    );
  };
}

export function setAttributes(served: Served): RpcProcedure {
  return async (call) => {
    const handle = readHandleArgument(call.arguments);
    const settable = readSettable(call.arguments);
    const guard = call.arguments.optional(() => ({
      seconds: call.arguments.uint32(),
      nanoseconds: call.arguments.uint32(),
    }));
    return reply(
      call,
      async () => {
        const writing = writingOf(served);
        if (guard) {
          const { changedMs } = await served.fileSystem.attributes(handle, call.caller);
          if (Math.floor(changedMs / 1000) % 2 ** 32 !== guard.seconds) throw new NfsStatusError('NOT_SYNC');
        }
        await writing.setAttributes(handle, changesOf(settable), call.caller);
      },
      () => writeChange(call, served, handle),
      () => writeChange(call, served, handle),
    );
  };
}

export function remove(served: Served, kind: 'remove' | 'removeDirectory'): RpcProcedure {
  return async (call) => {
    const directory = readHandleArgument(call.arguments);
    const name = readNameArgument(call.arguments);
    return reply(
      call,
      async () => writingOf(served)[kind](directory, checkNewName(name), call.caller),
      () => writeChange(call, served, directory),
      () => writeChange(call, served, directory),
    );
  };
}

export function rename(served: Served): RpcProcedure {
  return async (call) => {
    const from = readHandleArgument(call.arguments);
    const fromName = readNameArgument(call.arguments);
    const to = readHandleArgument(call.arguments);
    const toName = readNameArgument(call.arguments);
    const changes = async () => {
      await writeChange(call, served, from);
      await writeChange(call, served, to);
    };
    return reply(
      call,
      async () =>
        writingOf(served).rename(from, checkNewName(fromName), to, checkNewName(toName), call.caller),
      changes,
      changes,
    );
  };
}

/** SYMLINK, MKNOD: the first argument is the directory, the answer is NOTSUPP with its attributes. */
export function unsupportedIn(served: Served): RpcProcedure {
  return async (call) => {
    const directory = readHandleArgument(call.arguments);
    call.writer.uint32(nfsStatus.NOTSUPP);
    await writeChange(call, served, directory);
    return undefined;
  };
}

/** LINK: NOTSUPP with the attributes of file and directory. */
export function unsupportedLink(served: Served): RpcProcedure {
  return async (call) => {
    const file = readHandleArgument(call.arguments);
    const directory = readHandleArgument(call.arguments);
    call.writer.uint32(nfsStatus.NOTSUPP);
    writeOptionalAttributes(call.writer, await attributesIfAny(served, file, call.caller));
    await writeChange(call, served, directory);
    return undefined;
  };
}
