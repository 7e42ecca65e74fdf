import { isError } from '@leeward/core';
import type { StartTransfer, TransferProgress, TransferRef } from '../../contract/transfer.ts';
import { refusedWith } from '../../rest/refused.ts';
import { type RelationRecord, reasonsOf } from '../inventory/relation-record.ts';
import type { OntapArray } from '../ontap-array.ts';
import { change } from '../rest/change.ts';
import { findReplica } from './find-replica.ts';
import { postTransfer, whyUnlicensed } from './post-transfer.ts';
import { destinationVolume, isBusy, readRelation } from './relation-now.ts';
import { carries, readTransfer, type TransferRecord, transferPath } from './transfer-record.ts';

/** How often a transfer that ended well without bringing ours (it resumed an older one first) is asked again. */
const maxRepeats = 3;

/** Codes of an abort that comes too late. */
const endedCodes = new Set(['4', '13303849']);

/**
 * Transfers of named storage snapshots over relations whose destination is this cluster. What must survive a
 * restart is in the `TransferRef`; the memory here only saves a repeated request.
 */
export class Transfers {
  readonly #array: OntapArray;
  readonly #started = new Map<string, { transferId: string | undefined; repeats: number }>();

  constructor(array: OntapArray) {
    this.#array = array;
  }

  /** Never throws for a busy relation: `progress` starts the transfer when its turn has come. */
  async start(request: StartTransfer, signal?: AbortSignal): Promise<TransferRef> {
    const relation = await readRelation(this.#array, request.relation, signal);
    if (await this.#arrived(relation, request, signal)) return request;
    if (isBusy(relation)) {
      const running = await this.#running(relation, signal);
      const ours = running && carries(running, request.storageSnapshotName);
      return ours ? this.#remember(request, running.uuid) : request;
    }
    const posted = await postTransfer(this.#array, relation, request, signal);
    return posted.outcome === 'started' ? this.#remember(request, posted.transferId) : request;
  }

  /** One look. Starts what is still waiting, and says `done` only when the storage snapshot is there. */
  async progress(ref: TransferRef, signal?: AbortSignal): Promise<TransferProgress> {
    const relation = await readRelation(this.#array, ref.relation, signal);
    const known = this.#started.get(keyOf(ref));
    const transferId = known?.transferId ?? ref.transferId;
    const bytesTransferred = relation.transfer?.bytes_transferred ?? 0;
    if (await this.#arrived(relation, ref, signal)) {
      this.#started.delete(keyOf(ref));
      return { state: 'done', bytesTransferred: ours(relation, transferId) ? bytesTransferred : 0 };
    }
    if (isBusy(relation)) return await this.#whileBusy(relation, ref, transferId, signal);
    if (transferId === undefined && !known) return await this.#start(relation, ref, signal);
    return await this.#afterEnd(relation, ref, transferId, signal);
  }

  /** Aborts our transfer and no other; keeps the checkpoint, so that a later one goes on from there. */
  async abort(ref: TransferRef, signal?: AbortSignal): Promise<void> {
    const relation = await this.#relationOrGone(ref, signal);
    if (!relation || !isBusy(relation)) return;
    const transferId = this.#started.get(keyOf(ref))?.transferId ?? ref.transferId;
    const running = relation.transfer?.uuid;
    if (running === undefined) return;
    if (running !== transferId) {
      const record = await this.#running(relation, signal);
      if (!record || !carries(record, ref.storageSnapshotName)) return;
    }
    const path = transferPath(relation.uuid, running);
    try {
      const body = { state: 'aborted' };
      await change(this.#array.rest, { method: 'PATCH', path, body, mayBecomeJob: false, signal });
    } catch (error) {
      if (!refusedWith(error, endedCodes)) throw error;
    }
  }

  async #start(relation: RelationRecord, ref: TransferRef, signal?: AbortSignal): Promise<TransferProgress> {
    const posted = await postTransfer(this.#array, relation, ref, signal);
    if (posted.outcome === 'busy') return { state: 'waiting', bytesTransferred: 0, reason: posted.reason };
    const { transferId } = this.#remember(ref, posted.transferId);
    return { state: 'transferring', bytesTransferred: 0, ...(transferId ? { transferId } : {}) };
  }

  async #whileBusy(
    relation: RelationRecord,
    ref: TransferRef,
    transferId: string | undefined,
    signal?: AbortSignal,
  ): Promise<TransferProgress> {
    const bytesTransferred = relation.transfer?.bytes_transferred ?? 0;
    if (ours(relation, transferId)) return { state: 'transferring', bytesTransferred };
    const running = await this.#running(relation, signal);
    if (running && carries(running, ref.storageSnapshotName)) {
      this.#remember(ref, running.uuid);
      return { state: 'transferring', bytesTransferred, transferId: running.uuid };
    }
    return { state: 'waiting', bytesTransferred: 0, reason: 'another transfer of the relation runs first' };
  }

  /** Our transfer is over and the storage snapshot is not there. */
  async #afterEnd(
    relation: RelationRecord,
    ref: TransferRef,
    transferId: string | undefined,
    signal?: AbortSignal,
  ): Promise<TransferProgress> {
    const record =
      transferId === undefined
        ? undefined
        : await readTransfer(this.#array, relation.uuid, transferId, signal);
    const state = record?.state ?? relation.transfer?.state ?? 'unknown';
    if (await this.#arrived(relation, ref, signal)) return { state: 'done', bytesTransferred: 0 };
    const memory = this.#started.get(keyOf(ref));
    const repeats = memory?.repeats ?? 0;
    if (state === 'success' && repeats < maxRepeats) {
      this.#started.set(keyOf(ref), { transferId, repeats: repeats + 1 });
      return await this.#start(relation, ref, signal);
    }
    this.#started.delete(keyOf(ref));
    const told = record?.error_info ? errorText(record.error_info) : reasonsOf(relation).join('; ');
    const unlicensed = await whyUnlicensed(this.#array, signal);
    const licence = unlicensed ? ` (no usable licence ${unlicensed.licence} on this array)` : '';
    const reason = `the transfer ended as ${state}${told ? `: ${told}` : ''}${licence}`;
    return { state: 'failed', bytesTransferred: record?.bytes_transferred ?? 0, reason };
  }

  #remember(request: StartTransfer, transferId: string | undefined): TransferRef {
    const repeats = this.#started.get(keyOf(request))?.repeats ?? 0;
    this.#started.set(keyOf(request), { transferId, repeats });
    return transferId ? { ...request, transferId } : request;
  }

  async #arrived(relation: RelationRecord, ref: StartTransfer, signal?: AbortSignal): Promise<boolean> {
    const volume = await destinationVolume(this.#array, relation, signal);
    const { storageSnapshotName: name, createdAt } = ref;
    return (await findReplica(this.#array, volume, name, createdAt, signal)) !== undefined;
  }

  async #running(relation: RelationRecord, signal?: AbortSignal): Promise<TransferRecord | undefined> {
    const uuid = relation.transfer?.uuid;
    return uuid === undefined ? undefined : await readTransfer(this.#array, relation.uuid, uuid, signal);
  }

  async #relationOrGone(ref: TransferRef, signal?: AbortSignal): Promise<RelationRecord | undefined> {
    try {
      return await readRelation(this.#array, ref.relation, signal);
    } catch (error) {
      if (isError(error, 'L-ARR-009')) return undefined;
      throw error;
    }
  }
}

function ours({ transfer }: RelationRecord, transferId: string | undefined): boolean {
  return transferId !== undefined && transfer?.uuid === transferId;
}

function keyOf({ relation, storageSnapshotName }: StartTransfer): string {
  return `${relation.objectId} ${storageSnapshotName}`;
}

function errorText({ message, code }: { message: string; code?: number | string | undefined }): string {
  return code === undefined ? message : `${message} (code ${code})`;
}
