import { ControlClient, isRunning, labProcesses, startLab } from '@leeward/lab';
import type { Datacentre } from '@leeward/lab/scenario/datacentre';
import type { DemoOptions } from '@leeward/lab/scenario/demo-datacentre';
import { systemClock, systemRandomness } from '@leeward/platform';
import { Site } from '../../e2e/support/site.ts';
import { until } from '../../e2e/support/until.ts';

/** A row's run reads all of the disks, so they are as small as simulated disks get. */
const size = 0.016;

/** A pair of arrays of one family and a vCenter, each a process of its own, and a server with its proxy. */
export function startRulesSite(
  centreOf: (options: DemoOptions) => Datacentre,
  names: { readonly primary: string; readonly secondary: string },
): Promise<Site> {
  return Site.over(async (folder) => {
    const options = { folder, size, randomness: systemRandomness };
    const lab = await startLab({
      ...{ ...options, clock: systemClock, onNote: () => undefined },
      change: () => centreOf(options),
    });
    const doorOf = (name: string) => {
      const array = lab.arrays.find((each) => each.name === name);
      if (!array) throw new Error(`the lab has no array ${name}`);
      return new ControlClient(array.control);
    };
    return {
      ...lab,
      doors: {
        vcenter: new ControlClient(lab.vcenter.control),
        primary: doorOf(names.primary),
        secondary: doorOf(names.secondary),
      },
      stop: async () => {
        const pids = labProcesses(lab);
        for (const pid of pids.filter(isRunning)) process.kill(pid, 'SIGKILL');
        await until('the simulators to end', async () => !pids.some(isRunning));
      },
    };
  });
}
