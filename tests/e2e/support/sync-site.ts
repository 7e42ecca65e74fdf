import { ControlClient, isRunning, labProcesses, startLab } from '@leeward/lab';
import type { Datacentre } from '@leeward/lab/scenario/datacentre';
import { metroSides } from '@leeward/lab/scenario/nimble-metro';
import { systemClock, systemRandomness } from '@leeward/platform';
import { z } from 'zod';
import { show } from './runs.ts';
import { Site } from './site.ts';
import { until } from './until.ts';

export interface SyncSiteOptions {
  readonly size: number;
  readonly change?: (centre: Datacentre) => Datacentre;
}

/** One group of two arrays that replicate synchronously, a vCenter over it, each a process of its own, and a server. */
export function startSyncSite({ size, change }: SyncSiteOptions): Promise<Site> {
  return Site.over(async (folder) => {
    const lab = await startLab({
      ...{ folder, size, scenario: 'sync', change, clock: systemClock, randomness: systemRandomness },
      onNote: () => undefined,
    });
    const [array] = lab.arrays;
    if (!array) throw new Error('the lab has no array');
    const group = new ControlClient(array.control);
    return {
      ...lab,
      // One array has both sides.
      doors: { vcenter: new ControlClient(lab.vcenter.control), primary: group, secondary: group },
      stop: async () => {
        const pids = labProcesses(lab);
        for (const pid of pids.filter(isRunning)) process.kill(pid, 'SIGKILL');
        await until('the simulators to end', async () => !pids.some(isRunning));
      },
    };
  });
}

export function groupDoor(site: Site): ControlClient {
  return site.lab.doors.primary;
}

const countersSchema = z.object({ ports: z.array(z.object({ address: z.string(), bytesRead: z.number() })) });

/** Bytes that the data ports of each side sent to readers, by the simulator's own count. */
export async function bytesReadBySide(site: Site): Promise<{ primary: number; secondary: number }> {
  const { ports } = countersSchema.parse(await groupDoor(site).get('/counters'));
  const ofSide = (address: string) =>
    ports.filter((port) => port.address === address).reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  const secondary = ofSide(metroSides.secondary.address);
  const all = ports.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  // What the discovery address serves belongs to production as well.
  return { primary: all - secondary, secondary };
}

const stateSchema = z.object({
  volumes: z.array(
    z.object({ name: z.string(), pool: z.string(), snapshots: z.array(z.object({ name: z.string() })) }),
  ),
  volumeCollections: z.array(z.object({ synchronous: z.object({ state: z.string() }).optional() })),
});

/** Storage snapshots of ours as `pool volume name`. */
export async function ownStorageSnapshots(site: Site): Promise<string[]> {
  const { volumes } = stateSchema.parse(await groupDoor(site).get('/state'));
  return volumes.flatMap(({ name, pool, snapshots }) =>
    snapshots
      .filter((snapshot) => snapshot.name.startsWith('leeward'))
      .map((snapshot) => `${pool} ${name} ${snapshot.name}`),
  );
}

export async function setSecondary(site: Site, isUp: boolean): Promise<void> {
  await groupDoor(site).post('/actions', { action: 'setArray', array: metroSides.secondary.array, isUp });
  if (isUp) await inSync(site);
}

export async function setSyncLink(site: Site, isUp: boolean): Promise<void> {
  await groupDoor(site).post('/actions', { action: 'setSyncLink', isUp });
  if (isUp) await inSync(site);
}

function inSync(site: Site): Promise<boolean> {
  return until('both sides to be in sync', async () => {
    const { volumeCollections } = stateSchema.parse(await groupDoor(site).get('/state'));
    return volumeCollections.every(({ synchronous }) => synchronous?.state === 'in_sync');
  });
}

const readingSchema = z.object({ phase: z.literal('read'), bytesRead: z.number() });

export interface MiddleOfReading {
  /** So many reads over iSCSI are answered at once, those of the file system among them. */
  readonly quickReads: number;
  /** By the run's own progress. */
  readonly bytesRead: number;
}

/**
 * Starts a run, lets it read so much, holds it there for a minute or more whatever the machine is busy with, does
 * `act` in that time, and lets reads be fast again. No other run may read meanwhile.
 */
export async function inTheMiddleOfReading(
  site: Site,
  middle: MiddleOfReading,
  start: () => Promise<string>,
  act: () => Promise<unknown>,
): Promise<string> {
  const door = groupDoor(site);
  const nth = middle.quickReads + 1;
  // Shorter than what the initiator waits for an answer, and much longer than anything that the test waits for.
  await door.post('/faults', {
    at: 'step',
    step: 'iscsi.read',
    nth,
    action: { kind: 'delay', delayMs: 15_000 },
  });
  try {
    const runId = await start();
    await until(`${middle.bytesRead} bytes to be read`, async () => {
      const { progress, run } = await show(site, runId);
      if (run.endedAt) throw new Error(`the run ended as ${run.state} before it had read so much`);
      return Object.values(progress).some((each) => {
        const reading = readingSchema.safeParse(each);
        return reading.success && reading.data.bytesRead >= middle.bytesRead;
      });
    });
    await act();
    return runId;
  } finally {
    await door.delete('/faults');
  }
}
