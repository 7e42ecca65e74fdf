import type { Clock, Randomness } from '@leeward/core';
import type { BackupSession } from '@leeward/mover';
import type { Store } from '../store/store.ts';
import type { SharedSessions } from './shared-sessions.ts';

/** What the flows of a proxy work with. */
export interface ProxyDeps {
  readonly store: Store;
  /** Checkpoints of reads under way lie here. */
  readonly dataFolder: string;
  readonly sessions: SharedSessions<BackupSession>;
  readonly clock: Clock;
  readonly randomness: Randomness;
}
