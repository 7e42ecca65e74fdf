import { randomInt } from 'node:crypto';

/** How long each property is tried: `npm run fuzz` sets these, `npm test` leaves them unset. */
export interface FuzzSettings {
  /** A long run: properties are tried for so many seconds, or so many runs, whichever ends first. */
  readonly long: boolean;
  readonly seconds: number | undefined;
  readonly runs: number | undefined;
  /** Of the first batch of runs; the following ones count up from it. */
  readonly firstSeed: number;
}

/** Reads `LEEWARD_FUZZ_SECONDS`, `LEEWARD_FUZZ_RUNS` and `LEEWARD_FUZZ_SEED`; throws on what is no whole number. */
export function fuzzSettings(environment: NodeJS.ProcessEnv = process.env): FuzzSettings {
  const seconds = wholeNumber(environment, 'LEEWARD_FUZZ_SECONDS');
  const runs = wholeNumber(environment, 'LEEWARD_FUZZ_RUNS');
  return {
    long: seconds !== undefined || runs !== undefined,
    seconds,
    runs,
    firstSeed: wholeNumber(environment, 'LEEWARD_FUZZ_SEED') ?? randomInt(2 ** 31),
  };
}

function wholeNumber(environment: NodeJS.ProcessEnv, name: string): number | undefined {
  const text = environment[name] ?? '';
  if (text === '') return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new Error(`${name} is "${text}", which is no whole number`);
  return Number(text);
}
