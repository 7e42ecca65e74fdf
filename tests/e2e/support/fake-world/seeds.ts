/** A single seed by `LEEWARD_SEED`, for a closer look at it. */
export const onlySeed = process.env['LEEWARD_SEED'];

/** The seeds to simulate: `count` of them, more by `LEEWARD_SEEDS`, or the single one. */
export function seedsToSimulate(count: number): number[] {
  if (onlySeed !== undefined) return [Number(onlySeed)];
  return Array.from({ length: Number(process.env['LEEWARD_SEEDS'] ?? count) }, (_, at) => at + 1);
}
