import { replyHeadBytes } from '../../rpc/server/rpc-dispatch.ts';
import type { OwnResults, RpcProcedure, ServerCall } from '../../rpc/server/rpc-program.ts';
import { padding } from '../../xdr/xdr-reader.ts';
import { XdrWriter } from '../../xdr/xdr-writer.ts';
import { nfsStatus } from '../nfs-status.ts';
import { attributesBytes, writeOptionalAttributes } from '../protocol/attributes.ts';
import { readHandleArgument } from './argument.ts';
import type { NfsHandle } from './file-system.ts';
import { type Served, statusOf, writePostAttributes } from './served.ts';

/** Status, attributes with their flag, count, end, length. */
const readHeadBytes = 4 + 4 + attributesBytes + 12;

/** READ: the file system reads straight into the reply. */
export function read(served: Served): RpcProcedure {
  return async (call) => {
    const handle = readHandleArgument(call.arguments);
    const offset = call.arguments.uint64();
    const countBytes = Math.min(call.arguments.uint32(), served.maxReadBytes);
    if (offset > BigInt(Number.MAX_SAFE_INTEGER - countBytes)) {
      call.writer.uint32(nfsStatus.INVAL);
      await writePostAttributes(call, served, handle);
      return undefined;
    }
    return readInto(call, served, handle, Number(offset), countBytes);
  };
}

async function readInto(
  call: ServerCall,
  served: Served,
  handle: NfsHandle,
  offsetBytes: number,
  countBytes: number,
): Promise<OwnResults | undefined> {
  const dataAt = replyHeadBytes + readHeadBytes;
  const buffer = call.buffers.take(dataAt + countBytes + padding(countBytes));
  try {
    const target = buffer.bytes.subarray(dataAt, dataAt + countBytes);
    const { bytesRead, end } = await served.fileSystem.read(handle, offsetBytes, target, call.caller);
    const attributes = await served.fileSystem.attributes(handle, call.caller);
    const writer = new XdrWriter(buffer.bytes, replyHeadBytes);
    writer.uint32(nfsStatus.OK);
    writeOptionalAttributes(writer, attributes);
    writer.uint32(bytesRead).boolean(end).uint32(bytesRead);
    const fill = padding(bytesRead);
    buffer.bytes.fill(0, dataAt + bytesRead, dataAt + bytesRead + fill);
    served.onBytesRead?.(call.caller, bytesRead);
    return { buffer, lengthBytes: dataAt + bytesRead + fill };
  } catch (error) {
    buffer.release();
    call.writer.uint32(statusOf(error));
    await writePostAttributes(call, served, handle);
    return undefined;
  }
}
