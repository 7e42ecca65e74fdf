// Proves that arrows between packages point only downwards (DESIGN.md section 4), that vendor names stay inside their
// driver's folder, and that the product takes nothing from what is made for tests (its folders `testing` are not built:
// one has an initiator that can write). Exits 1 and names each offending line.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What each package may import, by layer. */
const allowed = {
  core: [],
  platform: ['core'],
  transports: ['core', 'platform'],
  formats: ['core', 'platform'],
  vsphere: ['core', 'platform'],
  arrays: ['core', 'platform'],
  repository: ['core', 'platform'],
  mover: ['core', 'platform', 'transports', 'formats', 'repository'],
  engine: ['core', 'platform', 'vsphere', 'arrays', 'mover', 'repository', 'transports', 'formats'],
  server: ['core', 'platform', 'engine'],
  cli: ['core', 'platform', 'server', 'lab'],
  console: ['core'],
  lab: ['core', 'platform', 'transports', 'formats'],
};

const vendorWords = /\b(ontap|netapp|nimble|snapmirror|primera|powerstore|flashsystem)\b/i;
const vendorHomes = [
  /^packages\/arrays\/src\/[^/]+\//,
  /^packages\/arrays\/src\/registry\.ts$/,
  /^packages\/lab\//,
];

const problems = [];

function* sources(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* sources(path);
    else if (/\.tsx?$/.test(path)) yield path;
  }
}

/** What a package may take for granted: named in its package.json and its tsconfig, so that a fresh clone builds. */
function declaredBy(home) {
  const read = (file) => JSON.parse(readFileSync(join(root, 'packages', home, file), 'utf8'));
  const named = new Set(Object.keys(read('package.json').dependencies ?? {}));
  const built = new Set(read('tsconfig.json').references.map(({ path }) => path));
  return (target) => named.has(`@leeward/${target}`) && built.has(`../${target}`);
}

function check(path, isDeclared) {
  const place = relative(root, path);
  const home = place.split('/')[1];
  const isTest = /\.test\.tsx?$/.test(place);
  const isForTests = isTest || place.split('/').includes('testing');
  const lines = readFileSync(path, 'utf8').split('\n');
  if (lines.length > 401) problems.push(`${place}: ${lines.length - 1} lines, the limit is 400`);
  lines.forEach((line, index) => {
    const where = `${place}:${index + 1}`;
    const target = /(?:from|import\(|import)\s*['"]@leeward\/([a-z]+)/.exec(line)?.[1];
    if (target && target !== home && !isTest && !allowed[home]?.includes(target))
      problems.push(`${where}: ${home} must not import ${target}`);
    if (target && target !== home && !isTest && !isDeclared(target))
      problems.push(`${where}: ${target} is not in the package.json and tsconfig.json of ${home}`);
    if (!isForTests && /(?:from|import\(|import)\s*['"][^'"]*\/testing\//.test(line))
      problems.push(`${where}: made for tests, not for the product`);
    const near = /(?:from|import\(|import)\s*['"](\.[^'"]*)['"]/.exec(line)?.[1];
    const nearPlace = near ? join(dirname(place), near) : '';
    const leaves = near && !nearPlace.startsWith(`packages/${home}/src/`);
    if (leaves && (!isTest || nearPlace.startsWith('packages/')))
      problems.push(`${where}: import packages by their name`);
    if (!isTest && vendorWords.test(line) && !vendorHomes.some((pattern) => pattern.test(place)))
      problems.push(`${where}: a vendor's name outside its driver: ${line.trim()}`);
  });
}

for (const name of readdirSync(join(root, 'packages'))) {
  if (!allowed[name]) problems.push(`packages/${name}: not in the table of layers`);
  const isDeclared = declaredBy(name);
  for (const path of sources(join(root, 'packages', name, 'src'))) check(path, isDeclared);
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(
  'layers: arrows point downwards, no vendor name outside its driver, nothing of tests in the product, no file over 400 lines',
);
