import { ControlClient, isRunning, labProcesses, startLab } from '@leeward/lab';
import { systemClock, systemRandomness } from '@leeward/platform';
import { Site } from './site.ts';
import { until } from './until.ts';

/** A site over four clusters in a row, see `cascadeDatacentre`. */
export function startCascadeSite(size: number): Promise<Site> {
  return Site.over(async (folder) => {
    const common = { clock: systemClock, randomness: systemRandomness, onNote: () => undefined };
    const lab = await startLab({ ...common, folder, size, scenario: 'cascade' });
    const [primary, secondary] = lab.arrays;
    if (!primary || !secondary) throw new Error('the clusters did not start');
    return {
      ...lab,
      doors: {
        vcenter: new ControlClient(lab.vcenter.control),
        primary: new ControlClient(primary.control),
        secondary: new ControlClient(secondary.control),
      },
      async stop() {
        const pids = labProcesses(lab);
        for (const each of pids.filter(isRunning)) process.kill(each, 'SIGKILL');
        await until('the simulators to end', async () => !pids.some(isRunning));
      },
    };
  });
}
