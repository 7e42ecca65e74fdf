import { FormGroup, Radio, TextInput } from '@patternfly/react-core';
import { timeZones } from '../../format/time-zones.ts';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { NextTimes } from './next-times.tsx';
import type { Rhythm, ScheduleDraft } from './schedule-draft.ts';

const rhythms: readonly (readonly [Rhythm, string, string])[] = [
  ['none', 'Only by hand', 'By “Run now”, the command line, the API or a scheduler of yours.'],
  ['daily', 'Every day', ''],
  ['weekdays', 'Every weekday', 'Monday to Friday.'],
  ['hours', 'Every few hours', ''],
  [
    'words',
    'Otherwise',
    'Words such as “mon, wed and fri at 21:30” or “monthly on the last day at 3:00”, or cron.',
  ],
];

const hours = ['1', '2', '3', '4', '6', '8', '12'].map(
  (count) => [count, count === '1' ? 'every hour' : `every ${count} hours`] as const,
);

interface ScheduleFieldsProps {
  readonly draft: ScheduleDraft;
  readonly change: (part: Partial<ScheduleDraft>) => void;
}

/** When a job is started by itself, with its next times. */
export function ScheduleFields({ draft, change }: ScheduleFieldsProps) {
  const { rhythm, time, everyHours, words, timeZone, catchUpHours, retries, retryMinutes } = draft;
  return (
    <>
      <FormGroup role="radiogroup" label="It is started" fieldId="schedule-rhythm">
        {rhythms.map(([value, label, description]) => (
          <Radio
            key={value}
            id={`schedule-${value}`}
            name="rhythm"
            label={label}
            {...(description ? { description } : {})}
            isChecked={rhythm === value}
            onChange={() => change({ rhythm: value })}
          />
        ))}
      </FormGroup>
      {rhythm === 'daily' || rhythm === 'weekdays' ? (
        <FormGroup label="At" fieldId="schedule-time">
          <TextInput
            id="schedule-time"
            type="time"
            className="lw-theme"
            value={time}
            onChange={(_event, value) => change({ time: value })}
          />
        </FormGroup>
      ) : null}
      {rhythm === 'hours' ? (
        <SelectField
          id="schedule-hours"
          label="How often"
          value={everyHours}
          choices={hours}
          onChange={(value) => change({ everyHours: value })}
        />
      ) : null}
      {rhythm === 'words' ? (
        <TextField
          id="schedule-cron"
          label="Words, or five cron fields"
          value={words}
          onChange={(value) => change({ words: value })}
        />
      ) : null}
      {rhythm === 'none' ? null : (
        <>
          <SelectField
            id="schedule-zone"
            label="Time zone"
            value={timeZone}
            choices={timeZones(timeZone)}
            onChange={(value) => change({ timeZone: value })}
          />
          <TextField
            id="schedule-catch-up"
            type="number"
            label="A time that came while no server ran is made up for within hours"
            help="0: never."
            value={catchUpHours}
            onChange={(value) => change({ catchUpHours: value })}
          />
          <TextField
            id="schedule-retries"
            type="number"
            label="What failed is tried again so many times"
            help="Only those VMs, after a run by the schedule; 0: never, 10 at most."
            value={retries}
            onChange={(value) => change({ retries: value })}
          />
          {Number(retries) > 0 ? (
            <TextField
              id="schedule-retry-wait"
              type="number"
              label="Each time so many minutes after the run before"
              value={retryMinutes}
              onChange={(value) => change({ retryMinutes: value })}
            />
          ) : null}
          <NextTimes draft={draft} />
        </>
      )}
    </>
  );
}
