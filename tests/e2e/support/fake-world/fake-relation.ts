import type { TransferProgress } from '@leeward/arrays';
import type { FakeVolume } from './fake-volume.ts';

/** Replication of one volume to another: one transfer at a time, which takes time and needs its source to stay. */
export class FakeRelation {
  readonly id: string;
  readonly policy: 'vault' | 'mirror';
  readonly source: FakeVolume;
  readonly destination: FakeVolume;
  readonly #now: () => number;
  readonly #durationMs: number;
  #running: { name: string; endsAtMs: number } | undefined;
  #failed = new Set<string>();
  /** Names in the order in which their transfers began. */
  readonly begun: string[] = [];

  constructor(
    id: string,
    policy: 'vault' | 'mirror',
    source: FakeVolume,
    destination: FakeVolume,
    timing: { readonly now: () => number; readonly durationMs: number },
  ) {
    this.id = id;
    this.policy = policy;
    this.source = source;
    this.destination = destination;
    this.#now = timing.now;
    this.#durationMs = timing.durationMs;
  }

  start(name: string): void {
    this.#settle();
    if (this.destination.find(name) || this.#running) return;
    this.begun.push(name);
    this.#failed.delete(name);
    this.#running = { name, endsAtMs: this.#now() + this.#durationMs };
  }

  progress(name: string): TransferProgress {
    this.#settle();
    if (this.destination.find(name)) return { state: 'done', bytesTransferred: 100 };
    if (this.#running?.name === name) return { state: 'transferring', bytesTransferred: 50 };
    if (this.#failed.has(name)) return { state: 'failed', bytesTransferred: 0, reason: 'it was cut off' };
    this.start(name);
    return { state: 'waiting', bytesTransferred: 0 };
  }

  abort(name: string): void {
    this.#settle();
    if (this.#running?.name !== name) return;
    this.#running = undefined;
    this.#failed.add(name);
  }

  /** What the time that has passed has done. */
  #settle(): void {
    const running = this.#running;
    if (!running || this.#now() < running.endsAtMs) return;
    this.#running = undefined;
    const original = this.source.find(running.name);
    if (!original) {
      this.#failed.add(running.name);
      return;
    }
    const carried = this.policy === 'mirror' ? this.source.snapshots : [original];
    for (const { name, comment } of carried) this.destination.create(name, comment);
    // The newest common one is the base of the next transfer on both sides.
    this.source.holds.set(this.id, running.name);
    this.destination.holds.set(this.id, running.name);
    if (this.policy === 'vault') return;
    const gone = this.destination.snapshots.filter(({ name }) => !this.source.find(name));
    for (const { name } of gone) if (!this.destination.isLocked(name)) this.destination.drop(name);
  }
}
