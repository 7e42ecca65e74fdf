import { z } from 'zod';
import { ControlClient } from './control-client.ts';
import type { LabArray } from './lab-state.ts';

/** What an array holds, by its own record. */
export interface ArrayContents {
  readonly array: string;
  /** `svm:volume:name` of each storage snapshot; `volume:name` where there are no SVMs. */
  readonly storageSnapshots: readonly string[];
  /** `svm:volume` or `volume` of each clone. */
  readonly clones: readonly string[];
  /** Every export policy with its rules, as text to compare before with after. */
  readonly exports: readonly string[];
  /** What is mapped to whom: LUN and initiator group, as text to compare before with after. */
  readonly mappings: readonly string[];
  /** Initiator groups with their initiators, as text to compare before with after. */
  readonly initiatorGroups: readonly string[];
  /** CHAP users with our mark, or initiators that are asked for CHAP, as text to compare before with after. */
  readonly logins: readonly string[];
}

const clusterSchema = z.object({
  volumes: z.array(
    z.object({
      svm: z.string(),
      name: z.string(),
      cloneOf: z.unknown().optional(),
      snapshots: z.array(z.object({ name: z.string() })),
    }),
  ),
  exportPolicies: z.array(z.object({ svm: z.string(), name: z.string(), rules: z.array(z.looseObject({})) })),
  igroups: z
    .array(z.object({ svm: z.string(), name: z.string(), initiators: z.array(z.string()) }))
    .default([]),
  lunMaps: z
    .array(z.object({ svm: z.string(), lun: z.string(), igroup: z.string(), number: z.number() }))
    .default([]),
  iscsi: z
    .array(
      z.object({
        svm: z.string(),
        credentials: z.array(
          z.object({ initiator: z.string(), type: z.string(), user: z.string().optional() }),
        ),
      }),
    )
    .default([]),
});

const groupSchema = z.object({
  volumes: z.array(
    z.object({
      name: z.string(),
      cloneOf: z.unknown().optional(),
      snapshots: z.array(z.object({ name: z.string() })),
    }),
  ),
  initiatorGroups: z.array(z.object({ name: z.string(), iqns: z.array(z.string()) })),
  chapUsers: z.array(z.object({ name: z.string(), description: z.string() })).default([]),
  accessRecords: z.array(
    z.object({ volume: z.string(), initiatorGroup: z.string().optional(), applyTo: z.string() }),
  ),
});

/** What an array of the lab holds now. */
export async function contentsOf(array: LabArray): Promise<ArrayContents> {
  const state = await new ControlClient(array.control).get('/state');
  const contents = array.family === 'nimble' ? ofGroup(state) : ofCluster(state);
  return { array: array.name, ...contents };
}

type Contents = Omit<ArrayContents, 'array'>;

function ofCluster(state: unknown): Contents {
  const { volumes, exportPolicies, igroups, lunMaps, iscsi } = clusterSchema.parse(state);
  return {
    storageSnapshots: volumes.flatMap(({ svm, name, snapshots }) =>
      snapshots.map((snapshot) => `${svm}:${name}:${snapshot.name}`),
    ),
    clones: volumes.filter(({ cloneOf }) => cloneOf).map(({ svm, name }) => `${svm}:${name}`),
    exports: exportPolicies.map(({ svm, name, rules }) => `${svm}:${name} ${JSON.stringify(rules)}`),
    mappings: lunMaps.map(({ svm, lun, igroup, number }) => `${svm}:${lun} ${igroup} ${number}`),
    initiatorGroups: igroups.map(({ svm, name, initiators }) => `${svm}:${name} ${initiators.join(',')}`),
    logins: iscsi.flatMap(({ svm, credentials }) =>
      credentials.map(({ initiator, type, user = '' }) => `${svm}:${initiator} ${type} ${user}`),
    ),
  };
}

function ofGroup(state: unknown): Contents {
  const { volumes, initiatorGroups, accessRecords, chapUsers } = groupSchema.parse(state);
  return {
    storageSnapshots: volumes.flatMap(({ name, snapshots }) =>
      snapshots.map((snapshot) => `${name}:${snapshot.name}`),
    ),
    clones: volumes.filter(({ cloneOf }) => cloneOf).map(({ name }) => name),
    exports: [],
    mappings: accessRecords.map(
      ({ volume, initiatorGroup = '*', applyTo }) => `${volume} ${initiatorGroup} ${applyTo}`,
    ),
    initiatorGroups: initiatorGroups.map(({ name, iqns }) => `${name} ${iqns.join(',')}`),
    logins: chapUsers.filter(({ description }) => description.startsWith('leeward')).map(({ name }) => name),
  };
}
