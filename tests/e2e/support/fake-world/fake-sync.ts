import type { SyncLook } from '@leeward/arrays';
import { LeewardError } from '@leeward/core';
import type { FakeStorageSnapshot, FakeVolume } from './fake-volume.ts';

/** Synchronous replication of one volume to another, whose other side may be away for a while. */
export class FakeSync {
  readonly primary: FakeVolume;
  readonly secondary: FakeVolume;
  readonly #isUp: () => boolean;
  readonly #tears: () => boolean;

  /** @param tears is the other side lost in the middle of a call that makes both halves? */
  constructor(primary: FakeVolume, secondary: FakeVolume, isUp: () => boolean, tears: () => boolean) {
    this.primary = primary;
    this.secondary = secondary;
    this.#isUp = isUp;
    this.#tears = tears;
  }

  get isUp(): boolean {
    return this.#isUp();
  }

  look(): SyncLook {
    return this.isUp
      ? { detected: true, state: 'in-sync', reasons: [] }
      : { detected: false, state: 'unreachable', reasons: ['the other side is away'] };
  }

  create(name: string, comment: string): void {
    const { primary, secondary } = this.halves(name);
    if (primary && secondary) return;
    const details = { host: 'fake', volume: this.primary.name, snapshot: name, reason: 'it is away' };
    if (!primary && !secondary) {
      if (!this.isUp) throw new LeewardError('L-ARR-204', details);
      this.primary.create(name, comment);
      if (!this.#tears()) {
        this.secondary.create(name, comment);
        return;
      }
    }
    throw new LeewardError('L-ARR-205', details);
  }

  halves(name: string): { primary?: FakeStorageSnapshot; secondary?: FakeStorageSnapshot } {
    const primary = this.primary.find(name);
    const secondary = this.secondary.find(name);
    return { ...(primary ? { primary } : {}), ...(secondary ? { secondary } : {}) };
  }

  /** Goes on after a failure. */
  remove(name: string): void {
    const errors: unknown[] = [];
    const attempt = (work: () => void) => {
      try {
        work();
      } catch (error) {
        errors.push(error);
      }
    };
    attempt(() => this.deleteOnSecondary(name));
    attempt(() => this.primary.delete(name));
    if (errors.length > 0) throw errors[0];
  }

  deleteOnSecondary(name: string): void {
    if (!this.secondary.find(name)) return;
    this.requireSecondary();
    this.secondary.delete(name);
  }

  requireSecondary(): void {
    if (!this.isUp)
      throw new LeewardError('L-ARR-014', {
        host: 'fake',
        message: 'the other side is away',
        arrayCode: '0',
      });
  }
}
