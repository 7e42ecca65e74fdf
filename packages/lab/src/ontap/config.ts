import { z } from 'zod';
import { hostDoorSchema } from '../san/host-config.ts';
import { lunOsTypes } from './storage/lun.ts';

const privilegeSchema = z.object({
  /** With `/api`; `*` stands for one path element. The most specific path decides. */
  path: z.string(),
  access: z.enum(['none', 'readonly', 'all', 'read_create', 'read_modify', 'read_create_modify']),
});

const roleSchema = z.object({ name: z.string(), privileges: z.array(privilegeSchema) });

const accountSchema = z.object({
  name: z.string(),
  password: z.string(),
  /** A built-in role (`admin`, `readonly`, `vsadmin`, …) or one of `roles`. */
  role: z.string().default('admin'),
  /** An account of one SVM. */
  svm: z.string().optional(),
});

const ruleSchema = z.object({
  index: z.number().int().positive().optional(),
  clients: z.array(z.string()).min(1),
  protocols: z.array(z.enum(['any', 'nfs', 'nfs3', 'nfs4', 'cifs', 'flexcache'])).default(['any']),
  ro: z.array(z.string()).default(['sys']),
  rw: z.array(z.string()).default(['never']),
  superuser: z.array(z.string()).default(['any']),
  anonymousUser: z.string().default('65534'),
});

const exportPolicySchema = z.object({ name: z.string(), rules: z.array(ruleSchema).default([]) });

const lunSchema = z.object({
  /** Below the volume: the LUN is `/vol/<volume>/<name>`. */
  name: z.string().regex(/^[A-Za-z0-9._{}-]+$/),
  sizeBytes: z.number().int().positive().multipleOf(4096),
  osType: z.enum(lunOsTypes).default('vmware'),
  comment: z.string().default(''),
  isSpaceReserved: z.boolean().default(false),
  /** 12 printable characters. Absent: made up. */
  serial: z
    .string()
    .regex(/^[!-~]{12}$/)
    .optional(),
  /** Igroups of the SVM; without `number` the lowest free one. */
  maps: z
    .array(z.object({ igroup: z.string(), number: z.number().int().min(0).max(4095).optional() }))
    .default([]),
});

const volumeSchema = z.object({
  name: z.string(),
  sizeBytes: z.number().int().positive(),
  type: z.enum(['rw', 'dp']).default('rw'),
  /** Mount point in the SVM's namespace; without it the volume is not mounted. */
  junction: z.string().startsWith('/').optional(),
  exportPolicy: z.string().default('default'),
  comment: z.string().optional(),
  snapshotDirectory: z.boolean().default(true),
  snapshotLocking: z.boolean().default(false),
  /** Folders to exist in the root of a new rw volume. */
  folders: z.array(z.string()).default([]),
  /** LUNs of a new rw volume; those of a dp volume arrive with its first transfer. */
  luns: z.array(lunSchema).default([]),
});

const igroupSchema = z.object({
  name: z.string(),
  osType: z.string().default('vmware'),
  protocol: z.enum(['iscsi', 'fcp', 'mixed']).default('iscsi'),
  comment: z.string().default(''),
  /** IQNs. */
  initiators: z.array(z.string()).default([]),
});

const chapUserSchema = z.object({ user: z.string(), password: z.string() });

/** The iSCSI service of an SVM. Its portals are the SVM's LIFs with `data_iscsi` among their services. */
const iscsiSchema = z.object({
  enabled: z.boolean().default(true),
  alias: z.string().optional(),
  /** Absent: made up. */
  targetName: z.string().optional(),
  credentials: z
    .array(
      z.object({
        /** A name, or `default`. */
        initiator: z.string(),
        type: z.enum(['chap', 'none', 'deny']),
        inbound: chapUserSchema.optional(),
        outbound: chapUserSchema.optional(),
      }),
    )
    .default([]),
});

