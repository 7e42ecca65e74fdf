import type { Clock, Randomness } from '@leeward/core';
import type { RunScript } from '../scripts/run-script.ts';
import type { Store } from '../store/store.ts';
import type { Doors } from '../systems/doors.ts';

/** What the backup flows work with. */
export interface BackupDeps {
  readonly store: Store;
  readonly doors: Doors;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Runs the scripts of jobs; by default programs of this host. */
  readonly runScript?: RunScript;
}
