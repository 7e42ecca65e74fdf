import { ActionGroup, Button, Form, FormGroup, TextArea } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import type { SystemSummary } from '../../api/systems.ts';
import { useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { pathTo } from '../../router/match.ts';
import { CliLine } from '../../ui/cli-line.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { ArrayFields } from './array-fields.tsx';
import { NeededRights } from './needed-rights.tsx';
import { isReady, newSystem, type SystemDraft, systemBody, systemCommand } from './system-draft.ts';

interface SystemFormProps {
  readonly kind: 'vcenter' | 'array';
  /** Missing: a new one. */
  readonly system?: SystemSummary;
  readonly onDone: () => void;
}

/** Registers a vCenter or an array, or changes how it is reached; it is looked at before anything is kept. */
export function SystemForm({ kind, system, onDone }: SystemFormProps) {
  const [draft, setDraft] = useState<SystemDraft>(() => draftOf(system));
  const { api } = useSession();
  const { busy, error, run } = useAction();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const body = systemBody(kind, draft, system);
    const work = () =>
      system
        ? api.patch<SystemSummary>(pathTo(`/${kind}s/:id`, { id: system.id }), body)
        : api.post<SystemSummary>(`/${kind}s`, body);
    if (await run(work)) onDone();
  };
  const prefix = system ? `${kind}-${system.id}` : kind;
  const field = (key: 'name' | 'host' | 'port' | 'username' | 'password' | 'fingerprint' | 'family') => ({
    id: `${prefix}-${key}`,
    value: draft[key],
    onChange: (value: string) => setDraft({ ...draft, [key]: value }),
  });
  const what = kind === 'array' ? 'array' : 'vCenter';
  return (
    <Form
      onSubmit={submit}
      className="lw-form lw-gap"
      aria-label={system ? `Change ${system.name}` : `New ${what}`}
    >
      {error === undefined ? null : <ProblemAlert problem={error} />}
      {kind === 'array' && !system ? (
        <TextField
          {...field('family')}
          label="Family"
          required
          help="Of the driver: the documentation has a page for each, with the rights that the account needs."
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
      <CliLine command={systemCommand(kind, draft, quoted, system)} />
      <ActionGroup>
        <Button type="submit" isLoading={busy} isDisabled={busy || !isReady(kind, draft, !system)}>
          {system ? 'Save' : 'Register it'}
        </Button>
        <Button variant="link" onClick={onDone}>
          Leave it
        </Button>
      </ActionGroup>
    </Form>
  );
}

function draftOf(system: SystemSummary | undefined): SystemDraft {
  if (!system) return newSystem;
  const { name, host, port, username } = system;
  return { ...newSystem, name, host, port: String(port), username };
}
