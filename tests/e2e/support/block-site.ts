import type { Job } from '@leeward/core';
import { ControlClient, isRunning, labProcesses, startLab } from '@leeward/lab';
import type { Datacentre, PlannedArray } from '@leeward/lab/scenario/datacentre';
import type { VcenterConfigInput } from '@leeward/lab/vcenter/config';
import { systemClock, systemRandomness } from '@leeward/platform';
import { Site } from './site.ts';
import type { TestLab } from './test-lab.ts';
import { until } from './until.ts';

export type BlockArray = 'ontap-a' | 'ontap-b' | 'nimble-a' | 'nimble-b';

export interface BlockSiteOptions {
  readonly size: number;
  /** `full`: one VM each over NFS, VMFS on clusters, VMFS on groups; `spread`: what is awkward about block storage. */
  readonly scenario: 'full' | 'spread';
  readonly vcenter?: (config: VcenterConfigInput) => VcenterConfigInput;
  readonly array?: (planned: PlannedArray) => PlannedArray;
}

/** A datacentre with a pair of clusters and a pair of groups, each in processes of their own, and a server. */
export function startBlockSite(options: BlockSiteOptions): Promise<Site> {
  return Site.over((folder) => startBlockLab(folder, options));
}

async function startBlockLab(
  folder: string,
  { size, scenario, vcenter, array }: BlockSiteOptions,
): Promise<TestLab> {
  const change = (centre: Datacentre): Datacentre => ({
    ...centre,
    arrays: array ? centre.arrays.map(array) : centre.arrays,
    vcenter: (running) => {
      const config = centre.vcenter(running);
      return vcenter ? vcenter(config) : config;
    },
  });
  const lab = await startLab({
    ...{ folder, size, scenario, change, clock: systemClock, randomness: systemRandomness },
    onNote: () => undefined,
  });
  const clientOf = (name: string) => {
    const found = lab.arrays.find((each) => each.name === name);
    if (!found) throw new Error(`the lab has no array ${name}`);
    return new ControlClient(found.control);
  };
  return {
    ...lab,
    doors: {
      vcenter: new ControlClient(lab.vcenter.control),
      primary: clientOf('ontap-a'),
      secondary: clientOf('ontap-b'),
    },
    stop: async () => {
      const pids = labProcesses(lab);
      for (const pid of pids.filter(isRunning)) process.kill(pid, 'SIGKILL');
      await until('the simulators to end', async () => !pids.some(isRunning));
    },
  };
}

/** The lab's own door to one of the arrays. */
export function doorTo(site: Site, name: BlockArray): ControlClient {
  const found = site.lab.arrays.find((each) => each.name === name);
  if (!found) throw new Error(`the lab has no array ${name}`);
  return new ControlClient(found.control);
}

/** Registers everything of the lab, one array with a CHAP user, and makes a job over all its VMs. */
export function registerWithChap(
  site: Site,
  name: BlockArray,
  chap: { readonly username: string; readonly password: string },
): Promise<Job> {
  const isIt = (path: string, body: object) => path === '/arrays' && 'name' in body && body.name === name;
  return site.register((path, body) => (isIt(path, body) ? { ...body, chap } : body));
}
