import { type SettingTexts, settingsBody, settingsFlags, settingTexts } from '../jobs/job-settings.ts';
import {
  newSchedule,
  type ScheduleDraft,
  scheduleBody,
  scheduleFlags,
  wordsOf,
} from '../schedule/schedule-draft.ts';

export type Fallback = 'none' | 'primary' | 'standard';
export type Quiesce = 'off' | 'fall-back' | 'require';

/** A job while its wizard is filled in. */
export interface JobDraft {
  readonly name: string;
  /** Inventory paths. */
  readonly vms: readonly string[];
  /** Name, or `noRepository`. */
  readonly repository: string;
  /** `array/volume` of the secondary; empty: the rule chooses. */
  readonly relation: string;
  readonly fallback: Fallback;
  readonly failOnDowngrade: boolean;
  /** See `finishOnPrimary` of a job. */
  readonly finishOnPrimary: boolean;
  readonly settings: SettingTexts;
  readonly quiesce: Quiesce;
  readonly schedule: ScheduleDraft;
}

/** Of a job that keeps VMs in storage snapshots on the arrays alone. */
export const noRepository = '-';

export const newDraft: JobDraft = {
  ...{ name: '', vms: [], repository: '', relation: '', fallback: 'none', failOnDowngrade: false },
  ...{ finishOnPrimary: false, quiesce: 'off' },
  settings: { ...settingTexts({}), secondaryKeep: '7' },
  schedule: newSchedule(Intl.DateTimeFormat().resolvedOptions().timeZone),
};

const unset = settingTexts({});

/** As the API takes it: what was left empty is left out. */
export function jobBody(draft: JobDraft): object {
  const { name, vms, repository, relation, fallback, finishOnPrimary, failOnDowngrade, quiesce } = draft;
  const schedule = scheduleBody(draft.schedule);
  return {
    ...{ name, vms, failOnDowngrade, quiesce },
    ...(repository === noRepository ? { snapshotOnly: true } : { repository }),
    ...(relation === '' ? {} : { relation }),
    failoverToPrimary: fallback !== 'none',
    failoverToStandard: fallback === 'standard',
    ...(finishOnPrimary ? { finishOnPrimary } : {}),
    ...settingsBody(draft.settings, unset),
    ...(schedule ? { schedule } : {}),
  };
}

/** The command that makes the same job. */
export function jobCommand(draft: JobDraft, quoted: (text: string) => string): string {
  const { name, vms, repository, relation, fallback, finishOnPrimary, failOnDowngrade, quiesce } = draft;
  return [
    `leeward job create ${quoted(name)}`,
    repository === noRepository ? '--snapshot-only' : `--repository ${quoted(repository)}`,
    ...vms.map((vm) => `--vm ${quoted(vm)}`),
    ...(relation === '' ? [] : [`--relation ${quoted(relation)}`]),
    ...(fallback === 'none' ? [] : ['--failover-to-primary']),
    ...(finishOnPrimary ? ['--finish-on-primary'] : []),
    ...(fallback === 'standard' ? ['--failover-to-standard'] : []),
    ...(failOnDowngrade ? ['--fail-on-downgrade'] : []),
    ...(quiesce === 'off' ? [] : [`--quiesce ${quiesce}`]),
    ...(settingsFlags(draft.settings, unset, quoted) ?? []),
    ...scheduleFlags(draft.schedule, quoted),
  ].join(' ');
}

/** What is missing yet, by the step that asks for it. */
export function missing(draft: JobDraft): {
  readonly name: boolean;
  readonly vms: boolean;
  readonly keep: boolean;
} {
  return { name: draft.name.trim() === '', vms: draft.vms.length === 0, keep: draft.repository === '' };
}

/** The draft in sentences, for the review. */
export function sentences(draft: JobDraft): readonly string[] {
  const { relation, fallback, finishOnPrimary, failOnDowngrade, quiesce, repository } = draft;
  const { vmsPerStorageSnapshot, vmwareSnapshotBudgetMs, keepPoints, preScript, postScript } = draft.settings;
  const paths = {
    none: 'A VM that cannot be read from the secondary fails.',
    primary: 'Where the secondary cannot be read, the primary is read instead, which costs production I/O.',
    standard:
      'Where the secondary cannot be read, the primary is read, and then the ESXi host, which cost production I/O.',
  };
  return [
    scope(draft),
    relation === ''
      ? 'The healthiest relation of each volume is taken.'
      : `The relation to ${relation} is taken.`,
    paths[fallback],
    ...(finishOnPrimary
      ? ['What loses the secondary of a synchronous relation in the middle goes on at the primary.']
      : []),
    ...(failOnDowngrade ? ['Any downgrade makes the VM fail.'] : []),
    {
      off: 'Points are crash-consistent.',
      'fall-back':
        'VMware Tools quiesce the guests; where that fails the point is crash-consistent, with a warning.',
      require: 'VMware Tools quiesce the guests; a VM where that fails gets no point.',
    }[quiesce],
    ...(vmsPerStorageSnapshot === ''
      ? []
      : [`At most ${vmsPerStorageSnapshot} VMs share a storage snapshot.`]),
    ...(vmwareSnapshotBudgetMs === ''
      ? []
      : [`Groups are formed so that VMware snapshots exist no longer than ${vmwareSnapshotBudgetMs} s.`]),
    ...(preScript === ''
      ? []
      : [`${preScript} is run before anything is made; when it fails so does the run.`]),
    ...(postScript === '' ? [] : [`${postScript} is run at the end of every run.`]),
    chain(draft.settings, 'secondary'),
    chain(draft.settings, 'primary'),
    ...(repository === noRepository
      ? []
      : [
          keepPoints === ''
            ? 'All points stay in the repository.'
            : `${keepPoints} points of each VM stay in the repository.`,
        ]),
    when(draft.schedule),
  ];
}

function chain(settings: SettingTexts, place: 'primary' | 'secondary'): string {
  const [count, days] = [settings[`${place}Keep`], settings[`${place}KeepDays`]];
  const lockDays = settings[`${place}LockDays`];
  const kept = [
    ...(count !== '' ? [`${count} storage snapshots`] : place === 'secondary' ? ['7 storage snapshots'] : []),
    ...(days === '' ? [] : [`those that are not older than ${days} days`]),
  ];
  if (kept.length === 0) return 'The primary keeps only the base of the next transfer.';
  const lock = lockDays === '' ? '' : `, each locked for ${lockDays} days`;
  return `The ${place} keeps ${kept.join(' and ')}${lock}.`;
}

function when(schedule: ScheduleDraft): string {
  const words = wordsOf(schedule);
  return words === undefined ? 'It runs only by hand.' : `It is started ${words}, ${schedule.timeZone}.`;
}

function scope({ vms, repository }: JobDraft): string {
  const who = vms.length === 1 ? 'One VM is' : `${vms.length} VMs are`;
  return repository === noRepository
    ? `${who} kept in storage snapshots on the arrays alone; nothing is read, no point is made.`
    : `${who} backed up into ${repository}.`;
}
