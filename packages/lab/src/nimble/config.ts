import { z } from 'zod';
import { hostDoorSchema } from '../san/host-config.ts';

const portSchema = z.number().int().min(0).max(65535);
const mebibyteSchema = z.number().int().positive();

const userSchema = z.object({
  name: z.string(),
  password: z.string(),
  role: z.enum(['administrator', 'poweruser', 'operator', 'guest']).default('administrator'),
  disabled: z.boolean().default(false),
});

const poolSchema = z.object({ name: z.string(), capacityMib: mebibyteSchema.default(64 * 1024 * 1024) });

const initiatorGroupSchema = z.object({
  name: z.string(),
  iqns: z.array(z.string()).default([]),
  description: z.string().default(''),
});

const volumeSchema = z.object({
  name: z.string(),
  sizeMib: mebibyteSchema,
  pool: z.string().default('default'),
  volumeCollection: z.string().optional(),
  online: z.boolean().default(true),
  targetScope: z.enum(['volume', 'group']).optional(),
  /** 32 hex digits; the second half begins with 6c9ce9. Absent: made up. */
  serial: z
    .string()
    .regex(/^[0-9a-f]{16}6c9ce9[0-9a-f]{10}$/)
    .optional(),
  /** Initiator groups with access; `applyTo` of all of them. */
  access: z.array(z.string()).default([]),
  applyTo: z.enum(['both', 'volume', 'snapshot']).default('volume'),
});

const scheduleSchema = z.object({
  name: z.string(),
  type: z.enum(['regular', 'external_trigger']).default('regular'),
  period: z.number().int().min(1).default(1),
  periodUnit: z.enum(['minutes', 'hours', 'days', 'weeks']).default('days'),
  atTimeSeconds: z.number().int().min(0).max(86_399).default(0),
  untilTimeSeconds: z.number().int().min(0).max(86_399).default(86_399),
  days: z.string().default('all'),
  retain: z.number().int().min(1).default(10),
  retainReplica: z.number().int().min(0).default(1),
  /** Name of the replication partner. */
  partner: z.string().optional(),
  replicateEvery: z.number().int().min(1).default(1),
});

const volumeCollectionSchema = z.object({
  name: z.string(),
  description: z.string().default(''),
  /** `synchronous`: its schedules name a pool of this group as their partner; its volumes get a twin there. */
  replicationType: z.enum(['periodic_snapshot', 'synchronous']).default('periodic_snapshot'),
  schedules: z.array(scheduleSchema).default([]),
});

const partnerSchema = z.object({
  /** Name of the remote group. */
  name: z.string(),
  hostname: z.string().default('127.0.0.1'),
  /** The remote group's replication door; 0: told later through the control door. */
  dataPort: portSchema.default(0),
  secret: z.string().min(8),
  pool: z.string().default('default'),
  paused: z.boolean().default(false),
});

