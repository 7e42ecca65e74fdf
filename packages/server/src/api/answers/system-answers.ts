import type { Datastore, VirtualMachine } from '@leeward/core';
import type { RemovedSystem, Services, SystemSummary, TopologyPath } from '@leeward/engine';
import { z } from 'zod';
import { named } from './named.ts';
import { errorReport } from './problem-answer.ts';

export const health = z.object({ ok: z.literal(true), version: z.string(), pid: z.int() });

export const systemSummary = named(
  'System',
  z.object({
    id: z.string(),
    kind: z.enum(['vcenter', 'array']),
    name: z.string(),
    host: z.string(),
    port: z.int(),
    username: z.string(),
    family: z.string().optional(),
    inventoryAt: z.iso.datetime().optional().describe('When it was read last'),
    problem: errorReport.optional().describe('Why it could not be read'),
  }) satisfies z.ZodType<SystemSummary>,
);

export const removedSystem = named(
  'RemovedSystem',
  z.object({
    system: systemSummary,
    leftBehind: z.object({
      storageSnapshots: z
        .array(z.string())
        .describe('What chains keep on it, oldest first; nobody looks after them any more'),
    }),
  }) satisfies z.ZodType<RemovedSystem>,
);

const datastore = z.object({
  moId: z.string(),
  name: z.string(),
  kind: z.enum(['nfs3', 'nfs41', 'vmfs', 'vvol', 'vsan', 'other']),
  accessible: z.boolean(),
  datacenterPath: z.string(),
  nfs: z.object({ hosts: z.array(z.string()), addresses: z.array(z.string()), path: z.string() }).optional(),
  vmfs: z.object({ uuid: z.string(), extents: z.array(z.string()) }).optional(),
  hostFolder: z.string().optional(),
}) satisfies z.ZodType<Datastore>;

export const vmId = z.object({ vcenterId: z.string(), moId: z.string() });

const virtualMachine = z.object({
  id: vmId,
  instanceUuid: z.string(),
  name: z.string(),
  path: z.string().describe('Inventory path'),
  poweredOn: z.boolean(),
  connected: z.boolean(),
  isTemplate: z.boolean(),
  encrypted: z.boolean(),
  cbtEnabled: z.boolean(),
  cbtSupported: z.boolean(),
  hasVmwareSnapshots: z.boolean(),
  vmxPath: z.string(),
  disks: z.array(
    z.object({
      key: z.int(),
      label: z.string(),
      node: z.string(),
      sizeBytes: z.number(),
      backing: z.enum(['flat', 'sparse', 'rdm-virtual', 'rdm-physical', 'other']),
      independent: z.boolean(),
      shared: z.boolean(),
      fileName: z.string(),
      datastoreMoId: z.string(),
      parents: z.array(z.string()).describe('Descriptors of the disks it stands on, the nearest first'),
    }),
  ),
}) satisfies z.ZodType<VirtualMachine>;

export const vcenterInventory = named(
  'VcenterInventory',
  z.object({ datastores: z.array(datastore), vms: z.array(virtualMachine) }) satisfies z.ZodType<
    Awaited<ReturnType<Services['systems']['vcenterInventory']>>
  >,
);

const place = z.object({ array: z.string(), tenant: z.string(), volume: z.string() });

export const topologyPath = named(
  'TopologyPath',
  z.object({
    vm: z.string(),
    vmPath: z.string(),
    datastore: z.string(),
    primary: place.optional().describe('Missing: no registered array has the datastore'),
    relation: z
      .object({
        kind: z.string(),
        policy: z.string(),
        policyName: z.string(),
        state: z.string(),
        healthy: z.boolean(),
        lagMs: z.number().optional(),
      })
      .optional(),
    secondary: place.optional(),
    proxies: z.array(z.string()).describe('Names of the proxies that are online'),
    problem: errorReport.optional().describe('Why the path cannot be used now'),
  }) satisfies z.ZodType<TopologyPath>,
);
