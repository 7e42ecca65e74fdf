import { z } from 'zod';
import type { FlowReference } from '../flow/flow-definition.ts';
import { fullBecauseSchema, skewSchema, stageTimesSchema } from '../store/run-vms.ts';

const volumeIdSchema = z.object({ arraySerial: z.string(), objectId: z.string() });

const extentSchema = z.object({ offsetBytes: z.number(), lengthBytes: z.number() });

const nfsSchema = z.object({
  protocol: z.literal('nfs'),
  addresses: z.array(z.string()).min(1).readonly(),
  nfsPort: z.number().int().optional(),
  mountPort: z.number().int().optional(),
  exportPath: z.string(),
  rootPath: z.string(),
});

const iscsiSchema = z.object({
  protocol: z.literal('iscsi'),
  portals: z
    .array(
      z.object({
        address: z.string(),
        port: z.number().int(),
        /** Those of one rank are equally good for the proxy, 0 is best. */
        rank: z.number().int().min(0).optional(),
      }),
    )
    .min(1)
    .readonly(),
  luns: z
    .array(
      z.object({
        path: z.string(),
        access: z.array(z.object({ initiatorName: z.string(), lun: z.number().int() })).readonly(),
        targetName: z.string(),
        sizeBytes: z.number(),
        serial: z.string(),
        scsiNames: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  /** The proxy finds user and secret itself. */
  chap: z.boolean(),
});

const locatedSchema = z.object({
  /** Absent where it is read through vCenter. */
  volume: volumeIdSchema.optional(),
  datastore: z.string(),
  folder: z.string(),
  path: z.string(),
  hostFolders: z.array(z.string()).readonly(),
  vmfs: z
    .object({
      uuid: z.string(),
      extents: z
        .array(z.object({ volume: volumeIdSchema, lunPath: z.string(), scsiName: z.string() }))
        .readonly(),
    })
    .optional(),
});

/** All that a proxy needs to read one VM from presented storage snapshots; JSON, without secrets. */
export const readVmInputSchema = z.object({
  runId: z.string(),
  jobId: z.string(),
  jobName: z.string(),
  vmKey: z.string(),
  vmName: z.string(),
  vmPath: z.string(),
  vcenterName: z.string(),
  repositoryId: z.string(),
  source: z.enum(['secondary', 'primary', 'standard']),
  /** When the VMware snapshot was taken. */
  frozenAt: z.string(),
  skew: skewSchema.optional(),
  /** Absent where `through` is given. */
  storageSnapshotName: z.string().optional(),
  /** Name under which the proxy logs in to LUNs. */
  initiatorName: z.string(),
  volumes: z.array(
    z.object({
      volume: volumeIdSchema,
      /** The array that shows it: the secondary, or the primary itself. */
      arrayId: z.string(),
      presentation: z.discriminatedUnion('protocol', [nfsSchema, iscsiSchema]),
    }),
  ),
  /** The files are read through this vCenter, as the VMware snapshot froze them. */
  through: z
    .object({
      vcenterId: z.string(),
      datastores: z.array(z.object({ name: z.string(), datacenterPath: z.string() })),
      /** The ESXi host that runs the VM, by its name in vCenter. */
      host: z.string().optional(),
    })
    .optional(),
  /** Then what is read goes away. */
  readUntil: z.string().optional(),
  vmxFile: locatedSchema.optional(),
  /** A disk that has a parent and is read in full all the same makes the VM fail. */
  failOnDowngrade: z.boolean().default(false),
  disks: z.array(
    z.object({
      key: z.number().int(),
      label: z.string(),
      node: z.string(),
      fileName: z.string(),
      located: locatedSchema,
      parents: z.array(locatedSchema).readonly(),
      /** Delta disks that the VMware snapshot put on top of `located`, the one to read first. */
      deltas: z.array(locatedSchema).readonly().default([]),
      sizeBytes: z.number(),
      changeId: z.string().optional(),
      /** Why it is read in full; absent where it has a parent. */
      fullBecause: fullBecauseSchema.optional(),
      /** With a parent: how much of what is said to be unchanged is compared with it. */
      sample: z.object({ fraction: z.number(), seed: z.number() }).optional(),
      /** Read only the changed areas stored for this disk; the rest comes from the parent point. */
      parent: z
        .object({
          pointId: z.string(),
          diskName: z.string(),
          sizeBytes: z.number(),
          /** What it has from deltas, as `ReadVmResult.deltaAreas`: to be read again. */
          deltaAreas: z.array(extentSchema).optional(),
        })
        .optional(),
    }),
  ),
});

export type ReadVmInput = z.infer<typeof readVmInputSchema>;
export type ReadVmDisk = ReadVmInput['disks'][number];
export type ReadVmFile = ReadVmDisk['located'];
export type ReadVmVolume = ReadVmInput['volumes'][number];

export const readVmResultSchema = z.object({
  pointId: z.string(),
  kind: z.enum(['full', 'incremental']),
  bytes: z.object({ provisioned: z.number(), changed: z.number(), read: z.number(), stored: z.number() }),
  resumedBytes: z.number(),
  /** Missing in results of releases before it was measured. */
  stageTimes: stageTimesSchema.optional(),
  diskNames: z.record(z.string(), z.string()),
  /** By disk key: why a disk with a parent was read in full, and what was compared with the parent. */
  disks: z
    .record(
      z.string(),
      z.object({ fullBecause: fullBecauseSchema.optional(), sampledBlocks: z.number().int() }),
    )
    .optional(),
  /** By disk key: what `deltas` held, which the VM's disk itself never got. */
  deltaAreas: z.record(z.string(), z.array(extentSchema)).optional(),
});

export type ReadVmResult = z.infer<typeof readVmResultSchema>;

/** Runs on the queue of a proxy. */
export const readVmFlow: FlowReference<ReadVmInput, ReadVmResult> = {
  name: 'read-vm',
  parseInput: (value) => readVmInputSchema.parse(value),
  parseOutput: (value) => readVmResultSchema.parse(value),
};

export function proxyQueue(proxyId: string): string {
  return `proxy-${proxyId}`;
}
