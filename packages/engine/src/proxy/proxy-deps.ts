import type { Clock, Randomness } from '@leeward/core';
import type { Store } from '../store/store.ts';

/** What the flows of a proxy work with. */
export interface ProxyDeps {
  readonly store: Store;
  /** Checkpoints of reads under way lie here. */
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly randomness: Randomness;
}
