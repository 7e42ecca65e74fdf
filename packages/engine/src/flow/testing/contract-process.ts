import { access, appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@leeward/platform';
import { z } from 'zod';
import { createDbosEngine } from '../dbos/dbos-engine.ts';
import { contractFlows, member } from './contract-flows.ts';

/** The program of one process of the contract suite: runs the contract's flows until it is told to stop. */
const optionsSchema = z.object({
  databaseUrl: z.string(),
  name: z.string(),
  queues: z.array(z.string()),
  folder: z.string(),
  timing: z.record(z.string(), z.number()),
});
const { databaseUrl, name, queues, folder, timing } = optionsSchema.parse(
  JSON.parse(process.argv[2] ?? '{}'),
);

const engine = createDbosEngine({
  databaseUrl,
  executorId: name,
  applicationVersion: 'contract',
  listenQueues: queues,
  defaultQueue: `${name}-own`,
  clock: systemClock,
  timing,
});
engine.register(
  ...contractFlows({
    place: name,
    did: (what) => appendFile(join(folder, 'marks'), `${what} @${name}\n`),
    start: (id) => engine.start(member, id, id, { queue: 'work' }),
    gate: async (gate, signal) => {
      for (;;) {
        const isOpen = await access(join(folder, gateFile(gate))).then(
          () => true,
          () => false,
        );
        if (isOpen) return;
        await systemClock.sleep(20, signal);
      }
    },
  }),
);
await engine.launch();
process.on('SIGTERM', () => void engine.shutdown().then(() => process.exit(0)));
process.send?.('ready');

function gateFile(gate: string): string {
  return `gate-${encodeURIComponent(gate)}`;
}
