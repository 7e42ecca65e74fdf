/**
 * The portals in the order in which a reader tries them: by rank, and within each rank each reader begins at another
 * one, so that readers that begin at the first share those that are equally good. None is left out. Portals without a
 * rank have 0. `reader`: 0, 1, ….
 */
export function spreadPortals<P extends { readonly rank?: number | undefined }>(
  portals: readonly P[],
  reader: number,
): P[] {
  const byRank = [...Map.groupBy(portals, ({ rank = 0 }) => rank)].sort(([a], [b]) => a - b);
  return byRank.flatMap(([, equal]) => {
    const first = reader % equal.length;
    return [...equal.slice(first), ...equal.slice(0, first)];
  });
}
