import type { LimitName } from '@leeward/core';
import type { Settings } from '@leeward/server';
import { type Command, Option } from 'commander';
import { type CommandTools, onServer } from './command-context.ts';
import { wholeOption } from './number-option.ts';

/** In the order in which they are shown. */
const limits: Readonly<Record<LimitName, string>> = {
  vmwareSnapshotsPerDatastore: 'VMware snapshots at once on one datastore',
  vmwareSnapshotsPerHost: 'VMware snapshots at once on one ESXi host',
  vmwareSnapshotsPerVcenter: 'VMware snapshots at once in one vCenter',
  standardVmsPerHost: 'VMs read the standard way at once through one ESXi host',
  standardVmsPerVcenter: 'VMs read the standard way at once through one vCenter',
};

const names = Object.keys(limits) as LimitName[];
const giveUp = 'seconds without an answer after which a data port of an array counts as lost';
const late = 'hours after which a VM without a newer state counts as late in metrics';
const traces = 'where traces of runs are sent: address of an OTLP receiver over HTTP';
const reportAt = 'time of day at which the daily report is made, such as 08:00';
const reportZone = 'time zone of that, by its IANA name';
const backupTo = "repository that the server's own database is backed up into by itself";
const backupEvery = 'hours between two backups of the server';
const backupKeep = 'backups of the server that stay';
const through = 'where the standard way reads: through vCenter, or at the ESXi hosts themselves';

const publicUrl =
  'address at which people reach the console, such as https://backup.example: what is sent links to it';
const keepAudit = 'days that entries of the audit trail are kept';

interface EditOptions extends Partial<Record<LimitName, number>> {
  readonly dataPortGiveUp?: number;
  readonly standardThrough?: string;
  readonly vmLateAfter?: number;
  readonly otlpEndpoint?: string;
  /** False: `--no-traces`. */
  readonly traces: boolean;
  readonly dailyReportAt?: string;
  readonly dailyReportZone?: string;
  readonly auditKeepDays?: number | false;
  /** False: `--no-public-url`. */
  readonly publicUrl?: string | false;
  readonly serverBackupTo?: string;
  readonly serverBackupEvery?: number;
  readonly serverBackupKeep?: number;
  /** False: `--no-server-backup`. */
  readonly serverBackup: boolean;
}

export function settingsCommands(program: Command, tools: CommandTools): void {
  const noun = program.command('settings').description('settings of the whole installation');
  onServer(
    noun
      .command('show')
      .description('how much is asked of vSphere at once, over all jobs, and how data is read'),
    tools,
    async ({ server, output }) => {
      const settings = await server.api.get<Settings>('/settings');
      output.result(settings, () => settingsText(settings));
      return undefined;
    },
  );
  const edit = noun
    .command('edit')
    .description('change what is given; holds at once, also for runs that go on');
  for (const name of names) edit.addOption(wholeOption(`--${flagOf(name)} <n>`, limits[name], 1, 10_000));
  edit.addOption(wholeOption('--data-port-give-up <s>', giveUp, 5, 3600));
  edit.addOption(new Option('--standard-through <way>', through).choices(['vcenter', 'host']));
  edit.addOption(wholeOption('--vm-late-after <h>', late, 1, 8_760));
  edit.addOption(new Option('--otlp-endpoint <url>', traces));
  edit.addOption(
    new Option('--no-traces', 'send none, unless the environment says so').conflicts('otlpEndpoint'),
  );
  edit.addOption(new Option('--daily-report-at <time>', reportAt));
  edit.addOption(new Option('--daily-report-zone <zone>', reportZone));
  edit.addOption(wholeOption('--audit-keep-days <n>', keepAudit, 30, 36_500));
  edit.addOption(new Option('--no-audit-keep-days', 'keep all of them'));
  edit.addOption(new Option('--public-url <url>', publicUrl));
  edit.addOption(new Option('--no-public-url', 'nothing that is sent links to the console'));
  edit.addOption(new Option('--server-backup-to <repository>', backupTo));
  edit.addOption(
    new Option('--no-server-backup', 'do not back up the server by itself').conflicts('serverBackupTo'),
  );
  edit.addOption(wholeOption('--server-backup-every <h>', backupEvery, 1, 168));
  edit.addOption(wholeOption('--server-backup-keep <n>', backupKeep, 1, 1_000));
  onServer<EditOptions>(edit, tools, async ({ server, output }, options) => {
    const given = names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]));
    const settings = await server.api.edit<Settings>('/settings', () => ({
      limits: Object.fromEntries(given),
      dataPath: { giveUpSeconds: options.dataPortGiveUp, standardThrough: options.standardThrough },
      monitoring: {
        vmLateAfterHours: options.vmLateAfter,
        otlpEndpoint: options.traces ? options.otlpEndpoint : null,
      },
      reports: { dailyAt: options.dailyReportAt, timeZone: options.dailyReportZone },
      audit: { keepDays: options.auditKeepDays === false ? null : options.auditKeepDays },
      console: { publicUrl: options.publicUrl === false ? null : options.publicUrl },
      serverBackup: {
        repository: options.serverBackup ? options.serverBackupTo : null,
        everyHours: options.serverBackupEvery,
        keep: options.serverBackupKeep,
      },
    }));
    output.result(settings, () => settingsText(settings));
    return undefined;
  });
}

function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function settingsText(settings: Settings): string {
  const { limits: set, dataPath, monitoring, serverBackup, audit, reports, console: web } = settings;
  const rows = [
    ...names.map((name) => [limits[name], set[name]] as const),
    [giveUp, dataPath.giveUpSeconds],
    [through, dataPath.standardThrough],
    [late, monitoring.vmLateAfterHours],
    [traces, monitoring.otlpEndpoint ?? 'as the environment says'],
    [reportAt, reports.dailyAt],
    [reportZone, reports.timeZone],
    [publicUrl, web.publicUrl ?? 'not known'],
    [keepAudit, audit.keepDays ?? 'for ever'],
    [backupTo, serverBackup.repository ?? 'none'],
    [backupEvery, serverBackup.everyHours],
    [backupKeep, serverBackup.keep],
  ];
  const columns = Math.max(...rows.map(([text = '']) => `${text}`.length));
  return rows.map(([text, value]) => `${`${text}`.padEnd(columns)}  ${value}`).join('\n');
}
