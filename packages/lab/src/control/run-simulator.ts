import { readFile } from 'node:fs/promises';
import { flushCompileCache } from 'node:module';

export interface RunningSimulator {
  readonly addresses: object;
  close(): Promise<void>;
}

/**
 * Runs a simulator as a process of its own: `main.ts CONFIG.json`. Prints one JSON line with its addresses when
 * ready; SIGTERM or SIGINT ends it, a failure to start does with status 1 and a message.
 */
export async function runSimulator(start: (config: unknown) => Promise<RunningSimulator>): Promise<void> {
  try {
    const [path] = process.argv.slice(2);
    if (path === undefined) throw new Error('usage: main.ts CONFIG.json');
    const simulator = await start(JSON.parse(await readFile(path, 'utf8')));
    let ending = false;
    const end = () => {
      if (ending) return;
      ending = true;
      void simulator.close().then(() => process.exit(0));
    };
    process.on('SIGTERM', end);
    process.on('SIGINT', end);
    process.stdout.write(`${JSON.stringify({ ready: true, ...simulator.addresses })}\n`);
    // Where Node keeps compiled code, now: a simulator is often killed.
    flushCompileCache();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
