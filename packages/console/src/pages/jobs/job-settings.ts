import type { Job } from '@leeward/core';

/** Settings of a job that are a number, a time or a path. */
export interface JobSetting {
  readonly key: SettingKey;
  readonly group: 'keep' | 'consistency' | 'limits';
  readonly label: string;
  readonly help?: string;
  /** Of the command line. */
  readonly option: string;
  readonly kind: 'number' | 'path';
  /** How much of the unit of the API one of what is typed is: 60,000 of minutes. */
  readonly unit?: number;
  /** How much of what the command line takes one of what is typed is, with its unit behind it. */
  readonly suffix?: string;
  /** Whether a job that has it can be without it again; the flag of the command line, where there is one. */
  readonly without?: string | true;
}

const minute = 60_000;
const hour = 60 * minute;

const keys = [
  ...['keepPoints', 'secondaryKeep', 'secondaryKeepDays', 'secondaryLockDays'],
  ...['primaryKeep', 'primaryKeepDays', 'primaryLockDays'],
  ...['cbtSampleFraction', 'preScript', 'postScript', 'scriptTimeoutMs'],
  ...['vmsPerStorageSnapshot', 'vmwareSnapshotBudgetMs', 'standardMaxSnapshotMs', 'maxRelationLagMs'],
  ...['settlePauseMs', 'transferTimeoutMs'],
] as const satisfies readonly (keyof Job)[];

export type SettingKey = (typeof keys)[number];

const texts: Readonly<Record<SettingKey, Omit<JobSetting, 'key'>>> = {
  keepPoints: {
    ...{ group: 'keep', kind: 'number', option: 'keep-points', without: '--no-keep-points' },
    ...{ label: 'Points of each VM in the repository', help: 'Empty: all stay.' },
  },
  secondaryKeep: {
    ...{ group: 'keep', kind: 'number', option: 'secondary-keep' },
    ...{ label: 'Storage snapshots on the secondary', help: 'Never fewer than 1.' },
  },
  secondaryKeepDays: {
    ...{ group: 'keep', kind: 'number', option: 'secondary-keep-days', without: true },
    label: 'Besides, those there that are not older than days',
  },
  secondaryLockDays: {
    ...{ group: 'keep', kind: 'number', option: 'secondary-lock-days', without: '--no-secondary-lock' },
    label: 'Days that each of them is locked',
    help: 'Empty: none. Nobody, not even an administrator of the array, can delete a locked one before. What the array does not allow is cut to its longest, with a warning.',
  },
  primaryKeep: {
    ...{ group: 'keep', kind: 'number', option: 'primary-keep', without: true },
    ...{ label: 'Storage snapshots on the primary', help: 'Empty: only the base of the next transfer.' },
  },
  primaryKeepDays: {
    ...{ group: 'keep', kind: 'number', option: 'primary-keep-days', without: true },
    label: 'Besides, those on the primary that are not older than days',
  },
  primaryLockDays: {
    ...{ group: 'keep', kind: 'number', option: 'primary-lock-days', without: '--no-primary-lock' },
    ...{ label: 'Days that each of those on the primary is locked', help: 'Empty: none.' },
  },
  cbtSampleFraction: {
    ...{ group: 'consistency', kind: 'number', option: 'cbt-sample', unit: 0.01 },
    label: 'Per cent of the unchanged blocks that are compared with the last point',
    help: 'Finds change tracking that lies. 0.5 where left empty; 0: it is believed.',
  },
  preScript: {
    ...{ group: 'consistency', kind: 'path', option: 'pre-script', without: '--no-pre-script' },
    label: 'Script before anything is made',
    help: 'A path on the server; when it fails so does the run.',
  },
  postScript: {
    ...{ group: 'consistency', kind: 'path', option: 'post-script', without: '--no-post-script' },
    label: 'Script at the end of every run',
    help: 'A path on the server; when it fails that is a warning.',
  },
  scriptTimeoutMs: {
    ...{ group: 'consistency', kind: 'number', option: 'script-timeout', unit: minute },
    ...{ label: 'Longest time for each script, minutes', help: '10 where left empty.' },
  },
  vmsPerStorageSnapshot: {
    ...{ group: 'limits', kind: 'number', option: 'vms-per-storage-snapshot' },
    ...{
      without: '--no-vms-per-storage-snapshot',
      label: 'VMs per storage snapshot, at most',
      help: 'Empty: no limit. Groups run one after the other.',
    },
  },
  vmwareSnapshotBudgetMs: {
    ...{ group: 'limits', kind: 'number', option: 'vmware-snapshot-budget', unit: 1_000, suffix: 's' },
    ...{ label: 'VMware snapshots may exist for seconds', without: '--no-vmware-snapshot-budget' },
    help: 'Empty: no budget. Groups are formed so that they are expected to exist no longer.',
  },
  standardMaxSnapshotMs: {
    ...{ group: 'limits', kind: 'number', option: 'standard-max-snapshot', unit: hour, suffix: 'h' },
    label: 'The same of VMs that are read the standard way, hours',
    help: '12 where left empty; then the VM fails.',
  },
  maxRelationLagMs: {
    ...{ group: 'limits', kind: 'number', option: 'max-relation-lag', unit: minute },
    without: '--no-max-relation-lag',
    label: 'A relation that is further behind is not used, minutes',
    help: 'Empty: however far behind.',
  },
  settlePauseMs: {
    ...{ group: 'limits', kind: 'number', option: 'settle-pause', unit: 1_000 },
    label: 'Wait between VMware and storage snapshot of VMs on VMFS, seconds',
    help: '5 where left empty.',
  },
  transferTimeoutMs: {
    ...{ group: 'limits', kind: 'number', option: 'transfer-timeout', unit: minute },
    ...{ label: 'Longest time for a transfer, minutes', help: '360 where left empty.' },
  },
};