/** One simulated group. Volume sizes in MiB as the system counts them, times in milliseconds. */
export const nimbleConfigSchema = z.object({
  group: z.object({
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/),
    /** 16 hex digits, part of every id. */
    uid: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .optional(),
    version: z
      .string()
      .regex(/^\d+\.\d+\.\d+\.\d+-\d+-opt$/)
      .default('6.1.1.200-1020304-opt'),
    arrays: z
      .array(
        z.object({
          name: z.string(),
          serial: z.string(),
          model: z.string().default('AF40'),
          /** The pool that lives on it; absent: the first one. */
          pool: z.string().optional(),
        }),
      )
      .min(1)
      .optional(),
    /** `Automatic`: with a witness, which the group then has; hosts and management go over by themselves. */
    failoverMode: z.enum(['Manual', 'Automatic']).default('Manual'),
    targetScope: z.enum(['volume', 'group']).default('volume'),
    iscsi: z.boolean().default(true),
    inactivityTimeoutSeconds: z.number().int().min(1).default(1800),
    snapshotTtlSeconds: z.number().int().min(1).default(2_592_000),
    /** Present on releases that can lock snapshots. */
    maxLockPeriodSeconds: z.number().int().min(1).optional(),
  }),
  users: z.array(userSchema).min(1),
  pools: z.array(poolSchema).default([{ name: 'default', capacityMib: 64 * 1024 * 1024 }]),
  subnets: z
    .array(
      z.object({
        label: z.string(),
        network: z.string(),
        netmask: z.string().default('255.255.255.0'),
        type: z.enum(['mgmt', 'data', 'mgmt,data']).default('data'),
        discoveryAddress: z.string(),
        /** One for each port of the first array. */
        dataAddresses: z.array(z.string()),
        /** Those of other arrays, by the array's name. */
        otherAddresses: z.record(z.string(), z.array(z.string())).default({}),
      }),
    )
    .default([]),
  iscsiPort: portSchema.default(0),
  initiatorGroups: z.array(initiatorGroupSchema).default([]),
  partners: z.array(partnerSchema).default([]),
  volumeCollections: z.array(volumeCollectionSchema).default([]),
  volumes: z.array(volumeSchema).default([]),
  rest: z
    .object({
      address: z.string().default('127.0.0.1'),
      port: portSchema.default(0),
      hostNames: z.array(z.string()).default([]),
    })
    .prefault({}),
  control: z.object({ port: portSchema.default(0), token: z.string().min(8) }),
  replication: z
    .object({ address: z.string().default('127.0.0.1'), port: portSchema.default(0) })
    .prefault({}),
  hosts: hostDoorSchema.optional(),
  limits: z
    .object({
      snapshotsPerVolume: z.number().int().min(1).default(1000),
      snapshotsPerGroup: z.number().int().min(1).default(300_000),
      collectionsPerVolumeCollection: z.number().int().min(1).default(1000),
      accessRecordsPerVolume: z.number().int().min(1).default(64),
      volumes: z.number().int().min(1).default(10_000),
      sessionsPerUser: z.number().int().min(0).default(0),
    })
    .prefault({}),
  behaviour: z
    .object({
      /** How long writes of the REST interface take. */
      operationMs: z.number().min(0).default(100),
      /** `METHOD set` that answer 202 and a job; `*` stands for anything, e.g. `POST snapshot*`. */
      asynchronous: z.array(z.string()).default([]),
      /** 0: as fast as it goes. */
      replicationBytesPerSecond: z.number().min(0).default(0),
      /** Pause before each replication begins. */
      replicationLatencyMs: z.number().min(0).default(0),
      /** A replication that makes no progress for so long is given up (`fail`); absent: never. */
      replicationGiveUpMs: z.number().positive().optional(),
      /** Rows in an answer, at most; fewer than the real 1024 make callers page. */
      pageRows: z.number().int().min(1).max(1024).default(1024),
      /** Some releases refuse `GET snapshots` without a filter. */
      snapshotFilterRequired: z.boolean().default(false),
      /** Some releases leave attributes out of rows of `GET snapshots`. */
      sparseSnapshotRows: z.boolean().default(false),
      /** Deleting replica collections downstream (unverified on the real system). */
      replicaDelete: z.enum(['allowed', 'not-owner', 'unsupported']).default('allowed'),
      /** Do metadata travel to the replica (unverified)? */
      replicaMetadata: z.boolean().default(false),
      /** `creation_time` of a replica (unverified). */
      replicaTime: z.enum(['upstream', 'arrival']).default('upstream'),
      /** How long a synchronous pair takes to come in sync (again). */
      resyncMs: z.number().min(0).default(500),
      /** How long hosts and management stand still until the other array has taken over. */
      switchoverMs: z.number().min(0).default(500),
      /** Is a coordinated snapshot collection made only with `replicate: true` (unverified)? */
      syncNeedsReplicate: z.boolean().default(true),
      /** What a deletion of one half of a coordinated snapshot collection takes along (unverified). */
      peerDelete: z.enum(['independent', 'both']).default('independent'),
      /** Which marks of a snapshot collection its other half gets (unverified). */
      peerMarks: z.enum(['none', 'description', 'all']).default('none'),
      /** Does the downstream half say `is_replica` (unverified)? */
      peerIsReplica: z.boolean().default(true),
      /** How long the downstream half stays invisible after the call that made both. */
      peerRowDelayMs: z.number().min(0).default(0),
      /** Are snapshot collections of a pair taken while it runs on one side (unverified)? */
      soloSnapshots: z.enum(['allowed', 'refused']).default('allowed'),
      /** What a pair says of itself while one of its arrays is lost (unverified). */
      lostState: z.enum(['out_of_sync', 'unknown']).default('out_of_sync'),
      /** Where the downstream volume shows the identity of the pair (unverified). */
      pairIdentity: z.enum(['serial_number', 'secondary_serial_number']).default('serial_number'),
      /** How long a replica stays invisible after the upstream side says `complete`. */
      replicaRowDelayMs: z.number().min(0).default(0),
    })
    .prefault({}),
  /** Folder for the pools' backing files, which have no name and vanish with the process. */
  dataFolder: z.string(),
});

export type NimbleConfig = z.infer<typeof nimbleConfigSchema>;
export type NimbleConfigInput = z.input<typeof nimbleConfigSchema>;
export type ScheduleConfig = z.infer<typeof scheduleSchema>;
export type VolumeConfig = z.infer<typeof volumeSchema>;
export type Behaviour = NimbleConfig['behaviour'];
