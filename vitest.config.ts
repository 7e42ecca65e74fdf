import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { useCompileCache } from './tests/compile-cache.ts';
import { SlowestFirst } from './tests/slowest-first.ts';

useCompileCache();

/** Packages whose unit tests change nothing that a process has once: their files share the processes they run in. */
const together = ['cli', 'console', 'core', 'formats'];
/** Of these, the files that are about what a process has once. */
const apart = ['packages/cli/src/output/output.test.ts', 'packages/cli/src/watch/watch-run.test.ts'];

const testsOf = (names: readonly string[]) => names.map((name) => `packages/${name}/src/**/*.test.ts`);
const others = readdirSync(join(import.meta.dirname, 'packages')).filter((name) => !together.includes(name));

/** Unit, property and end-to-end tests: everything that needs nothing but Node. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    pool: 'forks',
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    testTimeout: 180_000,
    hookTimeout: 240_000,
    // Machines are shared: what is waited for may take a while, it must only come.
    expect: { poll: { timeout: 20_000 } },
    // More than cores: end-to-end tests wait much.
    maxWorkers: 4,
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'apart',
          include: [...testsOf(others), ...apart, 'tests/{e2e,kill,fuzz,scale,docs}/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'together', isolate: false, include: testsOf(together), exclude: apart },
      },
    ],
  },
});
