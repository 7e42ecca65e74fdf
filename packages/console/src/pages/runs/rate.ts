export interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

/** Bytes per second between the first and the last sample; 0 where that cannot be told. */
export function rateOf(samples: readonly Sample[]): number {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last || last.atMs - first.atMs < 500) return 0;
  return Math.max(0, ((last.bytes - first.bytes) * 1_000) / (last.atMs - first.atMs));
}
