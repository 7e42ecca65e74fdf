import { isError, LeewardError } from '@leeward/core';
import { persist } from '../../persist.ts';
import { ReadStops } from '../../read-stops.ts';
import type { Provisioning } from '../../scsi/client/lba-status.ts';
import { read } from '../../scsi/client/read-only-cdb.ts';
import { encodeLun } from '../../scsi/lun.ts';
import { scsiStatus } from '../../scsi/status.ts';
import { type CommandPlace, judgeOutcome } from './judge-outcome.ts';
import { askLbaStatus, type LunPlace, learnLun } from './lun-commands.ts';
import { checkSame, type LunFacts, type LunIdentity } from './lun-facts.ts';
import type { IscsiLunOptions } from './lun-options.ts';
import type { ScsiRequest } from './scsi-task.ts';
import type { Place, SessionPool } from './session-pool.ts';

export interface LbaStatusRange {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  readonly provisioning: Provisioning;
}

/** Counted since the LUN was opened. */
export interface IscsiLunCounters {
  /** Bytes of reads that succeeded, as they went over the wire. */
  readonly bytesRead: number;
  /** Sessions opened again after a loss. */
  readonly sessionsReplaced: number;
  readonly openSessions: number;
}

export interface IscsiLunParts {
  readonly options: IscsiLunOptions;
  readonly facts: LunFacts;
  readonly pool: SessionPool;
  readonly pieceBytes: number;
  readonly giveUpAfterMs: number;
  readonly offersLbaStatus: boolean;
  gaveUp(last: unknown): LeewardError;
}

/** A LUN that is open for reading. Who opened it closes it. */
export class IscsiLun {
  readonly sizeBytes: number;
  readonly blockBytes: number;
  readonly identity: LunIdentity;
  /** Unmapped blocks read as zeros, so ranges that `lbaStatus` calls deallocated need no read. */
  readonly deallocatedReadsZeros: boolean;
  /**
   * What is provisioned within the range, in order and without gaps; `undefined` where the device cannot tell.
   * Throws as `read`.
   */
  readonly lbaStatus:
    | ((offsetBytes: number, lengthBytes: number, signal?: AbortSignal) => AsyncGenerator<LbaStatusRange>)
    | undefined;
  readonly #parts: IscsiLunParts;
  readonly #lunBytes: Uint8Array;
  readonly #stops = new ReadStops();
  readonly #combined = new WeakMap<AbortSignal, AbortSignal>();
  #bytesRead = 0;
  /** Something changed at the target: the LUN is checked before its data is used again. */
  #suspicious = false;
  #checking: Promise<void> | undefined;

  constructor(parts: IscsiLunParts) {
    this.#parts = parts;
    this.#lunBytes = encodeLun(parts.options.lun);
    const { capacity, identity } = parts.facts;
    this.sizeBytes = capacity.blocks * capacity.blockBytes;
    this.blockBytes = capacity.blockBytes;
    this.identity = identity;
    this.deallocatedReadsZeros = capacity.unmappedReadsZeros;
    this.lbaStatus = parts.offersLbaStatus ? (...range) => this.#lbaStatus(...range) : undefined;
  }

  /** The size of one READ. */
  get readBytes(): number {
    return this.#parts.pieceBytes;
  }

  get counters(): IscsiLunCounters {
    const { replaced, openSessions } = this.#parts.pool;
    return { bytesRead: this.#bytesRead, sessionsReplaced: replaced, openSessions };
  }

  /** The target said that something changed: the next reads wait for a check. */
  suspect(): void {
    this.#suspicious = true;
  }

  /**
   * Fills `target` with what is at `offsetBytes` or throws; any number of reads may run at once, offsets and
   * lengths are any byte values within the size. After it has settled nothing writes to `target` any more. Throws
   * `L-BLK-202` to `L-BLK-212` by what the device says, and `L-BLK-110` when all portals are lost.
   */
  read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    const endBytes = offsetBytes + target.length;
    if (!Number.isSafeInteger(offsetBytes) || offsetBytes < 0 || endBytes > this.sizeBytes) {
      const details = { ...this.#place(), sizeBytes: this.sizeBytes, endBytes };
      return Promise.reject(new LeewardError('L-BLK-209', details));
    }
    if (target.length === 0) return Promise.resolve();
    const room = this.#parts.pieceBytes - (offsetBytes % this.blockBytes);
    if (target.length <= room) return this.#readPiece(offsetBytes, target, this.#untilEnd(signal));
    return this.#readPieces(offsetBytes, target, room, signal);
  }

  async close(): Promise<void> {
    const { lun, target } = this.#place();
    await this.#parts.pool.close(new LeewardError('L-BLK-114', { lun, target }));
  }

  /** The first failure stops the other pieces, and all have settled before it is thrown. */
  async #readPieces(
    offsetBytes: number,
    target: Uint8Array,
    room: number,
    signal?: AbortSignal,
  ): Promise<void> {
    const stop = this.#stops.take(this.#untilEnd(signal));
    const pieces: Promise<void>[] = [];
    for (let at = 0, length = room; at < target.length; at += length, length = this.#parts.pieceBytes) {
      const piece = this.#readPiece(offsetBytes + at, target.subarray(at, at + length), stop.signal);
      piece.catch((error: unknown) => stop.stop(error));
      pieces.push(piece);
    }
    await Promise.allSettled(pieces);
    this.#stops.giveBack(stop);
    if (stop.signal.aborted) throw stop.signal.reason;
  }

