import { z } from 'zod';

const bytes = z.number().int().positive().multipleOf(512);
const address = z.string().default('127.0.0.1');
const port = z.number().int().min(0).max(65_535).default(0);

/** A role on a part of the inventory. The permission nearest to an object decides, as in vSphere. */
const permissionSchema = z.object({
  /** Inventory path; `/` is the root. */
  path: z.string().default('/'),
  propagate: z.boolean().default(true),
  /** Privilege ids as in the API. Any list implies System.Anonymous, .View and .Read; an empty one is "no access". */
  privileges: z.union([z.literal('all'), z.array(z.string())]),
});

const accountSchema = z.object({
  userName: z.string(),
  password: z.string(),
  permissions: z.array(permissionSchema).default([{ path: '/', propagate: true, privileges: 'all' }]),
});

const datastoreSchema = z.object({
  name: z.string(),
  datacenter: z.string(),
  /** A VVOL or vSAN datastore, and a VMFS one without `vmfs`, hold no files here: their VMs are there to be refused. */
  type: z.enum(['NFS', 'NFS41', 'VMFS', 'VVOL', 'vsan']).default('NFS'),
  /** False: no host can access it (any more). */
  accessible: z.boolean().default(true),
  /** As typed by the administrator who mounted it. */
  remoteHost: z.string().optional(),
  /** NFS 4.1: several addresses. */
  remoteHosts: z.array(z.string()).optional(),
  remotePath: z.string().optional(),
  /** NFS: size of the export. A VMFS datastore over LUNs is as large as they make it. */
  capacityBytes: bytes.default(1 << 30),
  /** VMFS without files: the LUN of its one extent, as it is shown. */
  diskName: z.string().optional(),
  /** The same for several extents, the head first. */
  diskNames: z.array(z.string()).min(1).max(32).optional(),
  /** VMFS over LUNs of simulated arrays: formatted anew at each start, and written block by block by the hosts. */
  vmfs: z
    .object({
      version: z.union([z.literal(5), z.literal(6)]).default(6),
      /** Canonical names (`naa.…`, `eui.…`) of the extents, the head extent first. */
      luns: z.array(z.string()).min(1).max(32),
      /** `scattered`: blocks are taken from anywhere, as on an old volume. */
      placement: z.enum(['sequential', 'scattered']).default('sequential'),
      partitionTable: z.enum(['gpt', 'mbr', 'none']).default('gpt'),
    })
    .optional(),
  /** Where the files really go: over NFS version 3, or into a folder of this machine. */
  files: z
    .discriminatedUnion('kind', [
      z.object({
        kind: z.literal('nfs'),
        address: z.string(),
        exportPath: z.string(),
        nfsPort: z.number().int().optional(),
        mountPort: z.number().int().optional(),
        portmapPort: z.number().int().optional(),
      }),
      z.object({ kind: z.literal('folder'), path: z.string() }),
    ])
    .optional(),
});

const hostSchema = z.object({
  name: z.string(),
  datacenter: z.string(),
  cluster: z.string(),
  /** Local address that the host's NFS traffic comes from. */
  sourceAddress: z.string().optional(),
  /** Of its software iSCSI adapter; by default made of the host's name. */
  initiatorName: z.string().optional(),
  /** Doors of simulated arrays for hosts: whatever is mapped to the initiator's name is a LUN of the host. */
  san: z.array(z.object({ address, port: z.number().int(), token: z.string() })).default([]),
  /** Its own HTTPS door with `/folder`, its own certificate and accounts; other API calls are not answered there. */
  door: z
    .object({
      listen: z.object({ address, port }).default({ address: '127.0.0.1', port: 0 }),
      accounts: z.array(z.object({ userName: z.string(), password: z.string() })).default([]),
      /** A new self-signed one is made without it. */
      certificate: z.object({ keyPem: z.string(), certificatePem: z.string() }).optional(),
    })
    .optional(),
  /** File transfers at once, those for vCenter included; more are answered with 503. 0: no limit. */
  maxTransfers: z.number().int().min(0).default(0),
  /** How long I/O waits for a path that is away before it fails. */
  pathsDownTimeoutMs: z.number().int().positive().default(140_000),
});

const snapshotSchema = z.object({
  name: z.string(),
  description: z.string().default(''),
  quiesce: z.boolean().default(false),
  /** Written to the VM's disks after this VMware snapshot: what its child deltas hold. */
  writesAfter: z.object({ seed: z.number().int(), bytes: z.number().int().min(0) }).optional(),
});

const diskSchema = z.object({
  sizeBytes: bytes,
  /** Name of another datastore of the datacenter; by default that of the VM. */
  datastore: z.string().optional(),
  /** A linked clone: the disk is a delta, and what it stands on lies in the folder `NAME base` of this datastore. */
  linkedTo: z.string().optional(),
  /** Thick disks are zeroed on first write (`lazy`, also called `flat`) or at once (`eager`). */
  provisioning: z.enum(['thin', 'flat', 'lazy', 'eager']).default('thin'),
  /** `scsi0:0`, `sata0:1`, `nvme0:0`; by default the next on scsi0. */
  node: z
    .string()
    .regex(/^(scsi|sata|nvme)\d:\d+$/)
    .optional(),
  mode: z.enum(['persistent', 'independent_persistent', 'independent_nonpersistent']).default('persistent'),
  rdm: z.enum(['virtual', 'physical']).optional(),
  sharing: z.enum(['sharingNone', 'sharingMultiWriter']).default('sharingNone'),
  /** Initial content; nothing is written without it. */
  fill: z.object({ seed: z.number().int(), ratio: z.number().min(0).max(1) }).optional(),
});

