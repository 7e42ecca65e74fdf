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
  readonly vmsPerStorageSnapshot: string;
  readonly secondaryKeep: string;
  readonly primaryKeep: string;
  readonly keepPoints: string;
  readonly secondaryLockDays: string;
  readonly quiesce: Quiesce;
  readonly schedule: ScheduleDraft;
}

/** Of a job that keeps VMs in storage snapshots on the arrays alone. */
export const noRepository = '-';

export const newDraft: JobDraft = {
  ...{ name: '', vms: [], repository: '', relation: '', fallback: 'none', failOnDowngrade: false },
  ...{ vmsPerStorageSnapshot: '', secondaryKeep: '7', primaryKeep: '', keepPoints: '' },
  ...{ secondaryLockDays: '', quiesce: 'off' },
  schedule: newSchedule(Intl.DateTimeFormat().resolvedOptions().timeZone),
};

const numbers = [
  ['vmsPerStorageSnapshot', 'vms-per-storage-snapshot'],
  ['secondaryKeep', 'secondary-keep'],
  ['primaryKeep', 'primary-keep'],
  ['keepPoints', 'keep-points'],
  ['secondaryLockDays', 'secondary-lock-days'],
] as const;

/** As the API takes it: what was left empty is left out. */
export function jobBody(draft: JobDraft): object {
  const { name, vms, repository, relation, fallback, failOnDowngrade, quiesce } = draft;
  const schedule = scheduleBody(draft.schedule);
  return {
    ...{ name, vms, failOnDowngrade, quiesce },
    ...(repository === noRepository ? { snapshotOnly: true } : { repository }),
    ...(relation === '' ? {} : { relation }),
    failoverToPrimary: fallback !== 'none',
    failoverToStandard: fallback === 'standard',
    ...Object.fromEntries(numbers.flatMap(([key]) => (draft[key] === '' ? [] : [[key, Number(draft[key])]]))),
    ...(schedule ? { schedule } : {}),
  };
}

/** The command that makes the same job. */
export function jobCommand(draft: JobDraft, quoted: (text: string) => string): string {
  const { name, vms, repository, relation, fallback, failOnDowngrade, quiesce } = draft;
  return [
    `leeward job create ${quoted(name)}`,
    repository === noRepository ? '--snapshot-only' : `--repository ${quoted(repository)}`,
    ...vms.map((vm) => `--vm ${quoted(vm)}`),
    ...(relation === '' ? [] : [`--relation ${quoted(relation)}`]),
    ...(fallback === 'none' ? [] : ['--failover-to-primary']),
    ...(fallback === 'standard' ? ['--failover-to-standard'] : []),
    ...(failOnDowngrade ? ['--fail-on-downgrade'] : []),
    ...(quiesce === 'off' ? [] : [`--quiesce ${quiesce}`]),
    ...numbers.flatMap(([key, option]) => (draft[key] === '' ? [] : [`--${option} ${draft[key]}`])),
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
  const { relation, fallback, failOnDowngrade, quiesce, vmsPerStorageSnapshot } = draft;
  const { secondaryKeep, primaryKeep, keepPoints, secondaryLockDays, repository } = draft;
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
    `The secondary keeps ${secondaryKeep || 7} storage snapshots${secondaryLockDays === '' ? '' : `, each locked for ${secondaryLockDays} days`}.`,
    primaryKeep === ''
      ? 'The primary keeps only the base of the next transfer.'
      : `The primary keeps ${primaryKeep} storage snapshots.`,
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
