/** How far apart the storage snapshots of one VM are. */
export interface Skew {
  /** Number of moments at which its volumes were frozen; 1: all at one instant. */
  readonly instants: number;
  /** Between the first and the last of them: never less, and never more. Milliseconds, both 0 for one instant. */
  readonly atLeastMs: number;
  readonly atMostMs: number;
}

/** What is known of the moment at which an array froze volumes. */
export interface KnownInstant {
  /** By the clock of that array, rounded down to `grainMs`. */
  readonly created?: { readonly atMs: number; readonly grainMs: number };
  /** By ours: somewhere between the two. */
  readonly measured?: { readonly fromMs: number; readonly toMs: number };
}

/**
 * The span between the first and the last of these moments. An array's own times count among moments of that array
 * only, since its clock goes by itself; ours count where all moments were measured. Both bounds come from whatever
 * tells more.
 * @param instants one for each moment, with the array that it was on
 * @param within our clock: no moment was before or after; for those that nothing else is known of
 */
export function skewOf(
  instants: readonly (KnownInstant & { readonly arrayId: string })[],
  within: { readonly fromMs: number; readonly toMs: number },
): Skew {
  if (instants.length <= 1) return { instants: instants.length, atLeastMs: 0, atMostMs: 0 };
  const windows = instants.map(({ measured }) => measured ?? within);
  const bounds = [between(windows)];
  const times = instants.flatMap(({ created }) => created ?? []);
  const isOneClock = new Set(instants.map(({ arrayId }) => arrayId)).size === 1;
  if (isOneClock && times.length === instants.length)
    bounds.push(between(times.map(({ atMs, grainMs }) => ({ fromMs: atMs, toMs: atMs + grainMs }))));
  const atMostMs = Math.min(...bounds.map((bound) => bound.atMostMs));
  const atLeastMs = Math.min(atMostMs, Math.max(...bounds.map((bound) => bound.atLeastMs)));
  return { instants: instants.length, atLeastMs, atMostMs };
}

/** The first moment is not after the earliest end, the last not before the latest start. */
function between(windows: readonly { readonly fromMs: number; readonly toMs: number }[]) {
  const starts = windows.map(({ fromMs }) => fromMs);
  const ends = windows.map(({ toMs }) => toMs);
  return {
    atLeastMs: Math.max(0, Math.round(Math.max(...starts) - Math.min(...ends))),
    atMostMs: Math.round(Math.max(...ends) - Math.min(...starts)),
  };
}