const lifSchema = z.object({
  name: z.string(),
  /** Loopback address of its own, so that counters and export rules mean something. */
  address: z.string(),
  /** `data_core`, `data_nfs`, `data_iscsi`, …; NFS and iSCSI never share an interface. */
  services: z.array(z.string()).default(['data_core', 'data_nfs']),
  /** Node that it lives on; absent: the first. */
  node: z.string().optional(),
  port: z.string().default('e0c'),
  iscsiPort: z.number().int().min(0).max(65535).default(0),
  nfsPort: z.number().int().min(0).max(65535).default(0),
  mountPort: z.number().int().min(0).max(65535).default(0),
  /** Serve a port mapper on this port; absent: none. */
  portmapPort: z.number().int().min(0).max(65535).optional(),
});

const svmSchema = z.object({
  name: z.string(),
  uuid: z.uuid().optional(),
  nfs: z.boolean().default(true),
  /** Absent: the SVM has no iSCSI service. */
  iscsi: iscsiSchema.optional(),
  igroups: z.array(igroupSchema).default([]),
  lifs: z.array(lifSchema).default([]),
  /** The policy `default` always exists, empty unless given here, as on the real system. */
  exportPolicies: z.array(exportPolicySchema).default([]),
  rootPolicy: z.string().default('default'),
  volumes: z.array(volumeSchema).default([]),
  consistencyGroups: z.array(z.object({ name: z.string(), volumes: z.array(z.string()) })).default([]),
  /**
   * SVMs of peer clusters: real name, the local alias where it differs, and the cluster by its name in `peers` where it
   * is not that of `peer`.
   */
  peers: z
    .array(z.object({ svm: z.string(), alias: z.string().optional(), cluster: z.string().optional() }))
    .default([]),
});

const retentionSchema = z.object({
  label: z.string(),
  count: z.number().int().min(1).max(1019),
  preserve: z.boolean().default(false),
  /** Lock on arrival, e.g. `P7D`, on destinations with snapshot locking. */
  period: z.string().optional(),
});

const mirrorPolicySchema = z.object({
  name: z.string(),
  kind: z.enum([
    'mirror-all',
    'mirror-latest',
    'vault',
    'mirror-vault',
    'sync',
    'strict-sync',
    'automated-failover',
    'automated-failover-duplex',
  ]),
  svm: z.string().optional(),
  retention: z.array(retentionSchema).default([]),
});

const relationSchema = z.object({
  /** `alias:volume` or `alias:/cg/group`, spelled with the alias that the peer SVM has here. */
  source: z.string(),
  destination: z.string(),
  /** Of a relation between consistency groups: which volume of the source goes to which one here. */
  volumes: z.array(z.object({ source: z.string(), destination: z.string() })).default([]),
  policy: z.string(),
  /** `snapmirrored`: the baseline is transferred as soon as the peer answers. */
  state: z.enum(['uninitialized', 'snapmirrored']).default('snapmirrored'),
  /** Automatic updates. */
  everySeconds: z.number().positive().optional(),
});

const peerSchema = z.object({
  host: z.string().default('127.0.0.1'),
  /** Port of the other cluster's intercluster door; 0: told later through the control door. */
  port: z.number().int().min(0).max(65535).default(0),
  token: z.string().min(8),
});

/** Synchronous replication where the public documentation is silent; each default is a guess (unverified). */
const syncBehaviourSchema = z
  .object({
    /** The sides ask each other so often; 25 missed answers lose the sync. Milliseconds of the real clock. */
    pulseMs: z.number().positive().default(200),
    /** Deleting a storage snapshot on the source while in sync deletes it on the destination too, or there only. */
    deletes: z.enum(['both', 'source']).default('both'),
    /** DELETE of single storage snapshots on the destination: refused as on other mirrors (1638521), or allowed. */
    destinationDelete: z.enum(['refused', 'allowed']).default('refused'),
    /** The answer to the creation comes when the destination has it, or so much earlier. */
    replicaDelayMs: z.number().min(0).default(0),
    /** What out of sync stops in strict mode: documented are all I/O operations. */
    strictStops: z.enum(['all', 'writes']).default('all'),
    /** Relations that lost their sync get it back by themselves (documented for losses that nobody asked for). */
    autoResync: z.boolean().default(true),
  })
  .prefault({});