export const jobSettings: readonly JobSetting[] = keys.map((key) => ({ key, ...texts[key] }));

/** What is typed of them; empty: not set. */
export type SettingTexts = Readonly<Record<SettingKey, string>>;

export function settingTexts(job: Partial<Pick<Job, SettingKey>>): SettingTexts {
  const entries = jobSettings.map(({ key, unit = 1 }) => {
    const value = job[key];
    // Of snapshot-only jobs without a chain there.
    if (value === undefined || (key === 'secondaryKeep' && value === 0)) return [key, ''];
    return [key, typeof value === 'number' ? String(Number((value / unit).toFixed(6))) : value];
  });
  return Object.fromEntries(entries);
}

/** Whether each can be sent: what cannot be taken back has to have a value where it had one. */
export function settingsFit(texts: SettingTexts, before: SettingTexts): boolean {
  return jobSettings.every(({ key, kind, without }) => {
    const text = texts[key];
    if (text === '') return without !== undefined || before[key] === '';
    return kind === 'path' ? text.startsWith('/') : Number.isFinite(Number(text)) && Number(text) >= 0;
  });
}

/** As the API takes them: those that are other than before, `null` for those that were taken back. */
export function settingsBody(texts: SettingTexts, before: SettingTexts): object {
  const changed = jobSettings.filter(({ key }) => texts[key] !== before[key]);
  return Object.fromEntries(changed.map((setting) => [setting.key, sentValue(setting, texts[setting.key])]));
}

function sentValue({ kind, unit = 1 }: JobSetting, text: string): string | number | null {
  if (text === '') return null;
  return kind === 'path' ? text : Number((Number(text) * unit).toFixed(6));
}

/** Flags of the command line; undefined where it has none for one of the changes. */
export function settingsFlags(
  texts: SettingTexts,
  before: SettingTexts,
  quoted: (text: string) => string,
): readonly string[] | undefined {
  const flags = jobSettings
    .filter(({ key }) => texts[key] !== before[key])
    .map(({ key, option, suffix = '', without }) => {
      const text = texts[key];
      if (text !== '') return `--${option} ${quoted(text + suffix)}`;
      if (key.startsWith('primaryKeep') && texts.primaryKeep === '' && texts.primaryKeepDays === '')
        return '--no-primary-chain';
      return typeof without === 'string' ? without : undefined;
    });
  if (!flags.every((flag) => flag !== undefined)) return undefined;
  return [...new Set(flags)];
}
