const dayMs = 86_400_000;
/** Shorter tells nothing of the days to come. */
const leastDays = 2;
/** Further away nobody can say. */
const mostDays = 3_650;

/** What a job stored after its first run, which stores everything and is no measure of what comes. */
export interface JobGrowth {
  readonly repositoryId: string;
  readonly sinceMs: number;
  readonly storedBytes: number;
}

export interface RepositoryPlace {
  readonly repositoryId: string;
  /** Of the file system: repositories on one share its room. */
  readonly device: number;
  readonly freeBytes: number;
}

export interface Growth {
  /** By its jobs, each since its first run or the last two weeks; what a prune gave back is not taken off. */
  readonly storedPerDay: number;
  /** Days that the shortest of these times has. */
  readonly measuredDays: number;
  /** When its file system is full if all repositories there go on so; missing: not in the next ten years, or not known. */
  readonly fullBy?: string;
}

/**
 * How each repository grows, and until when there is room. Missing where one of its jobs has less than two days of
 * history: a rate of what the others store would be a number, and a wrong one.
 */
export function growthOf(
  jobs: readonly JobGrowth[],
  places: readonly RepositoryPlace[],
  nowMs: number,
): ReadonlyMap<string, Growth> {
  const used = Map.groupBy(jobs, ({ repositoryId }) => repositoryId);
  const rates = new Map([...used].map(([id, ofRepository]) => [id, rateOf(ofRepository, nowMs)] as const));
  const grown = new Map<string, Growth>();
  for (const { repositoryId, device, freeBytes } of places) {
    const rate = rates.get(repositoryId);
    if (!rate) continue;
    const here = places.filter((place) => place.device === device && used.has(place.repositoryId));
    const known = here.flatMap((place) => rates.get(place.repositoryId)?.storedPerDay ?? []);
    const full = known.length === here.length ? fullBy(freeBytes, sum(known), nowMs) : undefined;
    grown.set(repositoryId, { ...rate, ...(full === undefined ? {} : { fullBy: full }) });
  }
  return grown;
}

function rateOf(jobs: readonly JobGrowth[], nowMs: number): Omit<Growth, 'fullBy'> | undefined {
  const measured = jobs.map(({ sinceMs, storedBytes }) => ({ days: (nowMs - sinceMs) / dayMs, storedBytes }));
  const measuredDays = Math.min(...measured.map(({ days }) => days));
  if (measuredDays < leastDays) return undefined;
  return { storedPerDay: sum(measured.map(({ days, storedBytes }) => storedBytes / days)), measuredDays };
}

function fullBy(freeBytes: number, storedPerDay: number, nowMs: number): string | undefined {
  if (storedPerDay <= 0) return undefined;
  const days = freeBytes / storedPerDay;
  return days > mostDays ? undefined : new Date(nowMs + days * dayMs).toISOString();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
