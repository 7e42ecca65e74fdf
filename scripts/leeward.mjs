#!/usr/bin/env node
// The `leeward` command in a clone (`npx leeward …`): set-up where needed, then the built command line.
process.argv.splice(2, 0, 'leeward');
await import('./run.mjs');
