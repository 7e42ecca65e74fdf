import type { ShiftingClock } from '../../control/shifting-clock.ts';
import type { Group } from '../model/group.ts';
import type { Schedule, SnapshotCollection } from '../model/objects.ts';
import { ApiError } from '../rest/api-error.ts';
import { takeCollection } from './collection-operations.ts';
import { applyRetention, expire } from './retention.ts';
import { nextTime, scheduledName } from './schedule-times.ts';

const tickMs = 250;

/** Takes what schedules want, ages it, and removes what has outlived its time. */
export class Scheduler {
  readonly #group: Group;
  readonly #clock: ShiftingClock;
  readonly #taken: (collection: SnapshotCollection) => void;
  readonly #stop = new AbortController();

  constructor(group: Group, clock: ShiftingClock, taken: (collection: SnapshotCollection) => void) {
    this.#group = group;
    this.#clock = clock;
    this.#taken = taken;
  }

  start(): void {
    void this.#run().catch(() => undefined);
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.tick();
      // Always the same real pause, however fast the clock runs.
      await this.#clock.sleep(tickMs * this.#clock.speed, this.#stop.signal);
    }
  }

  tick(): void {
    const now = this.#group.clock.now();
    for (const schedule of this.#group.schedules.values()) {
      if (schedule.type !== 'regular' || this.#group.isReplica(schedule.volumeCollection)) continue;
      if (schedule.nextSnapMs === 0) schedule.nextSnapMs = nextTime(schedule, now);
      if (schedule.nextSnapMs <= now) this.take(schedule);
    }
    expire(this.#group);
  }

  /**
   * One storage snapshot of this schedule, now. Undefined when the system can't, as on an empty collection.
   * `offsetMs` keeps names apart that are taken in the same millisecond.
   */
  take(schedule: Schedule, offsetMs = 0): SnapshotCollection | undefined {
    const now = this.#group.clock.now() + offsetMs;
    const { volumeCollection, partner } = schedule;
    schedule.nextSnapMs = nextTime(schedule, now);
    try {
      const collection = takeCollection(this.#group, volumeCollection, {
        name: scheduledName(volumeCollection.name, schedule.name, now),
        isManual: false,
        schedule,
        ...(partner && ++schedule.taken % schedule.replicateEvery === 0
          ? { replicate: true, replicateTo: partner.name }
          : {}),
      });
      schedule.lastSnapMs = now;
      applyRetention(this.#group, schedule);
      this.#taken(collection);
      return collection;
    } catch (error) {
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  }

  stop(): void {
    this.#stop.abort();
  }
}
