import { FormGroup, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useResource } from '../../api/use-resource.tsx';
import type { Repository, Settings } from '../../api/work.ts';
import { useMay } from '../../app/session-context.tsx';
import { timeZones } from '../../format/time-zones.ts';
import { EntryForm } from '../../ui/entry-form.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSaving } from '../../ui/use-saving.ts';
import { draftOf, type MoreDraft, settingsBody } from './more-settings.ts';

/** Reports, audit trail, monitoring, and the backup of the server itself. */
export function MoreSettingsForm({ settings }: { readonly settings: Settings }) {
  const [draft, setDraft] = useState(() => draftOf(settings));
  const repositories = useResource<readonly Repository[]>('/repositories').data ?? [];
  const mayChange = useMay('administer');
  const saving = useSaving<Settings>({
    path: '/settings',
    first: settings,
    refill: (now) => setDraft(draftOf(now)),
  });
  const field = (key: keyof MoreDraft) => ({
    id: `settings-${key}`,
    value: draft[key],
    onChange: (value: string) => setDraft({ ...draft, [key]: value }),
  });
  return (
    <EntryForm
      label="Reports, monitoring and the server itself"
      className="lw-form"
      action={saving}
      save="Save these"
      allowed={mayChange}
      submit={(over) => saving.save(settingsBody(draft), over)}
    >
      <h2 className="lw-h2">Daily report</h2>
      <FormGroup label="Made at" fieldId="settings-dailyAt">
        <TextInput
          id="settings-dailyAt"
          type="time"
          className="lw-theme"
          value={draft.dailyAt}
          onChange={(_event, dailyAt) => setDraft({ ...draft, dailyAt })}
        />
      </FormGroup>
      <SelectField {...field('timeZone')} label="Time zone" choices={timeZones(draft.timeZone)} />
      <TextField
        {...field('publicUrl')}
        label="Address of this console"
        help="Such as https://backup.example. Reports and notifications link to it; empty: they have no links."
      />
      <h2 className="lw-h2">Monitoring and audit trail</h2>
      <TextField
        {...field('vmLateAfterHours')}
        type="number"
        label="A VM counts as late when its newest state is older than hours"
      />
      <TextField
        {...field('otlpEndpoint')}
        label="Traces of runs are sent to (OTLP over HTTP)"
        help="Empty: as the environment of the server says, else nowhere."
      />
      <TextField
        {...field('keepDays')}
        type="number"
        label="Entries of the audit trail stay for days"
        help="Empty: for ever."
      />
      <h2 className="lw-h2">Backup of the server itself</h2>
      <SelectField
        {...field('repository')}
        label="Its database goes into"
        choices={[
          ['', 'none: it is not backed up'],
          ...repositories.map(({ name }) => [name, name] as const),
        ]}
        help="Passwords in it stay sealed; the key is not in it and has to be kept elsewhere."
      />
      <TextField {...field('everyHours')} type="number" label="Every so many hours" />
      <TextField {...field('keep')} type="number" label="So many of them stay" />
    </EntryForm>
  );
}
