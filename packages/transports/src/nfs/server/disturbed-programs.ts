import type { Clock } from '@leeward/core';
import { maxMountPathBytes, mountProcedure, mountProgram } from '../../mount/mount3.ts';
import type { RpcProcedure, RpcProgram, ServerCall } from '../../rpc/server/rpc-program.ts';
import { Unanswered } from '../../rpc/server/unanswered.ts';
import { nfsStatus } from '../nfs-status.ts';
import { type NfsProcedureName, nfsProcedure } from '../protocol/nfs3.ts';
import { readHandleArgument, readNameArgument } from './argument.ts';
import type { NfsCallInfo, NfsFaultHooks } from './fault-hooks.ts';

/** Procedures whose arguments are a folder and a name in it. */
const named: ReadonlySet<string> = new Set<NfsProcedureName>([
  ...(['LOOKUP', 'CREATE', 'MKDIR', 'SYMLINK', 'MKNOD', 'REMOVE', 'RMDIR', 'RENAME'] as const),
]);

/** Attributes that a refusal carries and may leave out, each a word of 0: `post_op_attr` one, `wcc_data` two. */
const absentWords: Readonly<Partial<Record<NfsProcedureName | 'MNT', number>>> = {
  ...{ GETATTR: 0, MNT: 0, LINK: 3, RENAME: 4 },
  ...{ SETATTR: 2, WRITE: 2, CREATE: 2, MKDIR: 2, SYMLINK: 2, MKNOD: 2, REMOVE: 2, RMDIR: 2, COMMIT: 2 },
};
const usualAbsentWords = 1;

export interface Disturbance {
  readonly faults: NfsFaultHooks;
  readonly clock: Clock;
  /** Aborts when the server closes: what is held back then is not answered. */
  readonly closing: AbortSignal;
}

/** The programs of NFS and MOUNT with the faults of a simulator in front of each call. */
export function disturbed(programs: readonly RpcProgram[], disturbance: Disturbance): RpcProgram[] {
  return programs.map((served) => ({
    ...served,
    procedures: new Map(
      [...served.procedures].map(([number, procedure]) => {
        const name = nameOf(served.program, number);
        return [number, name ? disturbedProcedure(name, procedure, disturbance) : procedure];
      }),
    ),
  }));
}

function nameOf(program: number, number: number): NfsCallInfo['procedure'] | undefined {
  if (program === mountProgram) return number === mountProcedure.MNT ? 'MNT' : undefined;
  const found = Object.entries(nfsProcedure).find(([name, known]) => known === number && name !== 'NULL');
  return found?.[0] as NfsProcedureName | undefined;
}

function disturbedProcedure(
  name: NfsCallInfo['procedure'],
  procedure: RpcProcedure,
  { faults, clock, closing }: Disturbance,
): RpcProcedure {
  return async (call) => {
    const fault = faults.onCall(infoOf(name, call));
    switch (fault?.kind) {
      case 'drop':
        throw new Unanswered(true);
      case 'silence':
        throw new Unanswered(false);
      case 'delay':
        await clock.sleep(fault.delayMs, closing).catch(() => {
          throw new Unanswered(true);
        });
        return procedure(call);
      case 'lose': {
        const own = await procedure(call);
        own?.buffer.release();
        throw new Unanswered(true);
      }
      case 'status': {
        call.writer.uint32(nfsStatus[fault.status]);
        const words = absentWords[name] ?? usualAbsentWords;
        for (let word = 0; word < words; word++) call.writer.boolean(false);
        return undefined;
      }
      default:
        return procedure(call);
    }
  };
}

/** Read from a copy: the procedure reads its arguments itself. Broken ones throw `XdrError`, as they would there. */
function infoOf(procedure: NfsCallInfo['procedure'], { caller, arguments: reader }: ServerCall): NfsCallInfo {
  const ahead = reader.copy();
  if (procedure === 'MNT') return { procedure, caller, path: ahead.string(maxMountPathBytes) };
  const handle = readHandleArgument(ahead);
  return { procedure, caller, handle, name: named.has(procedure) ? readNameArgument(ahead) : undefined };
}
