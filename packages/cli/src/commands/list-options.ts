import { InvalidArgumentError, Option } from 'commander';

/** A time as `2026-11-26` or `2026-11-26T10:00Z`, as ISO time. */
export function timeOption(flags: string, description: string): Option {
  return new Option(flags, `${description}, as 2026-11-26 or 2026-11-26T10:00Z`).argParser((text) => {
    const ms = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(ms)) throw new InvalidArgumentError('must be a time: 2026-11-26 or 2026-11-26T10:00Z.');
    return new Date(ms).toISOString();
  });
}

/** Largest page that the server gives. */
const largestPage = 500;

/** Path of a list with what is given of `filter`, of several values each; pages no larger than what is wanted in all. */
export function listPath(path: string, filter: object, atMost = largestPage): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filter, limit: Math.min(atMost, largestPage) }))
    if (value !== undefined) for (const each of [value].flat()) query.append(name, String(each));
  return `${path}?${query}`;
}
