import { systemClock, systemRandomness } from '@leeward/platform';
import { runSimulator } from '../control/run-simulator.ts';
import { ontapConfigSchema } from './config.ts';
import { startOntapSimulator } from './simulator.ts';

await runSimulator((config) =>
  startOntapSimulator(ontapConfigSchema.parse(config), { clock: systemClock, randomness: systemRandomness }),
);
