import type { Site } from '../../e2e/support/site.ts';

/** What was done to the lab, and to the job, for one row. */
export interface Planted {
  /** Settings of the job that belong to the cause. */
  readonly job?: object;
  /** What happens while the run goes on; ends before the run or with it. */
  meanwhile?(runId: string): Promise<void>;
  /** Undoes it. Called once, when the run is over. */
  heal?(): Promise<void>;
}

/** Where a cause is planted. */
export interface Ground {
  readonly site: Site;
  /** Name of the VM, its datastore and its primary volume. */
  readonly volume: string;
}

/** How the causes of the table are brought about in the simulators of a family, by the cause's id. */
export type Planter = (ground: Ground) => Promise<Planted>;
