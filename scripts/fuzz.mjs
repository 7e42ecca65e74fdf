// `npm run fuzz`: a long run of all fuzzers, or of those whose file is named. Run by the product's Node.
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const usage = `npm run fuzz -- [--seconds N | --runs N] [--seed N] [part of a file's name ...]

Tries every property of tests/fuzz with new inputs, for N seconds each (60 if nothing is said) or N runs each.
Prints the seeds. What fails is kept in tests/fuzz/seeds; from then on every "npm test" tries it again.
--seed repeats an earlier run (with the same --runs).`;

/** The longest delay that a timer takes: the runs end by themselves. */
const noTimeoutMs = 2 ** 31 - 1;

const { values, positionals } = readArguments();
process.env.LEEWARD_FUZZ_SECONDS = values.seconds ?? (values.runs === undefined ? '60' : '');
process.env.LEEWARD_FUZZ_RUNS = values.runs ?? '';
process.env.LEEWARD_FUZZ_SEED = values.seed ?? '';
const filters = positionals.length > 0 ? positionals.map((name) => `tests/fuzz/${name}`) : ['tests/fuzz/'];
const vitest = await startVitest('test', filters, { watch: false, testTimeout: noTimeoutMs });
await vitest.close();

function readArguments() {
  try {
    const option = { type: 'string' };
    const options = { seconds: option, runs: option, seed: option, help: { type: 'boolean' } };
    const read = parseArgs({ options, allowPositionals: true });
    const wrong = ['seconds', 'runs', 'seed'].find((name) => !/^\d{1,9}$/.test(read.values[name] ?? '0'));
    if (wrong) throw new Error(`--${wrong} takes a whole number, not "${read.values[wrong]}".`);
    if (!read.values.help) return read;
    console.log(usage);
    process.exit(0);
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}
