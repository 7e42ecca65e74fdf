import type { Settings } from '../../api/work.ts';

/** What is typed of the settings that are not about limits or the data path. */
export interface MoreDraft {
  readonly dailyAt: string;
  readonly timeZone: string;
  /** Empty: for ever. */
  readonly keepDays: string;
  readonly vmLateAfterHours: string;
  readonly otlpEndpoint: string;
  /** Empty: not known. */
  readonly publicUrl: string;
  /** Empty: none. */
  readonly repository: string;
  readonly everyHours: string;
  readonly keep: string;
}

export function draftOf({
  reports,
  audit,
  monitoring,
  serverBackup,
  console: { publicUrl },
}: Settings): MoreDraft {
  return {
    ...reports,
    keepDays: audit.keepDays === null ? '' : String(audit.keepDays),
    vmLateAfterHours: String(monitoring.vmLateAfterHours),
    otlpEndpoint: monitoring.otlpEndpoint ?? '',
    publicUrl: publicUrl ?? '',
    repository: serverBackup.repository ?? '',
    everyHours: String(serverBackup.everyHours),
    keep: String(serverBackup.keep),
  };
}

/** As the API takes it. */
export function settingsBody(draft: MoreDraft): object {
  const { dailyAt, timeZone, keepDays, vmLateAfterHours, otlpEndpoint } = draft;
  const { publicUrl, repository, everyHours, keep } = draft;
  return {
    reports: { dailyAt, timeZone },
    audit: { keepDays: keepDays === '' ? null : Number(keepDays) },
    monitoring: { vmLateAfterHours: Number(vmLateAfterHours), otlpEndpoint: otlpEndpoint || null },
    console: { publicUrl: publicUrl || null },
    serverBackup: { repository: repository || null, everyHours: Number(everyHours), keep: Number(keep) },
  };
}
