import type { CleanedOrphans, FoundOrphans } from '@leeward/engine';
import { z } from 'zod';
import { named } from './named.ts';

const found = z.object({
  orphans: z.array(
    z.object({
      systemName: z.string(),
      kind: z.enum([
        ...['presentation', 'transfer', 'vmware-snapshot', 'storage-snapshot'],
        ...['clone', 'initiator-group', 'chap-user'],
      ] as const),
      name: z.string(),
      runId: z.string().describe('Of the run that made it'),
    }),
  ),
  problems: z.array(z.string()).describe('What could not be looked at, with the reason'),
}) satisfies z.ZodType<FoundOrphans>;

export const foundOrphans = named('FoundOrphans', found);

export const cleanedOrphans = named(
  'CleanedOrphans',
  z.object({
    endedRuns: z.array(z.string()).describe('Runs that had ended without saying so'),
    released: z.array(z.string()).describe('Ended runs whose journal had something open'),
    orphansRemoved: z.array(z.string()),
    problems: z.array(z.string()).describe('What could not be looked at or removed, with the reason'),
    left: found.describe('What is there after it'),
  }) satisfies z.ZodType<CleanedOrphans>,
);
