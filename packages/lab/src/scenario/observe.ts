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

const ruleSchema = z.looseObject({});
const stateSchema = z.object({
  volumes: z.array(
    z.object({
      svm: z.string(),
      name: z.string(),
      cloneOf: z.unknown().optional(),
      snapshots: z.array(z.object({ name: z.string() })),
    }),
  ),
  exportPolicies: z.array(z.object({ svm: z.string(), name: z.string(), rules: z.array(ruleSchema) })),
});

/** What an array holds, by its own record. */
export interface ArrayContents {
  readonly array: string;
  /** `svm:volume:name` of each storage snapshot. */
  readonly storageSnapshots: readonly string[];
  /** `svm:volume` of each clone. */
  readonly clones: readonly string[];
  /** Every export policy with its rules, as text to compare before with after. */
  readonly exports: readonly string[];
}

/** Hashes of the whole disks of a VM as they were at a VMware snapshot; waits until they are made. */
export async function truthOf(lab: LabState, vmName: string, snapshotName: string): Promise<SnapshotTruth> {
  const query = `vm=${encodeURIComponent(vmName)}&snapshot=${encodeURIComponent(snapshotName)}`;
  const found = truthSchema.parse(await new ControlClient(lab.vcenter.control).get(`/truth?${query}`));
  const [only] = found;
  if (!only || found.length > 1)
    throw new Error(`vCenter knows ${found.length} VMware snapshots ${snapshotName} of ${vmName}`);
  return only;
}

/** VMware snapshots that exist now, of any name. */
export async function vmwareSnapshotCount(lab: LabState): Promise<number> {
  const state = await new ControlClient(lab.vcenter.control).get('/state');
  return z.looseObject({ vmwareSnapshots: z.number() }).parse(state).vmwareSnapshots;
}

export async function contentsOf(array: LabArray): Promise<ArrayContents> {
  const state = stateSchema.parse(await new ControlClient(array.control).get('/state'));
  return {
    array: array.name,
    storageSnapshots: state.volumes.flatMap(({ svm, name, snapshots }) =>
      snapshots.map((snapshot) => `${svm}:${name}:${snapshot.name}`),
    ),
    clones: state.volumes.filter(({ cloneOf }) => cloneOf).map(({ svm, name }) => `${svm}:${name}`),
    exports: state.exportPolicies.map(({ svm, name, rules }) => `${svm}:${name} ${JSON.stringify(rules)}`),
  };
}

const countersSchema = z.object({ ports: z.array(z.object({ bytesRead: z.number() })) });

/** Bytes that all data ports of an array sent to readers. */
export async function dataPortBytesRead(array: LabArray): Promise<number> {
  const { ports } = countersSchema.parse(await new ControlClient(array.control).get('/counters'));
  return ports.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
}
