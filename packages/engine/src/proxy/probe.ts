import type { ReachProof } from '@leeward/core';
import { z } from 'zod';
import type { FlowReference } from '../flow/flow-definition.ts';
import { reachSchema } from '../store/proxies.ts';

const exportSchema = z.object({
  path: z.string(),
  /** It shows a replica: reading it does not touch production. */
  replica: z.boolean(),
});

const portSchema = z.object({
  arraySerial: z.string(),
  address: z.string(),
  protocol: z.enum(['nfs', 'iscsi']),
  nfsPort: z.number().int().optional(),
  mountPort: z.number().int().optional(),
  iscsiPort: z.number().int().optional(),
  /** Exports that the array's inventory names, best first; those that the port itself tells are tried as well. */
  exports: z.array(exportSchema).optional(),
});

const inputSchema = z.object({
  ports: z.array(portSchema),
  /** Under which the proxy logs in over iSCSI; inputs of releases without iSCSI have none. */
  initiatorName: z.string().optional(),
});

export type ProbeExport = z.infer<typeof exportSchema>;
export type ProbePort = z.infer<typeof portSchema>;
/** JSON without secrets: what a login needs is taken from the store by the proxy. */
export type ProbeInput = z.infer<typeof inputSchema>;

/** Runs on the queue of a proxy: proves for each data port and protocol how far the proxy gets there. */
export const probeFlow: FlowReference<ProbeInput, ReachProof[]> = {
  name: 'probe',
  parseInput: (value) => inputSchema.parse(value),
  parseOutput: (value) => reachSchema.parse(value),
};
