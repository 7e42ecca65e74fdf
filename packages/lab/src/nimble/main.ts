import { readFile } from 'node:fs/promises';
import { systemClock, systemRandomness } from '@leeward/platform';
import { nimbleConfigSchema } from './config.ts';
import { iscsiDataPort } from './lun/iscsi-port.ts';
import { startNimbleSimulator } from './simulator.ts';

/**
 * One simulated group as a process of its own: `main.ts CONFIG.json`. Prints one JSON line with its addresses
 * when ready; SIGTERM or SIGINT ends it.
 */
async function main(): Promise<void> {
  const [path] = process.argv.slice(2);
  if (path === undefined) throw new Error('usage: main.ts CONFIG.json');
  const config = nimbleConfigSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  const deps = { clock: systemClock, randomness: systemRandomness };
  const simulator = await startNimbleSimulator(config, { ...deps, dataPort: iscsiDataPort(deps) });
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    void simulator.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.stdout.write(`${JSON.stringify({ ready: true, ...simulator.addresses })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
