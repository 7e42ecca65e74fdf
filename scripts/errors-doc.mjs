// Writes docs/errors.md from the error catalogue: `node scripts/run.mjs errors-doc`, or, with Node 24,
// `node --conditions=source scripts/errors-doc.mjs`. With `--check` it writes nothing and fails when the
// document is not what it would write.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '@leeward/core';
import { root } from './launcher/place.mjs';

const areas = {
  CFG: 'Configuration: what users enter and set up',
  AUT: 'Access: users, tokens, HTTPS and the key of stored passwords',
  API: 'The HTTP API: lists, idempotency keys, conditional requests',
  PLN: 'Planning',
  SRC: 'Source selection and downgrades',
  RUN: 'Runs, flows and waits',
  SCH: 'Schedules',
  NTF: 'Notifications and reports',
  RET: 'Chains of storage snapshots and their retention',
  VC: 'vCenter and ESXi',
  ARR: 'Storage arrays and their relations',
  NET: 'Wire protocols of the data path',
  BLK: 'Block devices over iSCSI',
  FMT: 'Disk formats',
  PRX: 'Proxies',
  REP: 'The repository',
  OPS: 'The server itself: its configuration as a file, its backup and restore',
};

const intro = `# Errors and warnings

Everything that Leeward can report, by code. A code never changes its meaning. Words in braces, like \`{file}\`, are
filled in with the case at hand.

*Repeating* tells what Leeward does by itself: "may help" means that it tries again within the bounds of the step
before it reports; "cannot help" means that it reports at once. *Exit class* is the class of the command line's exit
code.

This page is generated from the catalogue (\`packages/core/src/errors\`): change it there, then run
\`node scripts/run.mjs errors-doc\`.
`;

const areaOf = (code) => code.split('-')[1];
const escaped = (text) => text.replace(/[\\`*_<>|[\]]/g, '\\$&');

function section(code) {
  const { severity, exit, permanent, what, data, next } = catalogue[code];
  return [
    `### ${code}`,
    '',
    `${escaped(what)}`,
    '',
    `- **Your data:** ${escaped(data)}`,
    `- **What to do:** ${escaped(next)}`,
    `- **Severity:** ${severity}. **Repeating:** ${permanent ? 'cannot help' : 'may help'}. **Exit class:** ${exit}.`,
    '',
  ].join('\n');
}

function render() {
  const codes = Object.keys(catalogue).sort();
  const unknown = codes.filter((code) => !Object.hasOwn(areas, areaOf(code)));
  if (unknown.length > 0)
    throw new Error(`no title in scripts/errors-doc.mjs for the area of ${unknown.join(', ')}`);
  const parts = Object.entries(areas).map(([area, title]) => {
    const own = codes.filter((code) => areaOf(code) === area);
    return own.length === 0 ? '' : `\n## ${area}: ${title}\n\n${own.map(section).join('\n')}`;
  });
  return `${intro}${parts.join('')}`;
}

const target = join(root, 'docs', 'errors.md');
const wanted = render();
const present = existsSync(target) ? readFileSync(target, 'utf8') : '';
if (process.argv.includes('--check')) {
  if (present !== wanted) {
    const headings = new Set([...present.matchAll(/^### (\S+)/gm)].map(([, code]) => code));
    const missing = Object.keys(catalogue).filter((code) => !headings.has(code));
    const extra = [...headings].filter((code) => !Object.hasOwn(catalogue, code));
    console.error('docs/errors.md is not what the catalogue says. Run `node scripts/run.mjs errors-doc`.');
    if (missing.length > 0) console.error(`  not documented: ${missing.join(', ')}`);
    if (extra.length > 0) console.error(`  documented, but not in the catalogue: ${extra.join(', ')}`);
    process.exit(1);
  }
  console.log(`docs/errors.md and the catalogue are the same ${Object.keys(catalogue).length} entries`);
} else if (present !== wanted) {
  writeFileSync(target, wanted);
  console.log(`wrote docs/errors.md, ${Object.keys(catalogue).length} entries`);
} else {
  console.log('docs/errors.md is up to date');
}