  /** One READ: whole blocks straight into the target, others by way of a buffer. */
  #readPiece(offsetBytes: number, target: Uint8Array, signal: AbortSignal): Promise<void> {
    const lead = offsetBytes % this.blockBytes;
    const blocks = Math.ceil((lead + target.length) / this.blockBytes);
    const startBlock = (offsetBytes - lead) / this.blockBytes;
    if (lead === 0 && blocks * this.blockBytes === target.length)
      return this.#readBlocks(startBlock, blocks, target, signal);
    const whole = Buffer.allocUnsafe(blocks * this.blockBytes);
    return this.#readBlocks(startBlock, blocks, whole, signal).then(() => {
      target.set(whole.subarray(lead, lead + target.length));
    });
  }

  #readBlocks(startBlock: number, blocks: number, target: Uint8Array, signal: AbortSignal): Promise<void> {
    const cdb = read(startBlock, blocks, this.#parts.facts.sixteen);
    const request = { lun: this.#lunBytes, cdb, target };
    return this.#persist((ending) => this.#readOnce(request, startBlock, ending), signal);
  }

  async #readOnce(request: ScsiRequest, startBlock: number, ending: AbortSignal | undefined): Promise<void> {
    if (this.#suspicious) await this.#check(ending);
    const { pool } = this.#parts;
    const place = pool.takeNow() ?? (await pool.take(ending));
    const lengthBytes = request.target.length;
    const command = request.cdb.name;
    try {
      const outcome = await place.connection.execute(request, ending);
      if (outcome.status === scsiStatus.taskSetFull) place.narrow();
      if (outcome.status !== scsiStatus.good) {
        const offsetBytes = startBlock * this.blockBytes;
        this.#judge(outcome, { ...this.#place(), command, offsetBytes, lengthBytes });
      }
      this.#checkWhole(outcome.receivedBytes, lengthBytes, command);
      this.#bytesRead += lengthBytes;
    } finally {
      place.release();
    }
  }

  #judge(outcome: Parameters<typeof judgeOutcome>[0], place: CommandPlace): void {
    try {
      judgeOutcome(outcome, place, true);
    } catch (error) {
      if (isError(error, 'L-BLK-211')) this.suspect();
      if (error instanceof LeewardError) throw error;
      const answer = error instanceof Error ? error.message : String(error);
      throw new LeewardError('L-BLK-206', { ...place, answer }, error);
    }
  }

  #checkWhole(actualBytes: number, expectedBytes: number, command: string): void {
    if (actualBytes === expectedBytes) return;
    throw new LeewardError('L-BLK-212', { ...this.#place(), command, actualBytes, expectedBytes });
  }

  /** Checks once for all reads that it is still the same device of the same size; throws when it is not. */
  #check(signal: AbortSignal | undefined): Promise<void> {
    this.#checking ??= this.#learnAgain().finally(() => {
      this.#checking = undefined;
    });
    return abortable(this.#checking, signal);
  }

  async #learnAgain(): Promise<void> {
    const { pool, facts } = this.#parts;
    const place = await pool.take(pool.ending);
    try {
      this.#suspicious = false;
      checkSame(facts, await learnLun(this.#lunPlace(place, pool.ending)), this.#place());
    } catch (error) {
      this.#suspicious = true;
      throw error;
    } finally {
      place.release();
    }
  }

  async *#lbaStatus(
    offsetBytes: number,
    lengthBytes: number,
    signal?: AbortSignal,
  ): AsyncGenerator<LbaStatusRange> {
    const endBytes = Math.min(offsetBytes + lengthBytes, this.sizeBytes);
    const any = this.#untilEnd(signal);
    for (let at = offsetBytes; at < endBytes; ) {
      const ranges = await this.#persist(async (until) => {
        if (this.#suspicious) await this.#check(until);
        const place = await this.#parts.pool.take(until);
        try {
          return await askLbaStatus(this.#lunPlace(place, until), Math.floor(at / this.blockBytes));
        } finally {
          place.release();
        }
      }, any);
      for (const { startBlock, blocks, provisioning } of ranges) {
        const from = Math.max(at, startBlock * this.blockBytes);
        const to = Math.min(endBytes, (startBlock + blocks) * this.blockBytes);
        if (to <= from) continue;
        yield { offsetBytes: from, lengthBytes: to - from, provisioning };
        at = to;
      }
    }
  }

  /** Aborts when the caller's signal does, or the pool ends. Made once for each signal: that takes time. */
  #untilEnd(signal: AbortSignal | undefined): AbortSignal {
    const { ending } = this.#parts.pool;
    if (!signal) return ending;
    const known = this.#combined.get(signal);
    if (known) return known;
    const made = AbortSignal.any([signal, ending]);
    this.#combined.set(signal, made);
    return made;
  }

  #persist<T>(work: (signal: AbortSignal | undefined) => Promise<T>, signal: AbortSignal): Promise<T> {
    const { options, giveUpAfterMs, gaveUp } = this.#parts;
    return persist({ clock: options.clock, giveUpAfterMs, signal, gaveUp }, (_, ending) => work(ending));
  }

  #lunPlace(place: Place, signal: AbortSignal | undefined): LunPlace {
    const { clock } = this.#parts.options;
    return { ...this.#place(), connection: place.connection, isKnown: true, clock, signal };
  }

  #place(): { target: string; lun: number; initiator: string } {
    const { targetName, lun, initiatorName } = this.#parts.options;
    return { target: targetName, lun, initiator: initiatorName };
  }
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
