import { type Limits, limitDefaults, type Randomness } from '@leeward/core';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { parseColumn } from './json.ts';
import type { StoreSchema } from './schema.ts';

const atOnce = z.number().int().min(1).max(10_000);

/** What was never set, also of releases that did not know it, is as by default. */
export const limitsSchema = z.object({
  vmwareSnapshotsPerDatastore: atOnce.default(limitDefaults.vmwareSnapshotsPerDatastore),
  vmwareSnapshotsPerHost: atOnce.default(limitDefaults.vmwareSnapshotsPerHost),
  vmwareSnapshotsPerVcenter: atOnce.default(limitDefaults.vmwareSnapshotsPerVcenter),
  standardVmsPerHost: atOnce.default(limitDefaults.standardVmsPerHost),
  standardVmsPerVcenter: atOnce.default(limitDefaults.standardVmsPerVcenter),
}) satisfies z.ZodType<Limits>;

/** How data is read. */
export const dataPathSchema = z.object({
  /** A data port that answers nothing for so long counts as lost. Takeovers between controllers last up to a minute. */
  giveUpSeconds: z.number().int().min(5).max(3600).default(120),
  /**
   * Where the standard way reads: through vCenter, or at the ESXi host itself by tickets of vCenter, which is less work
   * for vCenter and needs port 443 of every host.
   */
  standardThrough: z.enum(['vcenter', 'host']).default('vcenter'),
});

export type DataPathSettings = z.infer<typeof dataPathSchema>;

/** What is told to monitoring systems. */
export const monitoringSchema = z.object({
  /** A VM whose newest state is older counts as late. */
  vmLateAfterHours: z.number().int().min(1).max(8_760).default(26),
  /** Where traces of runs are sent by OTLP over HTTP; null: as the environment says, else nowhere. */
  otlpEndpoint: z.string().nullable().default(null),
});

export type MonitoringSettings = z.infer<typeof monitoringSchema>;

/** The backup of the server's own database by itself. */
export const serverBackupSchema = z.object({
  /** Into this repository; null: none. */
  repositoryId: z.string().nullable().default(null),
  everyHours: z.number().int().min(1).max(168).default(24),
  /** As many stay; older ones go. */
  keep: z.number().int().min(1).max(1_000).default(14),
});

export type ServerBackupSettings = z.infer<typeof serverBackupSchema>;

/** When the daily report is made: it is about the 24 hours before. */
export const reportsSchema = z.object({
  dailyAt: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day: 08:00')
    .default('08:00'),
  /** IANA name. */
  timeZone: z.string().default('UTC'),
});

export type ReportSettings = z.infer<typeof reportsSchema>;

/** The web console. */
export const consoleSettingsSchema = z.object({
  /** Origin at which people reach it, `https://backup.example`; null: not known, so that nothing links to it. */
  publicUrl: z.string().nullable().default(null),
});

export type ConsoleSettings = z.infer<typeof consoleSettingsSchema>;

/** The audit trail. */
export const auditSettingsSchema = z.object({
  /** Entries that are older go; null: none ever does. Not less than a month, so that nobody can hide what they did. */
  keepDays: z.number().int().min(30).max(36_500).nullable().default(null),
});

export type AuditSettings = z.infer<typeof auditSettingsSchema>;

/** Settings of the whole installation. */
export class SettingsStore {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  limits(): Promise<Limits> {
    return this.#read('limits', limitsSchema);
  }

  dataPath(): Promise<DataPathSettings> {
    return this.#read('dataPath', dataPathSchema);
  }

  monitoring(): Promise<MonitoringSettings> {
    return this.#read('monitoring', monitoringSchema);
  }

  serverBackup(): Promise<ServerBackupSettings> {
    return this.#read('serverBackup', serverBackupSchema);
  }

  reports(): Promise<ReportSettings> {
    return this.#read('reports', reportsSchema);
  }

  audit(): Promise<AuditSettings> {
    return this.#read('audit', auditSettingsSchema);
  }

  console(): Promise<ConsoleSettings> {
    return this.#read('console', consoleSettingsSchema);
  }

  /** What is given changes. */
  changeConsole(changes: Partial<ConsoleSettings>): Promise<ConsoleSettings> {
    return this.#change('console', consoleSettingsSchema, changes);
  }

  /** What is given changes. */
  changeAudit(changes: Partial<AuditSettings>): Promise<AuditSettings> {
    return this.#change('audit', auditSettingsSchema, changes);
  }

  /** What is given changes. */
  changeReports(changes: Partial<ReportSettings>): Promise<ReportSettings> {
    return this.#change('reports', reportsSchema, changes);
  }

  /** What is given changes. */
  changeMonitoring(changes: Partial<MonitoringSettings>): Promise<MonitoringSettings> {
    return this.#change('monitoring', monitoringSchema, changes);
  }

  /** What is given changes. */
  changeServerBackup(changes: Partial<ServerBackupSettings>): Promise<ServerBackupSettings> {
    return this.#change('serverBackup', serverBackupSchema, changes);
  }

  /** What is given changes. Holds from the next group on that wants to begin, also of runs that go on. */
  changeLimits(changes: Partial<Limits>): Promise<Limits> {
    return this.#change('limits', limitsSchema, changes);
  }

  /** What is given changes. Holds for VMs that are begun to be read from now on. */
  changeDataPath(changes: Partial<DataPathSettings>): Promise<DataPathSettings> {
    return this.#change('dataPath', dataPathSchema, changes);
  }

  /** What the server itself has noted under that name. */
  async note(name: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('setting')
      .select('value')
      .where('name', '=', name)
      .executeTakeFirst();
    return row?.value;
  }

  async writeNote(name: string, value: string): Promise<void> {
    await this.#db
      .insertInto('setting')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  }

  async #read<T>(name: string, schema: z.ZodType<T>): Promise<T> {
    const row = await this.#db
      .selectFrom('setting')
      .select('value')
      .where('name', '=', name)
      .executeTakeFirst();
    return parseColumn(schema, row ? JSON.parse(row.value) : {}, name);
  }

  async #change<T>(name: string, schema: z.ZodType<T>, changes: Partial<T>): Promise<T> {
    const changed = schema.parse({ ...(await this.#read(name, schema)), ...changes });
    const value = JSON.stringify(changed);
    await this.#db
      .insertInto('setting')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
    return changed;
  }
}

/** The id of this installation, part of every ownership mark on foreign systems; made at the first start. */
export async function installationId(db: Kysely<StoreSchema>, randomness: Randomness): Promise<string> {
  const name = 'installation';
  await db
    .insertInto('setting')
    .values({ name, value: randomness.uuid() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await db
    .selectFrom('setting')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return row.value;
}