/** One simulated cluster. Sizes in bytes, times in milliseconds. */
export const ontapConfigSchema = z.object({
  cluster: z.object({
    name: z.string(),
    uuid: z.uuid().optional(),
    serialNumber: z.string().default('1-80-000011'),
    version: z
      .string()
      .regex(/^9\.\d+\.\d+$/)
      .default('9.14.1'),
    patch: z.string().default('P2'),
    variant: z.enum(['netapp', 'asa', 'asa-r2', 'lenovo', 'fujitsu']).default('netapp'),
    nodes: z
      .array(z.object({ name: z.string(), serialNumber: z.string(), model: z.string().optional() }))
      .optional(),
    aggregates: z.array(z.string()).default(['aggr1']),
    /** Part of a MetroCluster of this type: the two sites mirror whole aggregates below the volumes. */
    metrocluster: z.enum(['fc', 'fc_2_node', 'ip']).optional(),
  }),
  licenses: z
    .array(z.string())
    .default(['nfs', 'iscsi', 'fcp', 'flexclone', 'snaprestore', 'snapmirror', 'snapmirror_sync']),
  accounts: z.array(accountSchema).min(1),
  roles: z.array(roleSchema).default([]),
  svms: z.array(svmSchema).min(1),
  snapmirrorPolicies: z.array(mirrorPolicySchema).default([]),
  relations: z.array(relationSchema).default([]),
  rest: z
    .object({
      address: z.string().default('127.0.0.1'),
      port: z.number().int().min(0).max(65535).default(0),
      hostNames: z.array(z.string()).default([]),
    })
    .prefault({}),
  control: z.object({ port: z.number().int().min(0).max(65535).default(0), token: z.string().min(8) }),
  intercluster: z
    .object({
      address: z.string().default('127.0.0.1'),
      port: z.number().int().min(0).max(65535).default(0),
      token: z.string().min(8),
    })
    .optional(),
  peer: peerSchema.optional(),
  /** More peer clusters, as of one in the middle of a cascade. Synchronous relations are with that of `peer` alone. */
  peers: z.array(peerSchema.extend({ name: z.string() })).default([]),
  hosts: hostDoorSchema.optional(),
  behaviour: z
    .object({
      /** How long writes of the REST interface take; 202 and a job when longer than `return_timeout`. */
      operationMs: z.number().min(0).default(150),
      jobKeptMs: z.number().min(0).default(300_000),
      /** How long a second of a group's `action_timeout` is; less where clients hurry. */
      actionSecondMs: z.number().positive().default(1_000),
      /** 0: as fast as it goes. */
      transferBytesPerSecond: z.number().min(0).default(0),
      /** More cannot be made in one SVM; those in the recovery queue count. */
      volumesPerSvm: z.number().int().min(1).default(12_000),
      maxTransfers: z.number().int().positive().default(100),
      accessCache: z
        .object({ positiveMs: z.number().default(3_600_000), negativeMs: z.number().default(3_600_000) })
        .optional(),
      /** Deleting single snapshots on a vault destination: allowed, or refused with 1638521 (unverified). */
      vaultDelete: z.enum(['allowed', 'refused']).default('allowed'),
      /** Of SnapLock, by which locks of storage snapshots end. It runs only once an administrator initialized it. */
      complianceClock: z.enum(['runs', 'not-initialized']).default('runs'),
      /** Taking a volume offline or deleting it while LUNs in it are mapped (unverified). */
      mappedVolumes: z.enum(['kept', 'removed']).default('kept'),
      sync: syncBehaviourSchema,
    })
    .prefault({}),
  /** Folder for the volumes' backing files, which have no name and vanish with the process. */
  dataFolder: z.string(),
});

export type OntapConfig = z.infer<typeof ontapConfigSchema>;
export type OntapConfigInput = z.input<typeof ontapConfigSchema>;
export type SvmConfig = OntapConfig['svms'][number];
export type VolumeConfig = SvmConfig['volumes'][number];
export type LifConfig = SvmConfig['lifs'][number];
