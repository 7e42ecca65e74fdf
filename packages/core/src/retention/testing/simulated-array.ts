import type { LockAbility } from '../../words/array-inventory.ts';
import type { ArrayRule, Feed } from '../words.ts';

/** What is really on a simulated array; only it knows whose it is. */
export interface RealStorageSnapshot {
  readonly name: string;
  readonly frozenAtMs: number;
  readonly maker: 'us' | 'other-installation' | 'administrator';
  /** Run that made it, for ours. */
  readonly runId: string;
  readonly label?: string;
  readonly schedule?: string;
  lockedUntilMs?: number;
  holders: string[];
}

export interface ArraySetUp {
  readonly id: string;
  readonly feed?: Feed;
  readonly arrayRules: readonly ArrayRule[];
  readonly refusesDelete: boolean;
  readonly locks: LockAbility;
  /** It tells its own time. */
  readonly tellsTime: boolean;
}

/** Thrown when we ask for what must never be asked for. */
export class Forbidden extends Error {}

/**
 * One volume set on one array, as strict as a real one: it refuses to delete what is locked or held, follows its
 * feeder as its policy says, and takes a wish to delete what is not ours as a defect of whoever asks.
 */
export class SimulatedArray {
  readonly setUp: ArraySetUp;
  readonly content: RealStorageSnapshot[] = [];
  clockAheadMs = 0;
  reachable = true;

  constructor(setUp: ArraySetUp) {
    this.setUp = setUp;
  }

  get isMirror(): boolean {
    return this.setUp.feed?.kind === 'transfer' && this.setUp.feed.policy === 'mirror';
  }

  find(name: string): RealStorageSnapshot | undefined {
    return this.content.find((each) => each.name === name);
  }

  isLocked({ lockedUntilMs }: RealStorageSnapshot, nowMs: number): boolean {
    return lockedUntilMs !== undefined && lockedUntilMs > nowMs + this.clockAheadMs;
  }

  /** By whom it is, or by the array itself; refusals leave it as it is. */
  #drop(gone: RealStorageSnapshot, nowMs: number): boolean {
    if (this.isLocked(gone, nowMs) || gone.holders.length > 0) return false;
    this.content.splice(this.content.indexOf(gone), 1);
    return true;
  }

  /** An administrator may do what the array allows. */
  deleteByAdministrator(gone: RealStorageSnapshot, nowMs: number): void {
    if (!this.isMirror) this.#drop(gone, nowMs);
  }

  deleteForUs(name: string, nowMs: number): void {
    const gone = this.find(name);
    const where = `${name} on ${this.setUp.id}`;
    if (!gone) throw new Forbidden(`${where} is not there`);
    if (gone.maker !== 'us') throw new Forbidden(`${where} is not ours`);
    if (this.isMirror || this.setUp.refusesDelete) throw new Forbidden(`${where} cannot be deleted by us`);
    if (gone.holders.length > 0) throw new Forbidden(`${where} is held`);
    // Where the array does not tell its time, ours may be ahead of it: then it refuses, and that is all.
    if (!this.#drop(gone, nowMs) && this.setUp.tellsTime) throw new Forbidden(`${where} is locked`);
  }

  lockForUs(name: string, untilMs: number, nowMs: number): void {
    const found = this.find(name);
    const where = `${name} on ${this.setUp.id}`;
    if (found?.maker !== 'us') throw new Forbidden(`${where} is not ours to lock`);
    const { locks, tellsTime } = this.setUp;
    if (!locks.possible) throw new Forbidden(`${where} cannot be locked`);
    if (untilMs <= (found.lockedUntilMs ?? 0)) throw new Forbidden(`the lock of ${where} is not longer`);
    if (tellsTime && untilMs > nowMs + this.clockAheadMs + (locks.maxMs ?? Number.POSITIVE_INFINITY))
      throw new Forbidden(`the lock of ${where} is too long`);
    found.lockedUntilMs = untilMs;
  }

  add(
    made: Pick<RealStorageSnapshot, 'name' | 'frozenAtMs' | 'maker' | 'runId' | 'label' | 'schedule'>,
  ): void {
    if (!this.find(made.name)) this.content.push({ ...made, holders: [] });
  }

  /** A transfer up to `name`; a mirror gets all up to it and drops what its feeder no longer has. */
  receive(feeder: SimulatedArray, name: string, nowMs: number): void {
    const sent = feeder.find(name);
    if (!sent) return;
    if (this.isMirror) {
      const upTo = feeder.content.slice(0, feeder.content.indexOf(sent) + 1);
      for (const each of upTo) this.add(each);
      for (const each of [...this.content]) if (!feeder.find(each.name)) this.#drop(each, nowMs);
    } else this.add(sent);
    this.#rotate(nowMs);
  }

  /** The array's own rules; they act on whatever they match. */
  #rotate(nowMs: number): void {
    if (this.isMirror) return;
    for (const { by, name, keep } of this.setUp.arrayRules) {
      const matching = this.content.filter((each) => (by === 'label' ? each.label : each.schedule) === name);
      for (const each of matching.slice(0, Math.max(0, matching.length - keep))) this.#drop(each, nowMs);
    }
  }
}
