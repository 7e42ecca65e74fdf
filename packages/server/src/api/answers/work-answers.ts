import type {
  ChainLink,
  MadeByHand,
  Point,
  ProxyView,
  RegisteredRepository,
  RemovedRepository,
  RepositoryCheck,
  RepositoryRepair,
  RepositoryRescan,
  RepositoryUsage,
} from '@leeward/engine';
import { heldVmSchema } from '@leeward/engine/backup/storage-snapshot-detail';
import { linkOwners, linkStates } from '@leeward/engine/chains/explained-chain';
import { pointFactsSchema } from '@leeward/engine/store/points';
import { reachSchema } from '@leeward/engine/store/proxies';
import { z } from 'zod';
import { named } from './named.ts';
import { source } from './plan-answer.ts';
import { errorReport } from './problem-answer.ts';

const time = z.iso.datetime();
const count = z.int().min(0);

export const proxyView = named(
  'Proxy',
  z.object({
    id: z.string(),
    name: z.string(),
    online: z.boolean(),
    addresses: z.array(z.string()),
    slots: z.int().describe('VMs that it reads at the same time'),
    seenAt: time.optional(),
    initiatorName: z.string().optional().describe('Under which it logs in over iSCSI'),
    restoreFolders: z
      .array(z.string())
      .optional()
      .describe('In these and below restores are written; missing: anywhere, by administrators alone'),
    reach: reachSchema.describe('What probes proved'),
  }) satisfies z.ZodType<ProxyView>,
);

export const registeredRepository = named(
  'Repository',
  z.object({
    id: z.string(),
    name: z.string(),
    path: z.string(),
    resticId: z.string(),
    secretId: z.string().describe('Under which its password is sealed'),
  }) satisfies z.ZodType<RegisteredRepository>,
);

export const repositoryUsage = named(
  'RepositoryUsage',
  z.object({
    repositoryId: z.string(),
    points: count,
    storedBytes: count.describe('What its points stored when they were made'),
  }) satisfies z.ZodType<RepositoryUsage>,
);

export const repositoryCheck = named(
  'RepositoryCheck',
  z.object({
    ok: z.boolean(),
    problems: z.array(errorReport),
    damagedPacks: z.array(z.string()).describe('What a repair takes out'),
    points: z.array(
      z.object({
        id: z.string(),
        time: z.string(),
        host: z.string(),
        tags: z.array(z.string()),
        damagedPaths: z.array(z.string()).describe('What cannot be restored completely'),
      }),
    ),
    packs: count,
    blobs: count,
    bytesRead: count,
    unusedPacks: count,
  }) satisfies z.ZodType<RepositoryCheck>,
);

export const repositoryRepair = named(
  'RepositoryRepair',
  z.object({
    packs: z.array(
      z.object({
        packId: z.string(),
        problem: errorReport.describe('What was seen first'),
        rescuedBlobs: count.describe('That were whole, or are in another pack too'),
        lostBlobs: count.describe('Until they are stored again'),
        setAsideAt: z.string().optional().describe('Where the file lies now; missing when it was gone'),
      }),
    ),
    indexFilesRemoved: count,
    indexFilesWritten: count,
  }) satisfies z.ZodType<RepositoryRepair>,
);

export const removedRepository = named(
  'RemovedRepository',
  z.object({
    repository: registeredRepository,
    points: count.describe('That are known no more; they stay in the repository'),
  }) satisfies z.ZodType<RemovedRepository>,
);

export const repositoryRescan = named(
  'RepositoryRescan',
  z.object({
    known: count.describe('Points that were known before, and are there'),
    added: count.describe('Points that were there and not known: they can be restored now'),
    gone: count.describe('Points that were known and are not there any more: forgotten'),
    others: count.describe('Snapshots that are no points of VMs'),
    problems: z.array(errorReport).describe('What cannot be taken up, or not read at all'),
  }) satisfies z.ZodType<RepositoryRescan>,
);

export const point = named(
  'Point',
  z.object({
    id: z.string().describe('The id of the restic snapshot'),
    vmKey: z.string(),
    vmName: z.string(),
    vcenterName: z.string(),
    jobId: z.string(),
    runId: z.string(),
    repositoryId: z.string(),
    createdAt: time.describe('The moment that the point stands for'),
    source,
    facts: pointFactsSchema,
  }) satisfies z.ZodType<Point>,
);

export const chainLink = named(
  'ChainLink',
  z.object({
    name: z.string(),
    place: z
      .enum(['primary', 'middle', 'secondary'])
      .describe('`middle`: of a cascade, between primary and secondary'),
    hop: z.int().optional().describe('Transfers from the primary to here'),
    arrayId: z.string(),
    arrayName: z.string(),
    volumeName: z.string(),
    state: z
      .enum(linkStates)
      .describe('`gone`: somebody deleted it; `unknown`: its array cannot be asked, or no run sees to it'),
    owner: z.enum(linkOwners).describe('`foreign`: not made by Leeward'),
    role: z.enum(['temporary', 'long-term', 'auxiliary']).optional(),
    jobId: z.string().optional(),
    runId: z.string().optional().describe('That made it; begins with `hand-` where a user did'),
    createdAt: time,
    vms: z
      .array(heldVmSchema)
      .optional()
      .describe('VMs of the job that it holds, with what lies on its volume'),
    lockedUntil: z.string().optional().describe('Time, or `forever`'),
    heldBy: z.array(z.string()).describe('Who holds it against deletion, in the words of the array'),
    reasons: z.array(z.string()).describe('Why it is kept, as codes; empty: it goes'),
    why: z.string(),
    goes: z.string(),
    goesAt: time.optional().describe('Where only time ends all reasons'),
  }) satisfies z.ZodType<ChainLink>,
);

export const madeByHand = named(
  'MadeByHand',
  z.object({
    name: z.string(),
    volumes: z.array(z.object({ arrayId: z.string(), arrayName: z.string(), volumeName: z.string() })),
  }) satisfies z.ZodType<MadeByHand>,
);

export const adopted = named(
  'AdoptedStorageSnapshots',
  z.object({ storageSnapshots: z.array(z.string()).describe('Names; they go by the rules of the job now') }),
);
