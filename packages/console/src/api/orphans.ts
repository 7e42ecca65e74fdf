/** What is of Leeward on vCenters and arrays and belongs to nothing any more. */
export interface FoundOrphans {
  readonly orphans: readonly {
    readonly systemName: string;
    readonly kind: string;
    readonly name: string;
    readonly runId: string;
  }[];
  /** What could not be looked at. */
  readonly problems: readonly string[];
}

export interface CleanedOrphans {
  readonly released: readonly string[];
  readonly orphansRemoved: readonly string[];
  readonly problems: readonly string[];
  readonly left: FoundOrphans;
}
