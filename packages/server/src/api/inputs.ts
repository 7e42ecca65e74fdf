import { isAbsolute } from 'node:path';
import { quiescePolicies, relationRules } from '@leeward/core';
import { z } from 'zod';
import { scheduleChanges, scheduleInput } from './schedule-inputs.ts';

const name = z.string().min(1).max(200);
const port = z.int().min(1).max(65_535);
const absolutePath = z.string().refine(isAbsolute, 'must be an absolute path');

/** The console lies at the root of its origin. */
const publicUrl = z
  .url({ protocol: /^https$/ })
  .max(300)
  .refine(
    (text) => isOrigin(text),
    'must be an address without account, path and more: https://backup.example',
  )
  .transform((text) => new URL(text).origin);

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = URL.parse(text);
  // What is no address at all is said by `z.url`.
  if (!url) return true;
  const { username, password, pathname, search, hash } = url;
  return `${username}${password}${search}${hash}` === '' && pathname === '/';
}

/** Inputs of the API; the same schemas validate and describe. */
export const addVcenter = z.strictObject({
  name,
  host: z.string().min(1),
  port: port.optional(),
  username: z.string().min(1),
  password: z.string().min(1),
  fingerprint: z.string().optional(),
  caPem: z.string().optional(),
});

const nfsPorts = z.record(z.string(), z.strictObject({ nfsPort: port, mountPort: port }));
const iscsiPorts = z.record(z.string(), port);

const account = { username: z.string().min(1), password: z.string().min(1) };
const editAccount = z.strictObject(account).partial();
const mutualMeaning = 'What the array proves itself with to the proxies in turn (mutual CHAP)';

function saysSomething(given: object): boolean {
  return Object.values(given).some((value) => value !== undefined);
}

export const addArray = addVcenter.extend({
  family: z.string(),
  nfsPorts: nfsPorts.optional(),
  iscsiPorts: iscsiPorts.optional(),
  chap: z
    .strictObject({ ...account, mutual: z.strictObject(account).optional().describe(mutualMeaning) })
    .optional()
    .describe('What proxies log in with over iSCSI'),
});

/** What is left out stays as it is. */
export const editVcenter = addVcenter.omit({ name: true }).partial();

export const editArray = editVcenter.extend({
  nfsPorts: nfsPorts.optional().describe('Instead of all that are known; an empty table is none'),
  iscsiPorts: iscsiPorts.optional(),
  chap: editAccount
    .extend({
      mutual: editAccount
        .refine(saysSomething, 'is empty')
        .nullable()
        .optional()
        .describe(`${mutualMeaning}; \`null\`: with nothing`),
    })
    .refine(saysSomething, 'is empty')
    .nullable()
    .optional()
    .describe('`null`: proxies log in without CHAP'),
});

export const addRepository = z.strictObject({
  name,
  path: absolutePath,
  password: z.string().min(1),
  /** Make a new one instead of registering one that exists. */
  init: z.boolean().default(false),
  blockSizeBytes: z
    .int()
    .min(256 * 1024)
    .max(4096 * 1024)
    .optional(),
});

/** What is left out stays as it is. */
export const editRepository = z.strictObject({
  path: absolutePath.optional(),
  password: z.string().min(1).optional(),
});

export const repairRepository = z.strictObject({
  packs: z
    .array(z.string().regex(/^[0-9a-f]{64}$/, 'must be the id of a pack'))
    .min(1)
    .optional()
    .describe('Only these; every pack where left out'),
});

export const checkRepository = z.strictObject({ readData: z.boolean().default(false) });

export const explainJob = z.strictObject({
  vm: z.string().min(1).describe('Name, inventory path or id of a VM of the job'),
});

const chainLength = z.int().min(1).max(1_000);
const chainDays = z.int().min(1).max(36_500);

export const createJob = z.strictObject({
  name,
  vms: z.array(z.string().min(1)).min(1),
  repository: z
    .string()
    .min(1)
    .optional()
    .describe('Where the points go; left out exactly with `snapshotOnly`'),
  snapshotOnly: z
    .boolean()
    .optional()
    .describe('Long-term storage snapshots only; one chain at least has to be asked for'),
  relation: z.string().optional(),
  relationRule: z.enum(relationRules).optional(),
  preferredArrays: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Secondary arrays whose relations are taken before others, best first'),
  failoverToPrimary: z.boolean().optional(),
  finishOnPrimary: z.boolean().optional(),
  failoverToStandard: z.boolean().optional(),
  failOnDowngrade: z.boolean().optional(),
  quiesce: z
    .union([z.enum(quiescePolicies), z.boolean()])
    .optional()
    .describe('Of VMware Tools; `true` is `fall-back`, `false` is `off`'),
  cbtSampleFraction: z.number().min(0).max(1).optional(),
  preScript: absolutePath.optional().describe('Executable on the server, run as the user of the service'),
  postScript: absolutePath.optional(),
  scriptTimeoutMs: z.int().min(1_000).max(86_400_000).optional(),
  vmsPerStorageSnapshot: z.int().min(1).optional(),
  vmwareSnapshotBudgetMs: z
    .int()
    .min(1_000)
    .max(86_400_000)
    .optional()
    .describe('Groups are formed so that VMware snapshots are expected to exist no longer'),
  standardMaxSnapshotMs: z.int().min(60_000).max(1_209_600_000).optional(),
  secondaryKeep: chainLength.optional(),
  secondaryKeepDays: chainDays.optional(),
  primaryKeep: chainLength.optional(),
  primaryKeepDays: chainDays.optional(),
  secondaryLockDays: z.int().min(1).max(36_500).optional(),
  primaryLockDays: z.int().min(1).max(36_500).optional(),
  keepPoints: z.int().min(1).max(10_000).optional(),
  maxRelationLagMs: z.int().min(0).optional(),
  settlePauseMs: z.int().min(0).max(600_000).optional(),
  transferTimeoutMs: z.int().min(1_000).optional(),
  schedule: scheduleInput.optional().describe('When it is started by itself; left out: only by hand'),
});

