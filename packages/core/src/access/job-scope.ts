/**
 * What somebody is limited to: jobs, and what is of them (runs, points, chains, restores). Names or ids of jobs; in names
 * `*` stands for any text, also none.
 */
export interface JobScope {
  readonly jobs: readonly string[];
}

interface NamedJob {
  readonly id: string;
  readonly name: string;
}

/** Whether a job is in all of the scopes; in none is everything. */
export function isWithin({ id, name }: NamedJob, scopes: readonly JobScope[]): boolean {
  return scopes.every(({ jobs }) => jobs.some((each) => each === id || fits(name, each)));
}

/** As texts say it: `tenant-a-*, nightly`. */
export function scopeText(scopes: readonly JobScope[]): string {
  return scopes.map(({ jobs }) => jobs.join(', ')).join('; and of these: ');
}

/** In time that grows with the length only, whatever the pattern: it comes from users. */
function fits(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
