import { performance } from 'node:perf_hooks';
import { addStageTimes, noStageTimes, type Stage, type StageTimes } from '@leeward/core/words/stage-times';

/** Of a thread since it began: how long it worked, and how long it had nothing to do. Milliseconds. */
export interface ThreadTimes {
  readonly active: number;
  readonly idle: number;
}

/**
 * Tells for what a thread waits. Work is work, whatever is waited for meanwhile; only the time in which the thread has
 * nothing to do counts as waiting. It is shared evenly among what the thread has in hand, each for what that waits for.
 */
export class StageClock {
  readonly #threadTimes: () => ThreadTimes;
  readonly #inHand = new Set<WorkInHand>();
  #last: ThreadTimes;

  /** By default those of the event loop of the thread that calls. */
  constructor(threadTimes: () => ThreadTimes = () => performance.eventLoopUtilization()) {
    this.#threadTimes = threadTimes;
    this.#last = threadTimes();
  }

  /** From now on something is in hand, until it `ends`. */
  begin(stage: Stage): WorkInHand {
    this.#settle();
    const work = new WorkInHand(stage, {
      settle: () => this.#settle(),
      end: () => this.#inHand.delete(work),
    });
    this.#inHand.add(work);
    return work;
  }

  /** Everything that stands now has stood since the last change. */
  #settle(): void {
    const now = this.#threadTimes();
    const share = 1 / Math.max(1, this.#inHand.size);
    const activeMs = (now.active - this.#last.active) * share;
    const idleMs = (now.idle - this.#last.idle) * share;
    this.#last = now;
    for (const work of this.#inHand) work.passed(activeMs, idleMs);
  }
}

/** One batch, or one flush, of those that a thread has in hand. */
export class WorkInHand {
  readonly #clock: { readonly settle: () => void; readonly end: () => void };
  #stage: Stage;
  #times = noStageTimes;

  constructor(stage: Stage, clock: { readonly settle: () => void; readonly end: () => void }) {
    this.#stage = stage;
    this.#clock = clock;
  }

  /** What it waits for from now on, when it waits. */
  enter(stage: Stage): void {
    this.#clock.settle();
    this.#stage = stage;
  }

  /** Idempotent. Where its time went. */
  end(): StageTimes {
    this.#clock.settle();
    this.#clock.end();
    return this.#times;
  }

  passed(activeMs: number, idleMs: number): void {
    const waited = { ...noStageTimes, [`${this.#stage}Ms`]: idleMs };
    this.#times = addStageTimes([this.#times, waited, { ...noStageTimes, proxyMs: activeMs }]);
  }
}
