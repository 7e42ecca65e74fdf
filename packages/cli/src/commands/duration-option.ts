import { InvalidArgumentError, Option } from 'commander';

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** An option that takes a length of time, `200ms`, `30s`, `5m`, `2h` or `3d`, as milliseconds. */
export function durationOption(flags: string, description: string, mostMs: number): Option {
  return new Option(flags, description).argParser((text) => parseDuration(text, mostMs));
}

/** Throws what commander shows of a wrong value. */
export function parseDuration(text: string, mostMs: number): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const value = Math.round(Number(digits) * (unitsMs[unit] ?? Number.NaN));
  if (digits === '' || !(value >= 1))
    throw new InvalidArgumentError('must be a length of time: 200ms, 30s, 5m, 2h or 3d.');
  if (value > mostMs) throw new InvalidArgumentError('is too long.');
  return value;
}
