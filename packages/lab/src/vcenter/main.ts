import { readFile } from 'node:fs/promises';
import { flushCompileCache } from 'node:module';
import { vcenterConfigSchema } from './config.ts';
import { startVcenterSimulator } from './simulator.ts';

/**
 * The simulated vCenter as a process: `node main.ts CONFIG.json`. Prints one JSON line with ports and certificate
 * when it is ready; SIGTERM or SIGINT ends it.
 */
const [path] = process.argv.slice(2);
if (path === undefined) {
  process.stderr.write('usage: main.ts CONFIG.json\n');
  process.exit(2);
}
const config = vcenterConfigSchema.parse(JSON.parse(await readFile(path, 'utf8')));
const simulator = await startVcenterSimulator(config);
const { port, controlPort, fingerprintSha256, certificatePem, hostDoors } = simulator;
const seen = { port, controlPort, fingerprintSha256, certificatePem, hostDoors };
const ready = { ready: true, name: config.name, ...seen };
process.stdout.write(`${JSON.stringify(ready)}\n`);
// Where Node keeps compiled code, now: a simulator is often killed.
flushCompileCache();

let isEnding = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => {
    if (isEnding) return;
    isEnding = true;
    simulator.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  });
