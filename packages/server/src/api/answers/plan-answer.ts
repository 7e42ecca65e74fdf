import type {
  ConsideredFile,
  ConsideredPath,
  DiskPlan,
  GroupPlan,
  HopPlan,
  Plan,
  VmPlan,
} from '@leeward/core';
import type { JobView, RemovedJob } from '@leeward/engine';
import { jobSchema } from '@leeward/engine/store/jobs';
import { limitsSchema } from '@leeward/engine/store/settings';
import { z } from 'zod';
import { objectId, relationKind, syncFacts, transferPolicy } from './array-answers.ts';
import { named } from './named.ts';
import { errorReport } from './problem-answer.ts';
import { vmId } from './system-answers.ts';

export const source = z.enum(['secondary', 'primary', 'standard']);
export const job = named(
  'Job',
  jobSchema.extend({
    scheduleWords: z.string().optional().describe('Its schedule in words'),
    nextRunAt: z.iso.datetime().optional().describe('When its schedule starts it next'),
  }) satisfies z.ZodType<JobView>,
);

export const removedJob = named(
  'RemovedJob',
  z.object({
    id: z.string(),
    name: z.string(),
    storageSnapshots: z.array(z.string()).describe('What its chains keep on arrays; it stays there'),
  }) satisfies z.ZodType<RemovedJob>,
);

const locatedFile = z.object({
  volume: objectId,
  datastore: z.string(),
  folder: z.string(),
  path: z.string(),
  hostFolders: z.array(z.string()),
  vmfs: z
    .object({
      uuid: z.string(),
      extents: z.array(z.object({ volume: objectId, lunPath: z.string(), scsiName: z.string() })),
    })
    .optional(),
});

const diskPlan = z.object({
  key: z.int(),
  label: z.string(),
  node: z.string(),
  sizeBytes: z.number(),
  fileName: z.string(),
  located: locatedFile,
  parents: z.array(locatedFile).describe('Descriptors of the disks it stands on, the nearest first'),
  since: z.object({ pointId: z.string(), changeId: z.string(), sizeBytes: z.number() }).optional(),
  fullBecause: errorReport.optional(),
}) satisfies z.ZodType<DiskPlan>;

const syncSides = syncFacts.pick({ primarySide: true, secondarySide: true, decidedBy: true });

const consideredPath = z.object({
  path: source,
  verdict: z
    .enum(['chosen', 'possible', 'not'])
    .describe('`possible`: it could be taken, and another one is'),
  reason: errorReport.optional().describe('Why not, or why another one; missing where chosen'),
}) satisfies z.ZodType<ConsideredPath>;

const consideredFile = z.object({
  label: z.string().describe('Of the disk, or `configuration file`'),
  key: z.int().optional().describe('Device key of the disk'),
  fileName: z.string(),
  state: z
    .enum(['read', 'left-out', 'unreadable'])
    .describe('`left-out`: not in the point; `unreadable`: it keeps the VM from storage snapshots'),
  reason: errorReport.optional(),
  volumes: z
    .array(
      z.object({
        arrayName: z.string(),
        volumeName: z.string(),
        relations: z
          .array(
            z.object({
              arrayName: z.string(),
              volumeName: z.string(),
              kind: relationKind,
              policyName: z.string(),
              via: z
                .array(z.object({ arrayName: z.string(), volumeName: z.string(), policyName: z.string() }))
                .optional()
                .describe('Of a cascade: the hops before it, from the volume on'),
              sync: syncSides.optional().describe('Of `sync` relations'),
              verdict: consideredPath.shape.verdict,
              reason: errorReport.optional(),
            }),
          )
          .describe('Every known relation of the volume, the one that the job takes first'),
      }),
    )
    .describe('Volumes that hold it or a disk that it stands on'),
  considered: z.array(consideredPath),
}) satisfies z.ZodType<ConsideredFile>;

const vmPlan = z.object({
  vm: vmId,
  name: z.string(),
  path: z.string(),
  vcenterName: z.string(),
  source: source.optional().describe('Missing: the VM cannot be backed up, `problem` says why'),
  problem: errorReport.optional(),
  groupId: z.string().optional(),
  proxyId: z.string().optional(),
  vmxFile: locatedFile.optional(),
  disks: z.array(diskPlan).describe('What is read from storage snapshots'),
  standardDisks: z
    .array(diskPlan.omit({ located: true, parents: true }))
    .optional()
    .describe('What is read through the ESXi host'),
  skippedDisks: z.array(z.object({ label: z.string(), reason: errorReport })),
  notTaken: z.array(z.object({ path: source, reason: errorReport })).describe('Paths not taken, and why'),
  considered: z.array(consideredPath).describe('Every path: secondary, primary, standard'),
  consideredFiles: z.array(consideredFile).describe('The same for each file, disks left out included'),
  warnings: z.array(errorReport),
  places: z
    .array(z.object({ limit: limitsSchema.keyof(), id: z.string(), name: z.string() }))
    .optional()
    .describe('What its VMware snapshot takes one place of each'),
  enableCbt: z.boolean(),
  freezeOnly: z
    .boolean()
    .optional()
    .describe('Of snapshot-only jobs: no VMware snapshot, its storage snapshot alone is enough'),
}) satisfies z.ZodType<VmPlan>;

export const vmExplanation = named('VmExplanation', vmPlan);

const hopPlan = z.object({
  id: objectId,
  policy: transferPolicy,
  policyName: z.string(),
  arrayId: z.string(),
  arrayName: z.string(),
  arrayOwnName: z.string(),
  volume: objectId,
  volumeName: z.string(),
  tenant: z.string(),
}) satisfies z.ZodType<HopPlan>;

const relationPlan = hopPlan.extend({
  kind: relationKind,
  via: z
    .array(hopPlan)
    .optional()
    .describe('Of a cascade: the transfers before it, from the primary volume on'),
  sync: syncSides.optional().describe('Of `sync` relations'),
});

const groupPlan = z.object({
  id: z.string(),
  lane: z.string().describe('Groups of one lane run one after the other'),
  vmKeys: z.array(z.string()),
  volumes: z.array(
    z.object({
      volume: objectId,
      arrayId: z.string(),
      arrayName: z.string(),
      volumeName: z.string(),
      tenant: z.string(),
      protocols: z.array(z.enum(['nfs', 'iscsi'])).describe('How its storage snapshot is read'),
      lunPaths: z.array(z.string()),
      relation: relationPlan.optional(),
    }),
  ),
  lifetimeMs: z.number().optional().describe('How long its VMware snapshots are expected to exist'),
  cutBecause: errorReport.optional().describe('Why the next VM is in another group'),
}) satisfies z.ZodType<GroupPlan>;

export const plan = named(
  'Plan',
  z.object({
    job,
    madeAt: z.string(),
    vms: z.array(vmPlan),
    groups: z.array(groupPlan),
    unresolved: z
      .array(z.object({ member: z.string(), problem: errorReport }))
      .describe('Names that fit no VM, or several'),
    effects: z
      .array(
        z.object({
          system: z.string(),
          action: z.enum(['create', 'change', 'delete', 'keep']),
          what: z.string(),
          volume: objectId.optional().describe('The primary volume that it is for'),
        }),
      )
      .describe('What a run will do to foreign systems'),
  }) satisfies z.ZodType<Plan>,
);
