import type { Randomness } from '@leeward/core';
import type { MemoryProcess } from './memory-process.ts';

/** Errors that calls to the world meet by chance. */
export interface CallFaults {
  /** Probability that a call fails before it reached the world. */
  readonly before: number;
  /** Probability that the world acted but the answer is lost: the caller gets an error all the same. */
  readonly after: number;
  error(method: string): Error;
}

/**
 * A door of the simulated world as one process sees it. Methods of the door that return promises get points
 * around the call; other members are passed through.
 */
export function linkToProcess<T extends object>(
  process: MemoryProcess,
  door: T,
  randomness: Randomness,
  faults?: CallFaults,
): T {
  const chance = (probability: number | undefined) => randomness.fraction() < (probability ?? 0);
  return new Proxy(door, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const label = String(member);
        const point = (moment: 'call' | 'answer') => process.reach({ flowId: '', label, moment });
        const call = async () => {
          await point('call');
          if (chance(faults?.before)) throw faults?.error(label);
          const answer = Promise.resolve(Reflect.apply(value, target, args));
          const settled = await Promise.allSettled([answer]);
          await point('answer');
          if (chance(faults?.after)) throw faults?.error(label);
          const [outcome] = settled;
          if (outcome.status === 'rejected') throw outcome.reason;
          return outcome.value;
        };
        return call();
      };
    },
  });
}
