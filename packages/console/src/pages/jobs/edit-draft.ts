import type { Job, QuiescePolicy, RelationRule } from '@leeward/core';
import { patternsOf } from '../../format/patterns.ts';
import { type SettingTexts, settingsBody, settingsFit, settingsFlags, settingTexts } from './job-settings.ts';

export const switches = [
  'failoverToPrimary',
  'finishOnPrimary',
  'failoverToStandard',
  'failOnDowngrade',
] as const;

type Switches = Readonly<Record<(typeof switches)[number], boolean>>;

/** A job while it is changed. */
export interface EditDraft extends Switches {
  readonly name: string;
  /** One a line. */
  readonly vms: string;
  /** Empty: the rule chooses. */
  readonly relation: string;
  readonly relationRule: RelationRule;
  /** Separated by commas. */
  readonly preferredArrays: string;
  readonly quiesce: QuiescePolicy;
  readonly settings: SettingTexts;
}

export function draftOf(job: Job): EditDraft {
  const { name, vms, relation = '', relationRule, preferredArrays = [], quiesce } = job;
  const { failoverToPrimary, finishOnPrimary, failoverToStandard, failOnDowngrade } = job;
  return {
    ...{ name, vms: vms.join('\n'), relation, relationRule, preferredArrays: preferredArrays.join(', ') },
    ...{ failoverToPrimary, finishOnPrimary, failoverToStandard, failOnDowngrade, quiesce },
    settings: settingTexts(job),
  };
}

function vmsOf({ vms }: EditDraft): readonly string[] {
  return vms
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** As the API takes it. */
export function editBody(draft: EditDraft, job: Job): object {
  const { name, relation, relationRule, quiesce, settings } = draft;
  const { failoverToPrimary, finishOnPrimary, failoverToStandard, failOnDowngrade } = draft;
  const arrays = patternsOf(draft.preferredArrays);
  return {
    ...{ name, vms: vmsOf(draft), relationRule, quiesce },
    ...{ failoverToPrimary, finishOnPrimary, failoverToStandard, failOnDowngrade },
    ...(relation === '' && job.relation === undefined ? {} : { relation: relation === '' ? null : relation }),
    preferredArrays: arrays.length > 0 ? arrays : null,
    ...settingsBody(settings, settingTexts(job)),
  };
}

/** Whether it can be sent. */
export function isReady(draft: EditDraft, job: Job): boolean {
  const fits = settingsFit(draft.settings, settingTexts(job));
  return draft.name !== '' && vmsOf(draft).length > 0 && fits;
}

/** The command that does the same; undefined where there is none. */
export function editCommand(
  draft: EditDraft,
  job: Job,
  quoted: (text: string) => string,
): string | undefined {
  const before = draftOf(job);
  const settings = settingsFlags(draft.settings, before.settings, quoted);
  if (!settings) return undefined;
  const unlike = (key: Exclude<keyof EditDraft, 'settings'>) => draft[key] !== before[key];
  const list = (option: string, values: readonly string[]) => `--${option} ${values.map(quoted).join(' ')}`;
  const arrays = patternsOf(draft.preferredArrays);
  const word = (key: (typeof switches)[number]) =>
    key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return [
    `leeward job edit ${quoted(job.name)}`,
    ...(unlike('name') ? [`--name ${quoted(draft.name)}`] : []),
    ...(unlike('vms') ? [list('vm', vmsOf(draft))] : []),
    ...(unlike('relation')
      ? [draft.relation === '' ? '--no-relation' : `--relation ${quoted(draft.relation)}`]
      : []),
    ...(unlike('relationRule') ? [`--relation-rule ${draft.relationRule}`] : []),
    ...(unlike('preferredArrays')
      ? [arrays.length > 0 ? list('prefer-array', arrays) : '--no-prefer-array']
      : []),
    ...switches.flatMap((key) => (unlike(key) ? [`--${draft[key] ? '' : 'no-'}${word(key)}`] : [])),
    ...(unlike('quiesce') ? [draft.quiesce === 'off' ? '--no-quiesce' : `--quiesce ${draft.quiesce}`] : []),
    ...settings,
  ].join(' ');
}
