import { systemClock, systemRandomness } from '@leeward/platform';
import { runSimulator } from '../control/run-simulator.ts';
import { iscsiDataPort } from '../san/iscsi-port.ts';
import { nimbleConfigSchema } from './config.ts';
import { startNimbleSimulator } from './simulator.ts';

const deps = { clock: systemClock, randomness: systemRandomness };
await runSimulator((config) =>
  startNimbleSimulator(nimbleConfigSchema.parse(config), { ...deps, dataPort: iscsiDataPort(deps) }),
);
