// What each verb of the launcher runs.
import { join } from 'node:path';
import { runChecks } from './checks.mjs';
import { FriendlyError, friendly } from './friendly-error.mjs';
import { compileCache, root } from './place.mjs';
import { productNode } from './product-node.mjs';
import { endLikeChild, runLikeExec } from './run-like-exec.mjs';
import { setUp } from './set-up.mjs';

const cli = join(root, 'packages/cli/dist/main.js');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');

/** Verbs: the arguments for Node, and whether the user's or the clone's folder is the working one. */
const verbs = {
  start: (args) => ({ argv: [cli, 'server', 'start', ...args], cwd: userFolder() }),
  demo: (args) => ({ argv: [cli, 'demo', ...args], cwd: userFolder() }),
  leeward: (args) => ({ argv: [cli, ...args], cwd: userFolder() }),
  test: (args) => ({ argv: [vitest, 'run', ...args], cwd: root }),
  interop: (args) => ({
    argv: [vitest, 'run', '--config', join(root, 'vitest.interop.config.ts'), ...args],
    cwd: root,
  }),
  'test-browser': (args) => ({
    argv: [vitest, 'run', '--config', join(root, 'vitest.browser.config.ts'), ...args],
    cwd: root,
  }),
  screenshots: (args) => ({
    argv: [
      ...['--conditions=source', '--disable-warning=ExperimentalWarning'],
      ...[join(root, 'tests/browser/screenshots.ts'), ...args],
    ],
    cwd: userFolder(),
  }),
  fuzz: (args) => ({ argv: [join(root, 'scripts/fuzz.mjs'), ...args], cwd: root }),
  'errors-doc': (args) => ({
    argv: ['--conditions=source', join(root, 'scripts/errors-doc.mjs'), ...args],
    cwd: root,
  }),
  rules: (args) => ({
    argv: [
      // The table is executed on the product as it is built.
      ...['--disable-warning=ExperimentalWarning', join(root, 'scripts/rules.mjs'), ...args],
    ],
    cwd: userFolder(),
  }),
  bench: (args) => benchmark('main', args),
  'bench-api': (args) => benchmark('api', args),
  'bench-clients': (args) => benchmark('clients', args),
  'bench-live': (args) => benchmark('live', args),
  'bench-vmfs': (args) => benchmark('vmfs', args),
};

/** Verbs that show the console: they try again to build one that could not be built. */
const withConsole = ['start', 'test-browser', 'screenshots'];

/** Ends the process with the exit code (or the signal) of what the verb ran. */
export async function main([verb = '', ...args]) {
  try {
    if (verb === 'check') {
      await setUp();
      process.exitCode = await runChecks();
      return;
    }
    const plan = Object.hasOwn(verbs, verb) ? verbs[verb](args) : unknownVerb(verb);
    await setUp({ needsConsole: withConsole.includes(verb) });
    // Every process of the product starts sooner when its code need not be compiled again.
    const env = { NODE_COMPILE_CACHE: compileCache, ...process.env };
    endLikeChild(await runLikeExec(productNode(), plan.argv, { cwd: plan.cwd, env }));
  } catch (error) {
    console.error(friendly(error));
    process.exitCode = 1;
  }
}

function benchmark(name, args) {
  return { argv: ['--conditions=source', join(root, `bench/${name}.ts`), ...args], cwd: userFolder() };
}

function unknownVerb(verb) {
  const list = [...Object.keys(verbs), 'check'].join(', ');
  throw new FriendlyError(`"${verb}" is not a verb of the launcher; there are: ${list}.`);
}

/** Where the user stands: npm runs scripts in the clone's folder and tells the user's by INIT_CWD. */
function userFolder() {
  const byOurNpm = process.env.npm_package_json === join(root, 'package.json');
  return (byOurNpm && process.env.INIT_CWD) || process.cwd();
}
