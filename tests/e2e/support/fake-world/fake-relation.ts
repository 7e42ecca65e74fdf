import type { TransferProgress } from '@leeward/arrays';
import type { FakeVolume } from './fake-volume.ts';

/** Replication of one volume to another: one transfer at a time, which takes time and needs its source to stay. */
export class FakeRelation {
  readonly id: string;
  readonly policy: 'vault' | 'mirror';
  readonly source: FakeVolume;
  readonly destination: FakeVolume;
  /** Serial of the array that has the source. */
  readonly sourceArray: string;
  readonly #now: () => number;
  readonly #durationMs: number;
  #running: { name: string; endsAtMs: number } | undefined;
  #failed = new Set<string>();
  #updates = 0;
  /** Names in the order in which their transfers began. */
  readonly begun: string[] = [];

  constructor(
    id: string,
    policy: 'vault' | 'mirror',
    source: FakeVolume,
    destination: FakeVolume,
    timing: { readonly now: () => number; readonly durationMs: number },
    sourceArray = 'primary',
  ) {
    this.sourceArray = sourceArray;
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
    for (const each of carried) this.destination.receive(each);
    this.#settled(running.name);
  }

  /**
   * As a schedule does it for a mirror, at once: it has what the source has. On a volume that is written to it makes a
   * storage snapshot of its own for that, and drops the one before; on a replica it goes by the newest that is there.
   */
  update(): void {
    const { source } = this;
    if (this.policy !== 'mirror') return;
    const own = `snapmirror.${this.id}.`;
    const before = source.snapshots.filter(({ name }) => name.startsWith(own));
    if (this.sourceArray === 'primary') source.create(`${own}${++this.#updates}`, 'by the array');
    const newest = source.snapshots.at(-1);
    if (!newest) return;
    for (const each of source.snapshots) this.destination.receive(each);
    for (const { name } of before) source.drop(name);
    this.#settled(newest.name);
  }

  /** The newest common one is the base of the next transfer on both sides. */
  #settled(name: string): void {
    this.source.holds.set(this.id, name);
    this.destination.holds.set(this.id, name);
    if (this.policy === 'vault') return;
    const { destination } = this;
    const gone = destination.snapshots.filter((each) => !this.source.find(each.name));
    for (const each of gone)
      if (!destination.isLocked(each.name) && !destination.isBase(each.name)) destination.drop(each.name);
  }
}
