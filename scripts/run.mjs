// The launcher: sets everything up and runs the product, from a fresh clone, with nothing but Node and npm.
// No dependencies; runs on Node 20.19 and later. `node scripts/run.mjs VERB [arguments]`.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Leeward needs Node 20.19 or later to set itself up; this is Node ${process.versions.node} (${process.execPath}).\n` +
      'Install a newer Node (https://nodejs.org) and run the same command again. Nothing was changed.',
  );
  process.exit(1);
}
const { main } = await import('./launcher/main.mjs');
await main(process.argv.slice(2));
