const dayMs = 86_400_000;
/** Further away nobody can say. */
const mostDays = 3_650;

/** When a repository is full if it goes on to grow as in the last day; undefined: not in the next ten years. */
export function fullBy(freeBytes: number, storedPerDay: number, nowMs: number): string | undefined {
  if (storedPerDay <= 0) return undefined;
  const days = freeBytes / storedPerDay;
  return days > mostDays ? undefined : new Date(nowMs + days * dayMs).toISOString();
}
