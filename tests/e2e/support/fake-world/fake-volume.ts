import { parseOwnership } from '@leeward/arrays';
import { LeewardError } from '@leeward/core';

export interface FakeStorageSnapshot {
  readonly name: string;
  readonly comment: string;
  readonly createdAtMs: number;
}

/** A volume with its storage snapshots, oldest first, and who holds them. */
export class FakeVolume {
  readonly name: string;
  readonly snapshots: FakeStorageSnapshot[] = [];
  /** Names of storage snapshots that replication or a clone holds against deletion. */
  readonly holds = new Map<string, string>();
  /** Until when nobody may delete them. */
  readonly locks = new Map<string, number>();
  readonly #now: () => number;

  constructor(name: string, now: () => number) {
    this.name = name;
    this.#now = now;
  }

  find(name: string): FakeStorageSnapshot | undefined {
    return this.snapshots.find((each) => each.name === name);
  }

  create(name: string, comment: string): FakeStorageSnapshot {
    const known = this.find(name);
    if (known) return known;
    const made = { name, comment, createdAtMs: this.#now() };
    this.snapshots.push(made);
    return made;
  }

  /** What a transfer brings, with the time at which the source froze it. */
  receive(original: FakeStorageSnapshot): void {
    if (!this.find(original.name)) this.snapshots.push({ ...original });
  }

  /** Replication goes on from it. */
  isBase(name: string): boolean {
    return [...this.holds].some(([holder, held]) => held === name && !holder.startsWith('clone '));
  }

  isLocked(name: string): boolean {
    return (this.locks.get(name) ?? 0) > this.#now();
  }

  /** As an array does: never shorter than it is. */
  lock(name: string, untilMs: number): number {
    if (!this.find(name)) throw new LeewardError('L-ARR-009', { host: 'fake', object: name });
    if (untilMs < (this.locks.get(name) ?? 0)) throw new RangeError(`the lock of ${name} would be shortened`);
    this.locks.set(name, untilMs);
    return untilMs;
  }

  /** As an array and its driver do: refuses what is held or locked and what is not ours. */
  delete(name: string): void {
    const found = this.find(name);
    if (!found) return;
    const object = `storage snapshot ${name}`;
    if (!parseOwnership(found.comment)) throw new LeewardError('L-ARR-011', { host: 'fake', object });
    const holder = this.isLocked(name) ? 'a lock' : [...this.holds].find(([, held]) => held === name)?.[0];
    if (holder !== undefined) throw new LeewardError('L-ARR-101', { host: 'fake', object, holders: holder });
    this.drop(name);
  }

  /** Without asking. */
  drop(name: string): void {
    const at = this.snapshots.findIndex((each) => each.name === name);
    if (at >= 0) this.snapshots.splice(at, 1);
    this.locks.delete(name);
  }
}
