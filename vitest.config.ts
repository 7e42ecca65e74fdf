import { defineConfig } from 'vitest/config';

/** Unit, property and end-to-end tests: everything that needs nothing but Node. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tests/{e2e,kill,fuzz,scale,docs}/**/*.test.ts'],
    pool: 'forks',
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    testTimeout: 180_000,
    hookTimeout: 240_000,
    // Machines are shared: what is waited for may take a while, it must only come.
    expect: { poll: { timeout: 20_000 } },
    // One more than cores: end-to-end tests wait much.
    maxWorkers: 3,
  },
});
