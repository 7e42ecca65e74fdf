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
    reports: z
      .object({
        dailyAt: z.string().describe('When the daily report is made, of the 24 hours before: `08:00`'),
        timeZone: z.string().describe('IANA name'),
      })
      .describe('The daily report'),
    audit: z
      .object({
        keepDays: z.int().min(30).nullable().describe('Older entries go; null: none ever does'),
      })
      .describe('The audit trail'),
    console: z
      .object({
        publicUrl: z
          .string()
          .nullable()
          .describe('Address at which people reach it; null: nothing links to it'),
      })
      .describe('The web console'),
    monitoring: z
      .object({
        vmLateAfterHours: z.int().min(1).describe('A VM whose newest state is older counts as late'),
        otlpEndpoint: z
          .string()
          .nullable()
          .describe(
            'Where traces of runs are sent; null: as the environment of the server says, else nowhere',
          ),
      })
      .describe('What is told to monitoring systems'),
    serverBackup: z
      .object({
        repository: z.string().nullable().describe('Name; null: the server is not backed up by itself'),
        everyHours: z.int().min(1),
        keep: z.int().min(1).describe('So many backups of the server stay'),
      })
      .describe("Backup of the server's own database"),
  }) satisfies z.ZodType<Settings>,
);
