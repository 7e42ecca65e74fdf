import { TextField } from '../../ui/text-field.tsx';
import { type JobSetting, jobSettings, type SettingKey, type SettingTexts } from './job-settings.ts';

interface SettingFieldsProps {
  readonly group: JobSetting['group'];
  /** Tells the forms of a page apart. */
  readonly prefix: string;
  readonly texts: SettingTexts;
  readonly change: (texts: SettingTexts) => void;
  /** Those that are not asked for here. */
  readonly without?: readonly SettingKey[];
}

/** The settings of a job that belong together. */
export function SettingFields({ group, prefix, texts, change, without = [] }: SettingFieldsProps) {
  return jobSettings
    .filter((each) => each.group === group && !without.includes(each.key))
    .map(({ key, kind, label, help }) => (
      <TextField
        key={key}
        id={`${prefix}-${key}`}
        type={kind === 'number' ? 'number' : 'text'}
        label={label}
        value={texts[key]}
        onChange={(text) => change({ ...texts, [key]: text })}
        {...(help ? { help } : {})}
      />
    ));
}
