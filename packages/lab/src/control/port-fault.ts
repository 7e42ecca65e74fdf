import { type NfsStatusName, nfsStatus } from '@leeward/transports/nfs/nfs-status';
import { z } from 'zod';
import { cutAction, delayAction, downAction, turnsShape } from './turns-schema.ts';
import { fitsWildcard } from './wildcard.ts';

/** How a data port refuses. `sense` is `KEY/ASC/ASCQ` in hex, as kernels and tools print it. */
export type PortRefusal =
  | { readonly protocol: 'nfs'; readonly status: NfsStatusName }
  | { readonly protocol: 'iscsi'; readonly scsiStatus: number }
  | {
      readonly protocol: 'iscsi';
      readonly sense: { readonly key: number; readonly asc: number; readonly ascq: number };
    };

const scsiStatuses: ReadonlyMap<string, number> = new Map([
  ['BUSY', 0x08],
  ['RESERVATION CONFLICT', 0x18],
  ['TASK SET FULL', 0x28],
]);
const senseForm = /^([0-9a-f]{1,2})\/([0-9a-f]{1,2})\/([0-9a-f]{1,2})$/i;

/** What a code of a refusal means; undefined when it means nothing to any data port. */
export function portRefusal(code: string): PortRefusal | undefined {
  const name = code.toUpperCase().replace(/^NFS3ERR_/, '');
  if (name !== 'OK' && Object.hasOwn(nfsStatus, name))
    return { protocol: 'nfs', status: name as NfsStatusName };
  const scsiStatus = scsiStatuses.get(name.replaceAll('_', ' '));
  if (scsiStatus !== undefined) return { protocol: 'iscsi', scsiStatus };
  const [, key, asc, ascq] = senseForm.exec(code) ?? [];
  if (key === undefined) return undefined;
  const byte = (text = '0') => Number.parseInt(text, 16);
  return byte(key) > 0xf
    ? undefined
    : { protocol: 'iscsi', sense: { key: byte(key), asc: byte(asc), ascq: byte(ascq) } };
}

const action = z.discriminatedUnion('kind', [
  /** `code`: name of an NFS status (`IO`, `STALE`, `JUKEBOX`), of a SCSI status (`BUSY`), or a sense (`03/11/00`). */
  z.object({ kind: z.literal('refuse'), code: z.string() }),
  delayAction,
  cutAction,
  /** Never answers. */
  z.object({ kind: z.literal('hang') }),
  downAction,
]);

/** A fault of data ports: of calls over NFS (and `MNT`), and of SCSI commands and logins over iSCSI. */
export const portFaultSchema = z
  .object({
    at: z.literal('port'),
    /** Data address; absent: all. */
    port: z.string().optional(),
    protocol: z.enum(['nfs', 'iscsi']).optional(),
    /** `READ`, `LOOKUP`, `MNT`, …; `LOGIN`, `READ`, `WRITE`, `INQUIRY`, …. Absent: all. */
    method: z.string().optional(),
    /** `*` stands for anything. Path of the file or folder from the root of the namespace on, or path of the LUN. */
    path: z.string().default('*'),
    ...turnsShape,
    action,
  })
  .superRefine((fault, context) => {
    const problem = problemOf(fault);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem, path: ['action'] });
  });
export type PortFault = z.infer<typeof portFaultSchema>;

function problemOf({ action: { kind, ...rest }, protocol, method }: PortFault): string | undefined {
  if (method?.toUpperCase() === 'LOGIN' && (kind === 'delay' || kind === 'hang' || isAfter(rest)))
    return 'a LOGIN is refused, cut before it acts, or takes the port down';
  if (kind !== 'refuse' || !('code' in rest)) return undefined;
  const refusal = portRefusal(rest.code);
  if (!refusal)
    return `"${rest.code}" is no NFS status (IO, STALE, JUKEBOX, …), no SCSI status (BUSY, TASK SET FULL, RESERVATION CONFLICT) and no sense (03/11/00)`;
  if (protocol !== undefined && refusal.protocol !== protocol)
    return `"${rest.code}" is a refusal of ${refusal.protocol}, not of ${protocol}`;
  return undefined;
}

function isAfter(action: object): boolean {
  return 'when' in action && action.when === 'after';
}

/** What a data port does instead of answering; `undefined` where the action says something else. */
export function disturbance(action: {
  readonly kind: string;
  readonly when?: 'before' | 'after';
  readonly delayMs?: number;
  begin?(): void;
}):
  | { readonly kind: 'drop' | 'lose' | 'silence' }
  | { readonly kind: 'delay'; readonly delayMs: number }
  | undefined {
  switch (action.kind) {
    case 'cut':
      action.begin?.();
      return { kind: action.when === 'after' ? 'lose' : 'drop' };
    case 'hang':
      return { kind: 'silence' };
    case 'delay':
      return { kind: 'delay', delayMs: action.delayMs ?? 0 };
    default:
      return undefined;
  }
}

/** Something that a client wants of a data port. */
export interface PortOccasion {
  readonly port: string;
  readonly protocol: 'nfs' | 'iscsi';
  readonly method: string;
  /** Asked only when a fault wants to know. */
  path(): string;
}

export function fitsPort(fault: PortFault, occasion: PortOccasion): boolean {
  if (fault.port !== undefined && fault.port !== occasion.port) return false;
  if (fault.method !== undefined && fault.method.toUpperCase() !== occasion.method) return false;
  const { action: done } = fault;
  const spoken = done.kind === 'refuse' ? portRefusal(done.code)?.protocol : fault.protocol;
  if (spoken !== undefined && spoken !== occasion.protocol) return false;
  return fault.path === '*' || fitsWildcard(fault.path, occasion.path());
}
