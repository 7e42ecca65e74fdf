import type { Clock } from '@leeward/core';
import { z } from 'zod';
import type { VcenterConfigInput } from '../vcenter/config.ts';
import type { ControlClient } from './control-client.ts';

/** A simulated array that is to be started. */
export interface PlannedArray {
  readonly name: string;
  readonly family: 'ontap' | 'nimble';
  readonly role: 'primary' | 'secondary';
  readonly config: object & { readonly control: { readonly token: string } };
  readonly password: string;
  /** Where its data is served. */
  readonly dataAddress: string;
}

const portSchema = z.number().int();

/** What simulated arrays of either family print when they are ready. */
export const arrayReadySchema = z.object({
  restAddress: z.string(),
  restPort: portSchema,
  certificateSha256: z.string(),
  controlPort: portSchema,
  /** The door for hosts. */
  hostPort: portSchema.optional(),
  /** Where the other array of the pair reaches it. */
  interclusterPort: portSchema.optional(),
  replicationPort: portSchema.optional(),
  dataPorts: z
    .array(z.object({ address: z.string(), nfsPort: portSchema, mountPort: portSchema }))
    .default([]),
  iscsiPortals: z.array(z.object({ address: z.string(), port: portSchema })).default([]),
  portals: z.array(z.object({ address: z.string(), port: portSchema })).default([]),
});
export type ArrayReady = z.infer<typeof arrayReadySchema>;

export interface RunningArray {
  readonly ready: ArrayReady;
  readonly control: ControlClient;
}

/** The arrays that run, by name. Throws for one that does not. */
export type RunningArrays = (name: string) => RunningArray;

/** A simulated datacentre: what to start, in order, and how to put it together. */
export interface Datacentre {
  readonly arrays: readonly PlannedArray[];
  readonly vcenterPassword: string;
  /** Asked when the arrays run. */
  vcenter(arrays: RunningArrays): VcenterConfigInput;
  /** Called when all VMs are written: tells the arrays of each other, and waits for the first transfers. */
  connect(arrays: RunningArrays, clock: Clock, signal: AbortSignal): Promise<void>;
}