export const migrationSchema = z.object({
  /** `relocate`: to another host, datastore or both; `migrate`: to another host; `drs`: the same, by DRS. */
  kind: z.enum(['relocate', 'migrate', 'drs']),
  durationMs: z.number().int().positive(),
});

const vmSchema = z.object({
  name: z.string(),
  datacenter: z.string(),
  /** Folder path below the datacenter's VM folder, `a/b`; empty for the VM folder itself. */
  folder: z.string().default(''),
  host: z.string(),
  datastore: z.string(),
  instanceUuid: z.uuid().optional(),
  biosUuid: z.uuid().optional(),
  hardwareVersion: z.number().int().default(19),
  guestId: z.string().default('debian12_64Guest'),
  firmware: z.enum(['bios', 'efi']).default('efi'),
  cpus: z.number().int().default(2),
  memoryMb: z.number().int().default(2048),
  powerState: z.enum(['poweredOn', 'poweredOff', 'suspended']).default('poweredOn'),
  toolsRunning: z.boolean().default(true),
  /** Without VMware Tools they do not run either. */
  toolsInstalled: z.boolean().default(true),
  template: z.boolean().default(false),
  /** The home and all disks. */
  encrypted: z.boolean().default(false),
  /** A virtual TPM: it takes an encrypted home; the disks are as `encrypted` says. */
  vtpm: z.boolean().default(false),
  /** No `config`, connection state as `connection`; the datastore holds nothing of it. */
  inaccessible: z.boolean().default(false),
  /** Of a VM without `config`; with `disconnected` the VM has one, and its host does not answer. */
  connection: z
    .enum(['connected', 'disconnected', 'orphaned', 'inaccessible', 'invalid'])
    .default('connected'),
  /** Protected by Fault Tolerance. */
  faultTolerance: z.boolean().default(false),
  /** Controllers that share their bus with VMs on the same host (`virtual`) or any host (`physical`). */
  sharedBuses: z.record(z.string().regex(/^scsi\d$/), z.enum(['virtual', 'physical'])).default({}),
  /** Under way when the simulator starts. It ends as if somebody had cancelled it: the VM stays where it is. */
  migration: migrationSchema.optional(),
  snapshotsDisabled: z.boolean().default(false),
  changeTracking: z.boolean().default(false),
  disks: z.array(diskSchema).default([]),
  /** VMware snapshots that the VM has from the start, each the child of the one before. */
  snapshots: z.array(snapshotSchema).max(31).default([]),
  /** Writes of the running guest, to all its disks together. */
  guest: z
    .object({
      seed: z.number().int().default(1),
      bytesPerSecond: z.number().min(0).default(0),
      /** `records`: numbered ones in strict order over all disks, for `newestRecord` to check. */
      pattern: z.enum(['random', 'records']).default('random'),
      /**
       * What VMware Tools quiesce it with. `vss`: a Windows guest whose VSS writers go on to write to the frozen state,
       * for which hosts make a second redo log of each disk; the VMware snapshot then means that one.
       */
      quiesce: z.enum(['filesystem', 'vss']).default('filesystem'),
    })
    .default({ seed: 1, bytesPerSecond: 0, pattern: 'random', quiesce: 'filesystem' }),
});

/** What a simulated vCenter with its hosts looks like. Every start begins anew: nothing is kept from the last one. */
export const vcenterConfigSchema = z.object({
  name: z.string().default('vcenter.lab'),
  instanceUuid: z.uuid(),
  /** Newest API version that is spoken. */
  apiVersion: z.string().default('8.0.3.0'),
  build: z.string().default('24322831'),
  listen: z.object({ address, port }).default({ address: '127.0.0.1', port: 0 }),
  control: z.object({ address, port, token: z.string().min(16) }),
  /** Local folder for the disks' true content; its sub-folders `truth` and `datastores` are emptied. */
  folder: z.string(),
  /** Certificate to show; a new self-signed one is made without it. */
  certificate: z.object({ keyPem: z.string(), certificatePem: z.string() }).optional(),
  accounts: z.array(accountSchema).min(1),
  sessionIdleMs: z.number().int().positive().default(1_800_000),
  maxSessions: z.number().int().positive().default(100),
  /** File transfers through vCenter at once; more are answered with 503. 0: no limit. */
  maxTransfers: z.number().int().min(0).default(0),
  /** Objects per page of RetrievePropertiesEx, whatever the client asks for. */
  pageLimit: z.number().int().positive().default(500),
  /** Namespace prefixes as an unusual server would choose them. */
  unusualPrefix: z.boolean().default(false),
  taskMs: z
    .object({ queued: z.number().min(0), snapshot: z.number().min(0), other: z.number().min(0) })
    .default({ queued: 20, snapshot: 200, other: 50 }),
  /** Tasks are forgotten this long after their end. */
  taskKeepMs: z.number().default(600_000),
  cbt: z
    .object({
      maxAreas: z.number().int().positive(),
      /** Part of unchanged blocks reported as changed. */
      falsePositiveFraction: z.number().min(0).max(1),
    })
    .default({ maxAreas: 2000, falsePositiveFraction: 0.002 }),
  hosts: z.array(hostSchema).min(1),
  datastores: z.array(datastoreSchema).min(1),
  vms: z.array(vmSchema),
});

export type VcenterConfig = z.infer<typeof vcenterConfigSchema>;
/** As written in a config file: everything with a default may be left out. */
export type VcenterConfigInput = z.input<typeof vcenterConfigSchema>;
export type DatastoreConfig = z.infer<typeof datastoreSchema>;
export type HostConfig = z.infer<typeof hostSchema>;
export type VmConfig = z.infer<typeof vmSchema>;
export type MigrationConfig = z.infer<typeof migrationSchema>;
export type VmDiskConfig = z.infer<typeof diskSchema>;
export type AccountConfig = z.infer<typeof accountSchema>;
