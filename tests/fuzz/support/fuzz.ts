import { relative } from 'node:path';
import fc from 'fast-check';
import { type FuzzSettings, fuzzSettings } from './fuzz-settings.ts';
import { type KeptSeed, KeptSeeds } from './kept-seeds.ts';

type Property<Ts extends [unknown, ...unknown[]]> = fc.IAsyncProperty<Ts> | fc.IProperty<Ts>;

/** A found input may be megabytes; its beginning is enough to know it again. */
const shownCharacters = 1_000;

export interface Fuzzer {
  readonly settings: FuzzSettings;
  readonly seeds: KeptSeeds;
  readonly print: (line: string) => void;
}

/**
 * Tries a property: first the kept seeds of `name`, then `runs` runs of a new seed. In a long run (`npm run fuzz`)
 * batches of `runs` follow until the time or the number of runs is over; what fails there is kept. Throws the report
 * of the first failure, with its seed.
 */
export async function fuzzWith<Ts extends [unknown, ...unknown[]]>(
  { settings, seeds, print }: Fuzzer,
  name: string,
  property: Property<Ts>,
  runs: number,
): Promise<void> {
  for (const kept of seeds.of(name)) await replay(property, kept, runs);
  const { long, seconds, firstSeed } = settings;
  if (!long) return demand(await fc.check(property, { numRuns: runs, seed: firstSeed }));
  const endAtMs = seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + seconds * 1000;
  let left = settings.runs ?? Number.POSITIVE_INFINITY;
  let seed = firstSeed;
  let done = 0;
  print(`fuzz: ${name}: from seed ${firstSeed}`);
  for (; left > 0 && performance.now() < endAtMs; seed++) {
    const leftMs = endAtMs - performance.now();
    const details = await fc.check(property, {
      numRuns: Math.min(runs, left),
      seed,
      ...(Number.isFinite(leftMs) ? { interruptAfterTimeLimit: Math.max(1, leftMs) } : {}),
    });
    if (failed(details)) {
      const file = seeds.keep(name, foundBy(details));
      print(`fuzz: ${name}: FAILED with seed ${seed}, kept in ${relative(process.cwd(), file)}`);
    }
    demand(details);
    done += details.numRuns;
    left -= details.numRuns;
  }
  print(`fuzz: ${name}: ${done} runs, seeds ${firstSeed} to ${seed - 1}: nothing found`);
}

const fuzzer = {
  settings: fuzzSettings(),
  seeds: new KeptSeeds(),
  print: (line: string) => console.log(line),
};

/** `fuzzWith` the settings of the environment and the seeds in `tests/fuzz/seeds`. */
export const fuzz = <Ts extends [unknown, ...unknown[]]>(
  name: string,
  property: Property<Ts>,
  runs: number,
): Promise<void> => fuzzWith(fuzzer, name, property, runs);

/** A counterexample, or all runs of the seed where the inputs are made in another way since. */
async function replay<Ts extends [unknown, ...unknown[]]>(
  property: Property<Ts>,
  { seed, path, runs: keptRuns }: KeptSeed,
  runs: number,
): Promise<void> {
  const numRuns = keptRuns ?? runs;
  if (path !== undefined) {
    try {
      return demand(await fc.check(property, { seed, path, endOnFailure: true, numRuns }));
    } catch (error) {
      if (!(error instanceof Error && /wrong path/.test(error.message))) throw error;
    }
  }
  demand(await fc.check(property, { seed, numRuns }));
}

function foundBy<Ts>({ seed, counterexamplePath, counterexample }: fc.RunDetails<Ts>): KeptSeed {
  const note = fc.stringify(counterexample).slice(0, shownCharacters);
  return { seed, ...(counterexamplePath === null ? {} : { path: counterexamplePath }), note };
}

/** No failure: the time was over before the first run of a batch ended. */
function failed<Ts>({ failed, interrupted, counterexample }: fc.RunDetails<Ts>): boolean {
  return failed && !(interrupted && counterexample === null);
}

function demand<Ts>(details: fc.RunDetails<Ts>): void {
  if (failed(details)) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
}
