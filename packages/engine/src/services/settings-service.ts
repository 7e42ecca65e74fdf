import type { Limits } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { requireTimeZone } from '../schedule/cron-times.ts';
import type {
  AuditSettings,
  ConsoleSettings,
  DataPathSettings,
  MonitoringSettings,
  ReportSettings,
  ServerBackupSettings,
} from '../store/settings.ts';
import { findOne } from './find.ts';

/** Settings of the whole installation. */
export interface Settings {
  /** How much is asked of vSphere at once, over all jobs. */
  readonly limits: Limits;
  readonly dataPath: DataPathSettings;
  readonly monitoring: MonitoringSettings;
  readonly serverBackup: ServerBackupView;
  readonly reports: ReportSettings;
  readonly audit: AuditSettings;
  readonly console: ConsoleSettings;
}

/** With the name of the repository; null: the server is not backed up by itself. */
export interface ServerBackupView extends Omit<ServerBackupSettings, 'repositoryId'> {
  readonly repository: string | null;
}

/** What is left out stays as it is. */
export interface EditSettings {
  readonly limits?: Changes<Limits> | undefined;
  readonly dataPath?: Changes<DataPathSettings> | undefined;
  readonly monitoring?: Changes<MonitoringSettings> | undefined;
  /** The repository by name or id. */
  readonly serverBackup?: Changes<ServerBackupView> | undefined;
  readonly reports?: Changes<ReportSettings> | undefined;
  readonly audit?: Changes<AuditSettings> | undefined;
  readonly console?: Changes<ConsoleSettings> | undefined;
}

type Changes<T> = { readonly [K in keyof T]?: T[K] | undefined };

export class SettingsService {
  readonly #deps: Pick<BackupDeps, 'store'>;

  constructor(deps: Pick<BackupDeps, 'store'>) {
    this.#deps = deps;
  }

  async show(): Promise<Settings> {
    const { settings, repositories } = this.#deps.store;
    const [limits, dataPath, monitoring, { repositoryId, ...serverBackup }, known, reports, audit, console] =
      await Promise.all([
        settings.limits(),
        settings.dataPath(),
        settings.monitoring(),
        settings.serverBackup(),
        repositories.list(),
        settings.reports(),
        settings.audit(),
        settings.console(),
      ]);
    const repository = known.find(({ id }) => id === repositoryId)?.name ?? null;
    return {
      ...{ limits, dataPath, monitoring, serverBackup: { repository, ...serverBackup } },
      ...{ reports, audit, console },
    };
  }

  /** Holds at once, also for runs that go on: they ask before each group. */
  async edit({
    limits = {},
    dataPath = {},
    monitoring = {},
    serverBackup = {},
    reports = {},
    audit = {},
    console = {},
  }: EditSettings): Promise<Settings> {
    const { settings, repositories } = this.#deps.store;
    const { repository, ...others } = serverBackup;
    // Before anything is changed: it may not be there.
    const place =
      repository === undefined || repository === null
        ? repository
        : findOne('repository', await repositories.list(), repository).id;
    if (reports.timeZone !== undefined) requireTimeZone(reports.timeZone);
    await settings.changeLimits(given(limits));
    await settings.changeDataPath(given(dataPath));
    await settings.changeMonitoring(given(monitoring));
    await settings.changeServerBackup(given({ ...others, repositoryId: place }));
    await settings.changeReports(given(reports));
    await settings.changeAudit(given(audit));
    await settings.changeConsole(given(console));
    return this.show();
  }
}

function given<T extends object>(changes: Changes<T>): Partial<T> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<T>;
}
