import { isError, LeewardError } from '@leeward/core';
import { portalText } from '../pdu/portal-address.ts';
import type { IscsiConnection } from './iscsi-connection.ts';
import { IscsiLun } from './iscsi-lun.ts';
import { UnsupportedCommand } from './judge-outcome.ts';
import { askLbaStatus, learnLun } from './lun-commands.ts';
import { checkSame, type LunFacts } from './lun-facts.ts';
import { checkLunOptions, digestChoices, type IscsiLunOptions, timeoutsOf } from './lun-options.ts';
import { openAtAny, openSession, randomIsid } from './open-session.ts';
import { SessionPool } from './session-pool.ts';

export type { Portal } from '../pdu/portal-address.ts';
export type { ChapCredentials } from './chap-credentials.ts';
export type { IscsiLun, IscsiLunCounters, LbaStatusRange } from './iscsi-lun.ts';
export type { LunIdentity } from './lun-facts.ts';
export type { InitiatorOptions, IscsiLunOptions, TargetOptions } from './lun-options.ts';

/**
 * More than a burst of most targets: fewer commands cost both sides less. tgt needs about a tenth less CPU time for each
 * GiB than with 256 KiB; with 1 MiB a quarter more, as its allocator comes.
 */
const defaultReadBytes = 512 * 1024;
/** What one PDU, and one burst, may bring: a whole READ with one head, where the target has such large ones. */
const mostAtOnceBytes = 512 * 1024;
const defaultGiveUpMs = 120_000;
/** On each session: with READs of 512 KiB, 8 MiB keep a path of 2 GB/s and 4 ms busy. */
const defaultReadsInFlight = 16;
const toldByDevice: ReadonlySet<string> = new Set(['L-BLK-107', 'L-BLK-208', 'L-BLK-211', 'L-BLK-212']);

/**
 * Opens a LUN for reading: one session now, the others when reads need them. Throws `L-NET-101` when no portal
 * answers, the `L-BLK-1xx` errors of a login, `L-BLK-201` when the LUN is not mapped, `L-BLK-210` when it is no
 * disk. The caller closes it.
 */
export async function openIscsiLun(options: IscsiLunOptions, signal?: AbortSignal): Promise<IscsiLun> {
  checkLunOptions(options);
  const opening = new LunOpening(options);
  try {
    return await opening.open(signal);
  } catch (error) {
    await opening.abandon();
    throw error;
  }
}

class LunOpening {
  readonly #options: IscsiLunOptions;
  readonly #pool: SessionPool;
  readonly #readBytes: number;
  readonly #giveUpAfterMs: number;
  readonly #isids = new Map<number, Uint8Array>();
  #facts: LunFacts | undefined;
  #lun: IscsiLun | undefined;

  constructor(options: IscsiLunOptions) {
    this.#options = options;
    this.#readBytes = options.readBytes ?? defaultReadBytes;
    this.#giveUpAfterMs = options.giveUpAfterMs ?? defaultGiveUpMs;
    const { sessions = 2, readsInFlight: queueDepth = defaultReadsInFlight } = options;
    this.#pool = new SessionPool({
      sessions,
      queueDepth,
      clock: options.clock,
      giveUpAfterMs: this.#giveUpAfterMs,
      open: (slot, attempt, signal, onClosed) => this.#openSlot(slot, attempt, signal, onClosed),
      gaveUp: (last) => this.#gaveUp(last),
    });
  }

  async open(signal: AbortSignal | undefined): Promise<IscsiLun> {
    const connection = await this.#pool.start(signal);
    const facts = this.#facts as LunFacts;
    const { blockBytes } = facts.capacity;
    const bound = Math.min(
      this.#readBytes,
      facts.maxReadBytes ?? Number.POSITIVE_INFINITY,
      facts.sixteen ? Number.POSITIVE_INFINITY : 65_535 * blockBytes,
    );
    this.#lun = new IscsiLun({
      options: this.#options,
      facts,
      pool: this.#pool,
      pieceBytes: Math.max(blockBytes, bound - (bound % blockBytes)),
      giveUpAfterMs: this.#giveUpAfterMs,
      offersLbaStatus: facts.capacity.isThin && (await this.#tellsLbaStatus(connection, signal)),
      gaveUp: (last) => this.#gaveUp(last),
    });
    return this.#lun;
  }

  async abandon(): Promise<void> {
    const { lun, targetName } = this.#options;
    await this.#pool.close(new LeewardError('L-BLK-114', { lun, target: targetName }));
  }

  /** Each slot begins at its own portal, and at the next one after each failure. */
  #openSlot(
    slot: number,
    attempt: number,
    signal: AbortSignal,
    onClosed: () => void,
  ): Promise<IscsiConnection> {
    const options = this.#options;
    const isid = this.#isids.get(slot) ?? randomIsid(options.randomness);
    this.#isids.set(slot, isid);
    const first = slot + Math.max(0, attempt - 1);
    const segmentBytes = Math.min(Math.max(this.#readBytes, 64 * 1024), mostAtOnceBytes);
    return openAtAny(
      options.portals,
      first,
      async (portal) => {
        const connection = await openSession(
          {
            portal,
            initiatorName: options.initiatorName,
            targetName: options.targetName,
            isid,
            chap: options.chap,
            digests: digestChoices(options.digests),
            maxReceiveBytes: segmentBytes,
            maxBurstBytes: segmentBytes,
            localAddress: options.localAddress,
            timeouts: timeoutsOf(options),
            clock: options.clock,
            randomness: options.randomness,
            onAttention: () => this.#lun?.suspect(),
            onClosed,
          },
          signal,
        );
        try {
          await this.#prepare(connection, signal);
          return connection;
        } catch (error) {
          await connection.logout();
          throw error;
        }
      },
      signal,
    );
  }

  /** Every session, the first and each later one, MUST show the same device of the same size. */
  async #prepare(connection: IscsiConnection, signal: AbortSignal): Promise<void> {
    const { targetName: target, initiatorName: initiator, lun, clock } = this.#options;
    const isKnown = this.#facts !== undefined;
    const facts = await learnLun({ connection, target, initiator, lun, isKnown, clock, signal });
    if (this.#facts) checkSame(this.#facts, facts, { target, lun });
    else this.#facts = facts;
  }

  async #tellsLbaStatus(connection: IscsiConnection, signal: AbortSignal | undefined): Promise<boolean> {
    const { targetName: target, initiatorName: initiator, lun, clock } = this.#options;
    try {
      await askLbaStatus({ connection, target, initiator, lun, isKnown: true, clock, signal }, 0);
      return true;
    } catch (error) {
      const cannot =
        error instanceof UnsupportedCommand || isError(error, 'L-BLK-206') || isError(error, 'L-BLK-210');
      if (cannot) return false;
      throw error;
    }
  }

  #gaveUp(last: unknown): LeewardError {
    // What the device itself says is worth more than that it was tried long enough.
    if (last instanceof LeewardError && toldByDevice.has(last.code)) return last;
    const { targetName: target, portals } = this.#options;
    const reason =
      last instanceof LeewardError
        ? String(last.details['reason'] ?? last.message)
        : 'no session could be opened';
    const seconds = Math.round(this.#giveUpAfterMs / 1000);
    const list = portals.map(portalText).join(', ');
    return new LeewardError('L-BLK-110', { target, portals: list, seconds, reason }, last);
  }
}
