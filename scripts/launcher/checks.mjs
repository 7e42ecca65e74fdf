// `npm run check`: all that must hold of the source, each check with one line.
import { join } from 'node:path';
import { modules, root } from './place.mjs';
import { productNode } from './product-node.mjs';
import { runStep, timed } from './run-step.mjs';

const tsc = join(modules, 'typescript', 'bin', 'tsc');

const biome = [
  join(modules, '@biomejs/biome/bin/biome'),
  process.env.CI ? 'ci' : 'check',
  '--colors=off',
  '.',
];

const checks = [
  ['format and lint', biome],
  ['types of the packages', [tsc, '-b']],
  ['types of the tests', [tsc, '-p', 'tsconfig.tests.json']],
  ['layers', [join(root, 'scripts/check-layers.mjs')]],
  ['error documentation', ['--conditions=source', join(root, 'scripts/errors-doc.mjs'), '--check']],
  ['unused code', [join(modules, 'knip/bin/knip.js'), '--no-progress']],
];

/** Runs every check, also after one that failed. Resolves to the exit code. */
export async function runChecks() {
  let failed = 0;
  for (const [name, argv] of checks) {
    const { result, seconds } = await timed(() => runStep(productNode(), argv));
    const isOk = result.code === 0;
    console.log(`${isOk ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
    if (isOk) continue;
    failed++;
    console.log(result.output.trim());
  }
  console.log(failed === 0 ? 'All checks hold.' : `${failed} of ${checks.length} checks failed.`);
  return failed === 0 ? 0 : 1;
}
