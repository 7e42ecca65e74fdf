import { docs } from 'virtual:docs';
import { FormGroup, TextArea } from '@patternfly/react-core';
import { useState } from 'react';
import type { SystemSummary } from '../../api/systems.ts';
import { quoted } from '../../format/quoted.ts';
import { pathTo } from '../../router/match.ts';
import { EntryForm } from '../../ui/entry-form.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSaving } from '../../ui/use-saving.ts';
import { ArrayFields } from './array-fields.tsx';
import { NeededRights } from './needed-rights.tsx';
import { isReady, newSystem, type SystemDraft, systemBody, systemCommand } from './system-draft.ts';

interface SystemFormProps {
  readonly kind: 'vcenter' | 'array';
  /** Missing: a new one. */
  readonly system?: SystemSummary;
  readonly onDone: () => void;
}

const familyFolder = 'arrays/';

/** Each family has its page in the documentation. */
const families = docs
  .filter(({ name }) => name.startsWith(familyFolder))
  .map(({ name, title }) => [name.slice(familyFolder.length), title] as const);

/** Registers a vCenter or an array, or changes how it is reached; it is looked at before anything is kept. */
export function SystemForm({ kind, system, onDone }: SystemFormProps) {
  const [draft, setDraft] = useState<SystemDraft>(() => draftOf(system));
  const saving = useSaving<SystemSummary>({
    path: system ? pathTo(`/${kind}s/:id`, { id: system.id }) : `/${kind}s`,
    first: system,
    refill: (now) => setDraft(draftOf(now)),
  });
  const prefix = system ? `${kind}-${system.id}` : kind;
  const field = (key: 'name' | 'host' | 'port' | 'username' | 'password' | 'fingerprint' | 'family') => ({
    id: `${prefix}-${key}`,
    value: draft[key],
    onChange: (value: string) => setDraft({ ...draft, [key]: value }),
  });
  const what = kind === 'array' ? 'array' : 'vCenter';
  return (
    <EntryForm
      label={system ? `Change ${system.name}` : `New ${what}`}
      action={saving}
      save={system ? 'Save' : 'Register it'}
      ready={isReady(kind, draft, !system)}
      cli={systemCommand(kind, draft, quoted, saving.seen)}
      submit={(over) => saving.save(systemBody(kind, draft, saving.seen), over)}
      onDone={onDone}
    >
      {kind === 'array' && !system ? (
        <SelectField
          {...field('family')}
          label="Family"
          required
          choices={[['', 'Choose what kind of array it is'], ...families]}
          help="The documentation has a page for each, with what to create on it, its limits and what it can."
        />
      ) : null}
      {kind === 'array' && !system ? <NeededRights family={draft.family} /> : null}
      {system ? null : <TextField {...field('name')} label="Name" required />}
      <TextField {...field('host')} label="Host name or address" required />
      <TextField {...field('port')} label="HTTPS port" type="number" help="443 where left empty." />
      <TextField {...field('username')} label="Account" required />
      <TextField
        {...field('password')}
        label={system ? 'New password' : 'Password'}
        type="password"
        required={!system}
        {...(system ? { help: 'Empty: it stays.' } : {})}
      />
      <TextField
        {...field('fingerprint')}
        label="SHA-256 fingerprint of its certificate"
        help={
          system
            ? 'Empty: it is verified as before.'
            : 'Needed where no known authority signed it. Left empty, the problem tells the one that was seen: compare it.'
        }
      />
      <FormGroup label="Or the certificate of its authority, PEM" fieldId={`${prefix}-ca`}>
        <TextArea
          id={`${prefix}-ca`}
          value={draft.caPem}
          rows={2}
          resizeOrientation="vertical"
          onChange={(_event, caPem) => setDraft({ ...draft, caPem })}
        />
      </FormGroup>
      {kind === 'array' ? (
        <ArrayFields
          prefix={prefix}
          draft={draft}
          isNew={!system}
          change={(part) => setDraft({ ...draft, ...part })}
        />
      ) : null}
    </EntryForm>
  );
}

function draftOf(system: SystemSummary | undefined): SystemDraft {
  if (!system) return newSystem;
  const { name, host, port, username } = system;
  return { ...newSystem, name, host, port: String(port), username };
}
