import {
  bounded,
  type ErrorCode,
  type ErrorDetails,
  type Extent,
  isPermanent,
  LeewardError,
} from '@leeward/core';
import { explainMissingVm } from '../calls/missing-object.ts';
import type { Vcenter } from '../calls/tasks.ts';
import { vmRef } from '../calls/vm-operation.ts';
import { faultAs, faultBehind } from '../wire/vim-fault.ts';
import type { BeyondBound } from './area-list.ts';
import { parseChangeId } from './change-id.ts';
import { collectAreas, UntrustedAreas } from './windows.ts';

export interface ChangedAreasQuery {
  readonly vmMoId: string;
  readonly snapshotMoId: string;
  /** The disk as `frozenDisks` gave it for this VMware snapshot. */
  readonly disk: {
    readonly key: number;
    readonly label: string;
    readonly sizeBytes: number;
    readonly changeId?: string;
  };
  /** The id stored with the last point. */
  readonly changeId: string;
  /** Size of the disk at the last point; beyond it the query is not asked. Default: it did not change. */
  readonly sizeBytes?: number;
  readonly signal?: AbortSignal;
}

export type AllocatedAreasQuery = Omit<ChangedAreasQuery, 'changeId' | 'sizeBytes'>;

/** Why CBT cannot be used for a disk in this run. Each is a catalogue code as well, with the same details. */
export type CbtUnusable =
  | 'epoch-restarted'
  | 'counter-went-back'
  | 'not-tracked'
  | 'id-unknown'
  | 'id-malformed'
  | 'disk-unknown'
  | 'answer-untrusted'
  | 'host-trouble';

/** `extents`: sorted, merged, false positives possible, misses not. Else the disk MUST be read in full. */
export type ChangedAreas =
  | { readonly usable: true; readonly extents: readonly Extent[] }
  | { readonly usable: false; readonly cause: CbtUnusable; readonly reason: LeewardError };

const codes: Readonly<Record<CbtUnusable, ErrorCode>> = {
  'epoch-restarted': 'L-VC-401',
  'counter-went-back': 'L-VC-402',
  'not-tracked': 'L-VC-403',
  'id-unknown': 'L-VC-404',
  'id-malformed': 'L-VC-405',
  'disk-unknown': 'L-VC-406',
  'answer-untrusted': 'L-VC-407',
  'host-trouble': 'L-VC-408',
};

const timeoutMs = 30 * 60_000;

/**
 * What changed between the stored change id and the VMware snapshot, which MUST still exist. Faults that only
 * cost speed come back as "not usable"; thrown is what ends the attempt: the VMware snapshot is gone
 * (`L-VC-409`), the VM is, rights or session are missing, or the caller aborted.
 */
export async function changedAreas(vcenter: Vcenter, query: ChangedAreasQuery): Promise<ChangedAreas> {
  const { disk, changeId } = query;
  const refusal = compareIds(changeId, disk.changeId);
  return refusal ? unusable(query, refusal, {}) : ask(vcenter, query);
}

/**
 * What was ever written to the disk, as far as CBT knows: only for disks on VMFS whose tracking began without
 * snapshots, and a hint even there. Of more areas than can be held the smallest are left out, never joined: what is
 * listed was listed by the host. Throws as `changedAreas`.
 */
export async function allocatedAreas(vcenter: Vcenter, query: AllocatedAreasQuery): Promise<ChangedAreas> {
  const everything = { ...query, changeId: '*' };
  return query.disk.changeId === undefined
    ? unusable(everything, 'not-tracked', {})
    : ask(vcenter, everything, 'leave-out');
}

async function ask(
  vcenter: Vcenter,
  query: ChangedAreasQuery,
  beyond: BeyondBound = 'join',
): Promise<ChangedAreas> {
  const { disk, signal } = query;
  const sizeBytes = Math.min(query.sizeBytes ?? disk.sizeBytes, disk.sizeBytes);
  const bound = { name: `the changed areas of ${disk.label} of VM ${query.vmMoId}`, timeoutMs, signal };
  try {
    const extents = await bounded(vcenter.clock, bound, (inner) =>
      collectAreas(sizeBytes, (startOffset) => askWindow(vcenter, query, startOffset, inner), beyond),
    );
    return { usable: true, extents };
  } catch (error) {
    signal?.throwIfAborted();
    return judge(query, error);
  }
}

function askWindow(vcenter: Vcenter, query: ChangedAreasQuery, startOffset: number, signal: AbortSignal) {
  const { vmMoId, snapshotMoId, disk, changeId } = query;
  const snapshot = { type: 'VirtualMachineSnapshot', moId: snapshotMoId };
  const params = { snapshot, deviceKey: disk.key, startOffset, changeId };
  return vcenter.session.run(
    (handle) => handle.call(vmRef(vmMoId), 'QueryChangedDiskAreas', params, { signal }),
    signal,
  );
}

function compareIds(stored: string, current: string | undefined): CbtUnusable | undefined {
  if (current === undefined) return 'not-tracked';
  const before = parseChangeId(stored);
  const now = parseChangeId(current);
  if (!before || !now) return 'id-malformed';
  if (before.epoch !== now.epoch) return 'epoch-restarted';
  return now.counter < before.counter ? 'counter-went-back' : undefined;
}

function judge(query: ChangedAreasQuery, error: unknown): ChangedAreas {
  if (error instanceof UntrustedAreas)
    return unusable(query, 'answer-untrusted', { reason: error.message }, error);
  const gone = faultAs(error, 'ManagedObjectNotFound');
  if (gone?.obj?.moId === query.vmMoId) throw explainMissingVm(error, query.vmMoId);
  if (gone || faultAs(error, 'NotFound'))
    throw new LeewardError('L-VC-409', { snapshot: query.snapshotMoId }, error);
  const message = faultBehind(error)?.message ?? (error instanceof Error ? error.message : String(error));
  if (faultAs(error, 'FileFault')) return unusable(query, 'id-unknown', { message }, error);
  const argument = faultAs(error, 'InvalidArgument');
  if (argument) {
    const name = argument.invalidProperty?.split('.').at(-1)?.toLowerCase();
    if (name === 'devicekey') return unusable(query, 'disk-unknown', { message }, error);
    if (name === 'changeid') return unusable(query, 'id-malformed', { message }, error);
    if (name === 'startoffset') return unusable(query, 'answer-untrusted', { reason: message }, error);
    return unusable(query, 'id-unknown', { message }, error);
  }
  if (isPermanent(error)) throw error;
  return unusable(query, 'host-trouble', { message }, error);
}

function unusable(
  { disk }: ChangedAreasQuery,
  cause: CbtUnusable,
  details: ErrorDetails,
  error?: unknown,
): ChangedAreas {
  const all = { disk: disk.label, key: disk.key, ...details };
  return { usable: false, cause, reason: new LeewardError(codes[cause], all, error) };
}
