import type { Datastore, VirtualMachine } from '@leeward/core';
import type { Mount, RemovedSystem, Services, SystemSummary } from '@leeward/engine';
import { z } from 'zod';
import { named } from './named.ts';
import { errorReport } from './problem-answer.ts';

export const health = z.object({
  ok: z.literal(true),
  version: z.string(),
  pid: z.int(),
  url: z.string().optional().describe('Where it can be reached over the network; missing: nowhere'),
});

export const systemSummary = named(
  'System',
  z.object({
    id: z
      .string()
      .describe(
        'What it itself goes by: of a vCenter its instance id, of an array its serial, as `arraySerial` of proxies',
      ),
    kind: z.enum(['vcenter', 'array']),
    name: z.string(),
    host: z.string(),
    port: z.int(),
    username: z.string(),
    chapUsername: z.string().optional().describe('What proxies log in with over iSCSI'),
    chapMutualUsername: z
      .string()
      .optional()
      .describe('What the array proves itself with to them in turn (mutual CHAP)'),
    certificate: z
      .discriminatedUnion('by', [
        z.object({ by: z.literal('fingerprint'), sha256: z.string() }),
        z.object({
          by: z.literal('authority'),
          own: z.boolean().describe('One that was given; else those that the host of the server trusts'),
        }),
      ])
      .describe('What its certificate is compared with at every connection'),
    family: z.string().optional(),
    inventoryAt: z.iso.datetime().optional().describe('When it was read last'),
    problem: errorReport.optional().describe('Why it could not be read'),
  }) satisfies z.ZodType<SystemSummary>,
);

export const mount = named(
  'Mount',
  z.object({
    arrayId: z.string(),
    arrayName: z.string(),
    name: z.string().describe('Of what was made on the array for it'),
    volume: z.string().describe('Whose storage snapshot it is, as last read'),
    storageSnapshotName: z.string(),
    protocol: z.enum(['nfs', 'iscsi']),
    shownTo: z.array(z.string()).describe('Addresses or initiator names of proxies'),
    runId: z.string(),
    jobId: z.string(),
    since: z.iso.datetime(),
    state: z.enum(['intended', 'present']),
  }) satisfies z.ZodType<Mount>,
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
  notConnected: z
    .enum(['disconnected', 'orphaned', 'inaccessible', 'invalid', 'unreadable'])
    .optional()
    .describe('Where it is not connected'),
  isTemplate: z.boolean(),
  encrypted: z.boolean(),
  vtpm: z.boolean().optional(),
  faultTolerance: z.string().optional().describe('State of Fault Tolerance, where it is configured'),
  snapshotsDisabled: z.boolean().optional().describe('By the configuration of the VM'),
  tools: z.enum(['running', 'not-running', 'not-installed']).optional(),
  migration: z
    .object({ task: z.string(), progress: z.number().optional().describe('Percent') })
    .optional()
    .describe('The task that moves it to another host or datastore now'),
  host: z.object({ moId: z.string(), name: z.string() }).optional(),
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
      backing: z.enum(['flat', 'sparse', 'rdm-virtual', 'rdm-physical', 'hosted', 'pmem', 'other']),
      independent: z.boolean(),
      shared: z
        .union([z.literal(false), z.enum(['multi-writer', 'bus'])])
        .describe('Whether other VMs may write to it, and by what'),
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
