import type { RpcProcedure, ServerCall } from '../../rpc/server/rpc-program.ts';
import { NfsStatusError, nfsStatus } from '../nfs-status.ts';
import { attributesBytes, writeOptionalAttributes } from '../protocol/attributes.ts';
import { verifierBytes } from '../protocol/nfs3.ts';
import { readHandleArgument } from './argument.ts';
import type { NfsDirectoryEntry, NfsHandle } from './file-system.ts';
import { attributesIfAny, type Served, statusOf } from './served.ts';

const maxReplyBytes = 256 * 1024;
const maxPageEntries = 2_000;
/** Status, attributes, verifier, end of list, end of directory. */
const pageHeadBytes = 4 + 4 + attributesBytes + verifierBytes + 4 + 4;
/** The least an entry takes: flag, file id, one-letter name, cookie. */
const leastEntryBytes = 4 + 8 + 8 + 8;

/** READDIR: names only. */
export function readDirectory(served: Served): RpcProcedure {
  return async (call) => {
    const directory = readHandleArgument(call.arguments);
    const afterCookie = call.arguments.uint64();
    call.arguments.skip(verifierBytes);
    const maxBytes = call.arguments.uint32();
    return list(call, served, directory, { afterCookie, maxBytes, plus: false });
  };
}

/** READDIRPLUS: names with attributes and handles. */
export function readDirectoryPlus(served: Served): RpcProcedure {
  return async (call) => {
    const directory = readHandleArgument(call.arguments);
    const afterCookie = call.arguments.uint64();
    call.arguments.skip(verifierBytes);
    call.arguments.uint32();
    const maxBytes = call.arguments.uint32();
    return list(call, served, directory, { afterCookie, maxBytes, plus: true });
  };
}

interface Page {
  readonly afterCookie: bigint;
  readonly maxBytes: number;
  readonly plus: boolean;
}

async function list(call: ServerCall, served: Served, directory: NfsHandle, page: Page): Promise<undefined> {
  const { writer, caller } = call;
  const start = writer.position;
  try {
    const limit = Math.min(page.maxBytes, maxReplyBytes);
    const maxEntries = Math.min(maxPageEntries, Math.floor((limit - pageHeadBytes) / leastEntryBytes));
    if (maxEntries < 1) throw new NfsStatusError('TOOSMALL');
    const found = await served.fileSystem.readDirectory(directory, page.afterCookie, maxEntries, caller);
    const attributes = await attributesIfAny(served, directory, caller);
    writer.uint32(nfsStatus.OK);
    writeOptionalAttributes(writer, attributes);
    writer.uint64(0);
    const end = start + limit - 8;
    const fitted = writeEntries(call, found.entries, page.plus, end);
    if (fitted === 0 && found.entries.length > 0) throw new NfsStatusError('TOOSMALL');
    writer.boolean(false).boolean(found.end && fitted === found.entries.length);
  } catch (error) {
    writer.rewind(start).uint32(statusOf(error));
    writeOptionalAttributes(writer, await attributesIfAny(served, directory, caller));
  }
  return undefined;
}

/** As many entries as fit; returns how many. */
function writeEntries(
  { writer }: ServerCall,
  entries: readonly NfsDirectoryEntry[],
  plus: boolean,
  end: number,
): number {
  let fitted = 0;
  for (const entry of entries) {
    const before = writer.position;
    writer.boolean(true).uint64(entry.fileId).string(entry.name).uint64(entry.cookie);
    if (plus) {
      writeOptionalAttributes(writer, entry.attributes);
      writer.boolean(true).opaque(entry.handle);
    }
    if (writer.position > end) {
      writer.rewind(before);
      break;
    }
    fitted++;
  }
  return fitted;
}
