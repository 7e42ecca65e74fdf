import { z } from 'zod';
import type { FlowReference } from '../flow/flow-definition.ts';

const volumeIdSchema = z.object({ arraySerial: z.string(), objectId: z.string() });

const presentationSchema = z.object({
  protocol: z.literal('nfs'),
  addresses: z.array(z.string()).min(1),
  nfsPort: z.number().int().optional(),
  mountPort: z.number().int().optional(),
  exportPath: z.string(),
  rootPath: z.string(),
});

const locatedSchema = z.object({ volume: volumeIdSchema, path: z.string() });

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
  source: z.enum(['secondary', 'primary']),
  /** When the VMware snapshot was taken. */
  frozenAt: z.string(),
  storageSnapshotName: z.string(),
  volumes: z.array(z.object({ volume: volumeIdSchema, presentation: presentationSchema })),
  vmxFile: locatedSchema.optional(),
  disks: z.array(
    z.object({
      key: z.number().int(),
      label: z.string(),
      node: z.string(),
      fileName: z.string(),
      located: locatedSchema,
      sizeBytes: z.number(),
      changeId: z.string().optional(),
      /** Read only the changed areas stored for this disk; the rest comes from the parent point. */
      parent: z.object({ pointId: z.string(), diskName: z.string(), sizeBytes: z.number() }).optional(),
    }),
  ),
});

export type ReadVmInput = z.infer<typeof readVmInputSchema>;
export type ReadVmDisk = ReadVmInput['disks'][number];

export const readVmResultSchema = z.object({
  pointId: z.string(),
  kind: z.enum(['full', 'incremental']),
  bytes: z.object({ provisioned: z.number(), changed: z.number(), read: z.number(), stored: z.number() }),
  resumedBytes: z.number(),
  diskNames: z.record(z.string(), z.string()),
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
