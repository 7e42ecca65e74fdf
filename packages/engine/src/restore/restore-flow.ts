import { z } from 'zod';
import type { FlowReference } from '../flow/flow-definition.ts';

const inputSchema = z.object({
  runId: z.string(),
  pointId: z.string(),
  vmName: z.string(),
  repositoryId: z.string(),
  folder: z.string(),
  overwrite: z.boolean(),
});

const resultSchema = z.object({
  folder: z.string(),
  bytesWritten: z.number(),
  disks: z.array(z.object({ name: z.string(), path: z.string(), sizeBytes: z.number() })),
  files: z.array(z.string()),
});

export type RestoreVmInput = z.infer<typeof inputSchema>;
export type RestoreVmResult = z.infer<typeof resultSchema>;

/** Runs on the queue of a proxy, which must see repository and folder. */
export const restoreVmFlow: FlowReference<RestoreVmInput, RestoreVmResult> = {
  name: 'restore-vm',
  parseInput: (value) => inputSchema.parse(value),
  parseOutput: (value) => resultSchema.parse(value),
};
