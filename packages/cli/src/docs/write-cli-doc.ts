import { readFileSync, writeFileSync } from 'node:fs';
import { systemClock } from '@leeward/platform';
import { createProgram } from '../program.ts';
import { cliDocument } from './cli-doc.ts';

// Writes docs/cli.md; with `--check` it writes nothing and fails when the page is not what it would write.
const page = new URL('../../../../docs/cli.md', import.meta.url);
const text = cliDocument(createProgram({ clock: systemClock }));
if (!process.argv.includes('--check')) writeFileSync(page, text);
else if (readFileSync(page, 'utf8') !== text) {
  process.stderr.write(
    'docs/cli.md is not up to date: node --conditions=source packages/cli/src/docs/write-cli-doc.ts\n',
  );
  process.exitCode = 1;
}
