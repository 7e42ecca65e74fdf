import { z } from 'zod';
import { ControlClient } from './control-client.ts';
import type { LabArray, LabState } from './lab-state.ts';

const truthSchema = z.array(
  z.object({
    vmName: z.string(),
    snapshotName: z.string(),
    createdAt: z.string(),
    removedAt: z.string().nullable(),
    lifetimeMs: z.number().nullable(),
    disks: z.array(z.object({ key: z.number().int(), node: z.string(), sha256: z.string() })),
  }),
);

/** A VM as it was when a VMware snapshot was taken, by the simulated vCenter's own record. */
export type SnapshotTruth = z.infer<typeof truthSchema>[number];

/**
 * Hashes of the whole disks of a VM as they were at a VMware snapshot; waits until they are made. A run that froze the
 * VM once more used the name again: `heldAt` is a time at which the one that is meant was there.
 */
export async function truthOf(
  lab: LabState,
  vmName: string,
  snapshotName: string,
  heldAt?: string,
): Promise<SnapshotTruth> {
  const query = `vm=${encodeURIComponent(vmName)}&snapshot=${encodeURIComponent(snapshotName)}`;
  const named = truthSchema.parse(await new ControlClient(lab.vcenter.control).get(`/truth?${query}`));
  const found = named.filter((each) => heldAt === undefined || wasThere(each, Date.parse(heldAt)));
  const [only] = found;
  if (!only || found.length > 1)
    throw new Error(`vCenter knows ${found.length} VMware snapshots ${snapshotName} of ${vmName}`);
  return only;
}

function wasThere({ createdAt, removedAt }: SnapshotTruth, atMs: number): boolean {
  return Date.parse(createdAt) <= atMs && (removedAt === null || atMs <= Date.parse(removedAt));
}

/** VMware snapshots that exist now, of any name. */
export async function vmwareSnapshotCount(lab: LabState): Promise<number> {
  const state = await new ControlClient(lab.vcenter.control).get('/state');
  return z.looseObject({ vmwareSnapshots: z.number() }).parse(state).vmwareSnapshots;
}

const countersSchema = z.object({ ports: z.array(z.looseObject({ bytesRead: z.number() })) });

/** Bytes that all data ports of an array sent to readers, over any protocol. Hosts write by a way that is not counted. */
export async function dataPortBytesRead(array: LabArray): Promise<number> {
  const { ports } = countersSchema.parse(await new ControlClient(array.control).get('/counters'));
  return ports.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
}
