import { type Clock, isPermanent, type LeewardError, retry, type Timer } from '@leeward/core';
import { type Abortable, AbortWatch } from '../../abort-watch.ts';
import { CommandDepth } from '../../command-depth.ts';
import type { IscsiConnection } from './iscsi-connection.ts';

/** An open session. */
interface Lane {
  readonly connection: IscsiConnection;
  readonly depth: CommandDepth;
  inFlight: number;
}

/** Where a session is or should be. */
interface Slot {
  readonly index: number;
  lane: Lane | undefined;
  opening: boolean;
  /** Refused for good; tried again only when all others are lost. */
  refused: boolean;
  opened: number;
}

export interface SessionPoolOptions {
  readonly sessions: number;
  /** Commands under way at most, on each session. */
  readonly queueDepth: number;
  readonly clock: Clock;
  /** How long commands wait while there is no session at all. */
  readonly giveUpAfterMs: number;
  /** Logs in to the first portal that takes it, and makes the LUN ready. `slot` names the session. */
  open(slot: number, attempt: number, signal: AbortSignal, onClosed: () => void): Promise<IscsiConnection>;
  /** The error when time is up. */
  gaveUp(last: unknown): LeewardError;
}

const reopening = { attempts: Number.POSITIVE_INFINITY, firstDelayMs: 100, maxDelayMs: 5_000 };

/** A place for one command on a session. */
export class Place {
  readonly #lane: Lane;
  readonly #takenMs: number;
  #give: ((lane: Lane, takenMs: number) => void) | undefined;

  constructor(lane: Lane, takenMs: number, give: (lane: Lane, takenMs: number) => void) {
    this.#lane = lane;
    this.#takenMs = takenMs;
    this.#give = give;
  }

  get connection(): IscsiConnection {
    return this.#lane.connection;
  }

  /** The target is full: fewer commands at once from now on. */
  narrow(): void {
    this.#lane.depth.full(this.#lane.inFlight);
  }

  /** MUST be called in the end. Idempotent. */
  release(): void {
    this.#give?.(this.#lane, this.#takenMs);
    this.#give = undefined;
  }
}

interface Waiting extends Abortable {
  grant(lane: Lane): void;
  reject(reason: unknown): void;
}

/**
 * Several sessions with one target, each replaced when it is lost, with a bound of commands in flight on each.
 * When none came back within the bound while commands wait, or all are refused for good, the pool ends: all that
 * wait and come later get that error.
 */
export class SessionPool {
  readonly #options: SessionPoolOptions;
  readonly #slots: Slot[];
  readonly #waiting = new Set<Waiting>();
  readonly #aborts = new AbortWatch();
  readonly #give = (lane: Lane, takenMs: number) => this.#release(lane, takenMs);
  readonly #ending = new AbortController();
  /** Aborts when the pool ends, with the reason. Asked for with each read: the getter of the controller is slow. */
  readonly ending: AbortSignal = this.#ending.signal;
  #giveUp: Timer | undefined;
  #lastError: unknown;

