import { isError, LeewardError } from '@leeward/core';
import type { StartTransfer } from '../../contract/transfer.ts';
import { ArrayRefused } from '../../rest/refused.ts';
import type { RelationRecord } from '../inventory/relation-record.ts';
import { hasLicence, type Licences, readLicences } from '../licences.ts';
import type { OntapArray } from '../ontap-array.ts';
import { change } from '../rest/change.ts';
import { refuseInactive, relationPath } from './relation-now.ts';

/** `busy`: another transfer runs or the relation is being changed; ask again later. */
export type Posted =
  | { readonly outcome: 'started'; readonly transferId?: string }
  | { readonly outcome: 'busy'; readonly reason: string };

const updateRefused = new Set(['13303844', '13303812']);

/** Asks for one storage snapshot to be transferred. Never started twice: the array runs one at a time. */
export async function postTransfer(
  array: OntapArray,
  relation: RelationRecord,
  { storageSnapshotName }: StartTransfer,
  signal?: AbortSignal,
): Promise<Posted> {
  refuseInactive(relation);
  const path = `${relationPath(relation.uuid)}/transfers`;
  const body = { source_snapshot: storageSnapshotName };
  try {
    const answer = await change(array.rest, { method: 'POST', path, body, mayBecomeJob: false, signal });
    const transferId = /\/transfers\/([0-9a-f-]{36})/i.exec(answer.location ?? '')?.[1];
    return { outcome: 'started', ...(transferId ? { transferId } : {}) };
  } catch (error) {
    const reason = whyBusy(error);
    if (reason !== undefined) return { outcome: 'busy', reason };
    if (!(error instanceof ArrayRefused) || !updateRefused.has(error.refusal.code)) throw error;
    const { host } = array.rest;
    const unlicensed = await whyUnlicensed(array, signal);
    if (unlicensed) throw new LeewardError('L-ARR-008', { host, ...unlicensed }, error);
    const { message, code: arrayCode } = error.refusal;
    throw new LeewardError('L-ARR-202', { host, snapshot: storageSnapshotName, message, arrayCode }, error);
  }
}

/**
 * A refused transfer may only lack its licence; ONTAP has no code of its own for that. Only explains a failure, so
 * it never fails itself.
 */
export async function whyUnlicensed(array: OntapArray, signal?: AbortSignal) {
  const licences = await knownLicences(array, signal);
  if (hasLicence(licences, 'snapmirror') || hasLicence(licences, 'snapvault')) return undefined;
  const purpose = 'transfer storage snapshots to it';
  const otherwise = 'let the job fail over to the primary';
  return { licence: 'snapmirror', purpose, otherwise };
}

async function knownLicences(array: OntapArray, signal?: AbortSignal): Promise<Licences> {
  try {
    return await readLicences(array.rest, signal);
  } catch (error) {
    if (!(error instanceof LeewardError)) throw error;
    return 'unknown';
  }
}

function whyBusy(error: unknown): string | undefined {
  if (!(error instanceof ArrayRefused)) return undefined;
  const { code, message } = error.refusal;
  if (isError(error, 'L-ARR-014')) return `${message} (code ${code})`;
  // The one code stands for every refusal of an update; only its text tells that another transfer runs.
  return updateRefused.has(code) && /transfer is in progress/i.test(message) ? message : undefined;
}
