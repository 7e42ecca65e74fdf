import type { Settings } from '@leeward/engine';
import { z } from 'zod';
import { named } from './named.ts';

const atOnce = z.int().min(1);

export const settings = named(
  'Settings',
  z.object({
    limits: z
      .object({
        vmwareSnapshotsPerDatastore: atOnce.describe(
          'VMware snapshots of Leeward that exist at the same time',
        ),
        vmwareSnapshotsPerHost: atOnce,
        vmwareSnapshotsPerVcenter: atOnce,
        standardVmsPerHost: atOnce.describe('VMs that are read the standard way at the same time'),
        standardVmsPerVcenter: atOnce,
      })
      .describe('How much is asked of vSphere at once, over all jobs and runs'),
    dataPath: z
      .object({
        giveUpSeconds: z.int().min(5).describe('A data port that answers nothing for so long counts as lost'),
        standardThrough: z
          .enum(['vcenter', 'host'])
          .describe('Where the standard way reads files of datastores'),
      })
      .describe('How data is read'),
  }) satisfies z.ZodType<Settings>,
);