  constructor(options: SessionPoolOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: options.sessions }, (_, index) => ({
      index,
      lane: undefined,
      opening: false,
      refused: false,
      opened: 0,
    }));
  }

  /** Sessions that are open now. */
  get openSessions(): number {
    return this.#slots.filter((slot) => slot.lane?.connection.usable).length;
  }

  /** Sessions that were opened again after a loss. */
  get replaced(): number {
    return this.#slots.reduce((sum, slot) => sum + Math.max(0, slot.opened - 1), 0);
  }

  /** Opens the first session, one try at each portal; throws when there is none. */
  async start(signal?: AbortSignal): Promise<IscsiConnection> {
    const slot = this.#slots[0] as Slot;
    slot.opening = true;
    try {
      const ending = signal ? AbortSignal.any([signal, this.ending]) : this.ending;
      return this.#adopt(slot, await this.#options.open(0, 0, ending, () => this.#lostOne(slot)));
    } finally {
      slot.opening = false;
    }
  }

  /** A place, if one is free and nobody waits. */
  takeNow(): Place | undefined {
    if (this.ending.aborted || this.#waiting.size > 0) return undefined;
    const free = this.#takeFree();
    return free && this.#place(free);
  }

  async take(signal?: AbortSignal): Promise<Place> {
    this.ending.throwIfAborted();
    const free = this.#waiting.size === 0 ? this.#takeFree() : undefined;
    return this.#place(free ?? (await this.#wait(signal)));
  }

  #place(lane: Lane): Place {
    return new Place(lane, this.#options.clock.monotonicMs(), this.#give);
  }

  /** Ends with `reason` and logs out. Idempotent. */
  async close(reason: LeewardError): Promise<void> {
    this.#end(reason);
    await Promise.all(this.#slots.map((slot) => slot.lane?.connection.logout()));
  }

  #end(reason: unknown): void {
    if (this.ending.aborted) return;
    this.#giveUp?.cancel();
    this.#ending.abort(reason);
    for (const waiting of [...this.#waiting]) waiting.reject(reason);
    this.#waiting.clear();
  }

  #adopt(slot: Slot, connection: IscsiConnection): IscsiConnection {
    const { queueDepth } = this.#options;
    slot.lane = { connection, inFlight: 0, depth: new CommandDepth(queueDepth, queueDepth) };
    slot.opened++;
    this.#giveUp?.cancel();
    this.#giveUp = undefined;
    this.#serve();
    return connection;
  }

  #lostOne(slot: Slot): void {
    if (slot.lane?.connection.closed) slot.lane = undefined;
    if (this.openSessions === 0) for (const any of this.#slots) any.refused = false;
    if (this.#waiting.size > 0) this.#wake();
  }

  #takeFree(): Lane | undefined {
    let best: Lane | undefined;
    for (const slot of this.#slots) {
      const lane = slot.lane;
      if (!lane?.connection.usable) this.#reopen(slot);
      else if (lane.depth.hasRoom(lane.inFlight) && (!best || lane.inFlight < best.inFlight)) best = lane;
    }
    if (best) best.inFlight++;
    return best;
  }

  #wait(signal: AbortSignal | undefined): Promise<Lane> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const forget = () => {
        if (signal) this.#aborts.remove(signal, waiting);
        this.#waiting.delete(waiting);
      };
      const waiting: Waiting = {
        grant: (lane) => {
          forget();
          resolve(lane);
        },
        reject: (reason) => {
          forget();
          reject(reason);
        },
        aborted: (reason) => waiting.reject(reason),
        watchIndex: 0,
      };
      if (signal) this.#aborts.add(signal, waiting);
      this.#waiting.add(waiting);
      this.#wake();
    });
  }

  /** Somebody waits: lost sessions are opened again, and the bound runs while there is none. */
  #wake(): void {
    if (this.ending.aborted) return;
    for (const slot of this.#slots) if (!slot.lane?.connection.usable) this.#reopen(slot);
    if (this.openSessions > 0) return;
    this.#giveUp ??= this.#options.clock.after(this.#options.giveUpAfterMs, () => {
      this.#giveUp = undefined;
      if (this.openSessions > 0 || this.#waiting.size === 0) return;
      this.#end(this.#options.gaveUp(this.#lastError));
    });
  }

  #release(lane: Lane, takenMs: number): void {
    lane.inFlight--;
    lane.depth.ended(this.#options.clock.monotonicMs() - takenMs, lane.inFlight);
    if (this.#waiting.size > 0) this.#serve();
  }

  #serve(): void {
    for (const waiting of this.#waiting) {
      const lane = this.#takeFree();
      if (!lane) {
        this.#wake();
        return;
      }
      waiting.grant(lane);
    }
  }

  #reopen(slot: Slot): void {
    if (slot.opening || slot.refused || this.ending.aborted) return;
    slot.opening = true;
    const { clock, open } = this.#options;
    const policy = {
      ...reopening,
      signal: this.ending,
      onRetry: (error: unknown) => {
        this.#lastError = error;
      },
    };
    retry(clock, policy, (attempt) => open(slot.index, attempt, this.ending, () => this.#lostOne(slot))).then(
      (connection) => {
        slot.opening = false;
        if (connection.closed) return this.#lostOne(slot);
        if (this.ending.aborted) void connection.logout();
        else this.#adopt(slot, connection);
      },
      (error: unknown) => this.#refused(slot, error),
    );
  }

  /** Refused for good: the others go on without this one; without any other the pool ends. */
  #refused(slot: Slot, error: unknown): void {
    slot.opening = false;
    if (this.ending.aborted) return;
    slot.refused = true;
    this.#lastError = error;
    if (this.#slots.some((other) => other.lane?.connection.usable || other.opening)) return;
    this.#end(isPermanent(error) ? error : this.#options.gaveUp(error));
  }
}
