import type { RpcProcedure } from '../../rpc/server/rpc-program.ts';
import { writeAttributes, writeOptionalAttributes } from '../protocol/attributes.ts';
import { maxNameBytes } from '../protocol/nfs3.ts';
import { checkName, readHandleArgument, readNameArgument } from './argument.ts';
import { reply, type Served, writePostAttributes } from './served.ts';

/** Procedures that tell about objects and the file system. */

const blockBytes = 4096;
const preferredListBytes = 64 * 1024;
/** Homogeneous: PATHCONF is the same everywhere. */
const homogeneous = 0x08;
const clockStepNs = 1_000_000;
const millionFiles = 1_000_000;

export function getAttributes(served: Served): RpcProcedure {
  return async (call) => {
    const handle = readHandleArgument(call.arguments);
    return reply(
      call,
      () => served.fileSystem.attributes(handle, call.caller),
      (attributes) => writeAttributes(call.writer, attributes),
      () => undefined,
    );
  };
}

export function lookup(served: Served): RpcProcedure {
  return async (call) => {
    const directory = readHandleArgument(call.arguments);
    const name = readNameArgument(call.arguments);
    return reply(
      call,
      async () => served.fileSystem.lookup(directory, checkName(name), call.caller),
      async (found) => {
        call.writer.opaque(found.handle);
        writeOptionalAttributes(call.writer, found.attributes);
        await writePostAttributes(call, served, directory);
      },
      () => writePostAttributes(call, served, directory),
    );
  };
}

export function access(served: Served): RpcProcedure {
  return async (call) => {
    const handle = readHandleArgument(call.arguments);
    const wanted = call.arguments.uint32();
    return reply(
      call,
      () => served.fileSystem.access(handle, wanted, call.caller),
      async (granted) => {
        await writePostAttributes(call, served, handle);
        call.writer.uint32((granted & wanted) >>> 0);
      },
      () => writePostAttributes(call, served, handle),
    );
  };
}

export function readLink(served: Served): RpcProcedure {
  return async (call) => {
    const handle = readHandleArgument(call.arguments);
    return reply(
      call,
      () => served.fileSystem.readLink(handle, call.caller),
      async (target) => {
        await writePostAttributes(call, served, handle);
        call.writer.string(target);
      },
      () => writePostAttributes(call, served, handle),
    );
  };
}

export function fileSystemStatistics(served: Served): RpcProcedure {
  return async (call) => {
    const root = readHandleArgument(call.arguments);
    return reply(
      call,
      () => served.fileSystem.statistics(root),
      async ({ totalBytes, freeBytes }) => {
        await writePostAttributes(call, served, root);
        call.writer.uint64(totalBytes).uint64(freeBytes).uint64(freeBytes);
        call.writer.uint64(millionFiles).uint64(millionFiles).uint64(millionFiles).uint32(0);
      },
      () => writePostAttributes(call, served, root),
    );
  };
}

export function fileSystemInfo(served: Served): RpcProcedure {
  return async (call) => {
    const root = readHandleArgument(call.arguments);
    const { maxReadBytes, maxWriteBytes } = served;
    return reply(
      call,
      () => served.fileSystem.attributes(root, call.caller),
      (attributes) => {
        writeOptionalAttributes(call.writer, attributes);
        call.writer.uint32(maxReadBytes).uint32(maxReadBytes).uint32(blockBytes);
        call.writer.uint32(maxWriteBytes).uint32(maxWriteBytes).uint32(blockBytes);
        call.writer.uint32(preferredListBytes).uint64(Number.MAX_SAFE_INTEGER);
        call.writer.uint32(0).uint32(clockStepNs).uint32(homogeneous);
      },
      () => {
        call.writer.boolean(false);
      },
    );
  };
}

export function pathLimits(served: Served): RpcProcedure {
  return async (call) => {
    const handle = readHandleArgument(call.arguments);
    return reply(
      call,
      () => served.fileSystem.attributes(handle, call.caller),
      (attributes) => {
        writeOptionalAttributes(call.writer, attributes);
        call.writer.uint32(1).uint32(maxNameBytes);
        call.writer.boolean(true).boolean(true).boolean(false).boolean(true);
      },
      () => {
        call.writer.boolean(false);
      },
    );
  };
}
