import type { ReachProof } from '@leeward/core';
import { z } from 'zod';
import type { FlowReference } from '../flow/flow-definition.ts';

const portSchema = z.object({
  arraySerial: z.string(),
  address: z.string(),
  protocol: z.enum(['nfs']),
  nfsPort: z.number().int().optional(),
  mountPort: z.number().int().optional(),
});

const inputSchema = z.object({ ports: z.array(portSchema) });
export type ProbePort = z.infer<typeof portSchema>;
export type ProbeInput = z.infer<typeof inputSchema>;

/** Runs on the queue of a proxy: proves for each data port whether the proxy reaches it. */
export const probeFlow: FlowReference<ProbeInput, ReachProof[]> = {
  name: 'probe',
  parseInput: (value) => inputSchema.parse(value),
};