export const editJob = createJob
  .omit({ repository: true, snapshotOnly: true })
  .partial()
  .extend({
    secondaryKeep: chainLength.nullable().optional().describe('`null`: none; only of snapshot-only jobs'),
    secondaryKeepDays: chainDays.nullable().optional(),
    primaryKeep: chainLength.nullable().optional(),
    primaryKeepDays: chainDays.nullable().optional(),
    relation: createJob.shape.relation.nullable().describe('`null`: the only one, or by the rule'),
    vmsPerStorageSnapshot: createJob.shape.vmsPerStorageSnapshot.nullable().describe('`null`: no limit'),
    secondaryLockDays: createJob.shape.secondaryLockDays.nullable().describe('`null`: no lock any more'),
    primaryLockDays: createJob.shape.primaryLockDays.nullable(),
    keepPoints: createJob.shape.keepPoints.nullable().describe('`null`: all stay'),
    maxRelationLagMs: createJob.shape.maxRelationLagMs.nullable().describe('`null`: however far behind'),
    preScript: absolutePath.nullable().optional().describe('`null`: none any more'),
    postScript: absolutePath.nullable().optional(),
    preferredArrays: z.array(z.string().min(1)).min(1).nullable().optional(),
    vmwareSnapshotBudgetMs: z.int().min(1_000).max(86_400_000).nullable().optional(),
    schedule: scheduleChanges.nullable().optional().describe('`null`: only by hand any more'),
  });

const atOnce = z.int().min(1).max(10_000).optional();

/** What is left out stays as it is. */
export const editSettings = z.strictObject({
  limits: z
    .strictObject({
      vmwareSnapshotsPerDatastore: atOnce,
      vmwareSnapshotsPerHost: atOnce,
      vmwareSnapshotsPerVcenter: atOnce,
      standardVmsPerHost: atOnce,
      standardVmsPerVcenter: atOnce,
    })
    .optional(),
  dataPath: z
    .strictObject({
      giveUpSeconds: z.number().int().min(5).max(3600).optional(),
      standardThrough: z.enum(['vcenter', 'host']).optional(),
    })
    .optional(),
  reports: z
    .strictObject({
      dailyAt: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day: 08:00')
        .optional(),
      timeZone: z.string().min(1).max(100).optional().describe('IANA name'),
    })
    .optional(),
  audit: z
    .strictObject({
      keepDays: z.int().min(30).max(36_500).nullable().optional().describe('`null`: all are kept'),
    })
    .optional(),
  console: z
    .strictObject({
      publicUrl: publicUrl
        .nullable()
        .optional()
        .describe('`https://backup.example`; `null`: nothing links to it'),
    })
    .optional(),
  monitoring: z
    .strictObject({
      vmLateAfterHours: z.int().min(1).max(8_760).optional(),
      otlpEndpoint: z
        .url({ protocol: /^https?$/ })
        .refine(
          (url) => !/^[^/]*\/\/[^/]*@/.test(url),
          'must hold no account; give it in OTEL_EXPORTER_OTLP_HEADERS',
        )
        .nullable()
        .optional()
        .describe('`null`: as the environment of the server says, else nowhere'),
    })
    .optional(),
  serverBackup: z
    .strictObject({
      repository: z.string().min(1).nullable().optional().describe('Name or id; `null`: none'),
      everyHours: z.int().min(1).max(168).optional(),
      keep: z.int().min(1).max(1_000).optional(),
    })
    .optional(),
});

export const restoreVm = z
  .strictObject({
    point: z.string().optional(),
    vm: z.string().optional(),
    toFolder: absolutePath,
    proxy: z.string().min(1).optional(),
    overwrite: z.boolean().optional(),
  })
  .refine(({ point, vm }) => (point === undefined) !== (vm === undefined), 'needs either a point or a VM');

export const editProxy = z.strictObject({
  restoreFolders: z
    .array(absolutePath)
    .min(1)
    .max(50)
    .nullable()
    .optional()
    .describe(
      'Paths on its host: in these and below restores are written; `null`: anywhere, by administrators alone',
    ),
});

export const byId = z.object({ id: z.string().min(1) });

export const chainFilter = z.strictObject({
  job: z.string().min(1).optional().describe('Name or id'),
});

export const byJobAndName = byId.extend({ name: z.string().min(1).describe('Of the storage snapshot') });

export const deleteFromChain = z.strictObject({
  side: z.enum(['primary', 'secondary']).optional().describe('Missing: both'),
  force: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .describe('Also what the next transfer starts from, and the last one of a chain'),
});
