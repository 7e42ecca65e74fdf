/** Switches of a job that decide what a failure leads to; all off by default. */
export interface Switches {
  readonly failoverToPrimary: boolean;
  readonly failoverToStandard: boolean;
  readonly failOnDowngrade: boolean;
  /** Of synchronous relations: a VM whose secondary is lost later is finished on the primary. */
  readonly finishOnPrimary: boolean;
}

export type Source = 'secondary' | 'primary' | 'standard';

/** What a run must come to. */
export interface Expectation {
  /** `none`: the VM gets no point. */
  readonly source: Source | 'none';
  readonly state: 'success' | 'failed';
  /** Codes of the VM's problem, of the run and of its events, each once, in order. */
  readonly codes: readonly string[];
  /** Code of the cause that the downgrade names as its reason; empty without a downgrade. */
  readonly reason: string;
  /**
   * What of ours is on vCenter and arrays when the run is over, apart from the chains: `none`, or what an array that
   * stays away keeps and the janitor takes once it is back.
   */
  readonly leftovers: 'none' | 'until the array is back';
}
