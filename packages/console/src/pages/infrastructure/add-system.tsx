import { ActionGroup, Button, Form } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import type { SystemSummary } from '../../api/systems.ts';
import { useSession } from '../../app/session-context.tsx';
import { CliLine } from '../../ui/cli-line.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { quoted } from '../jobs/job-page.tsx';
import { type SystemDraft, systemBody, systemCommand } from './system-draft.ts';

interface AddSystemProps {
  readonly kind: 'vcenter' | 'array';
  readonly onDone: () => void;
}

/** Registers a vCenter or an array; it is looked at before it is kept. */
export function AddSystem({ kind, onDone }: AddSystemProps) {
  const [draft, setDraft] = useState<SystemDraft>({
    ...{ name: '', host: '', port: '', username: '', password: '', fingerprint: '' },
    family: '',
  });
  const { api } = useSession();
  const { busy, error, run } = useAction();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await run(() => api.post<SystemSummary>(`/${kind}s`, systemBody(kind, draft)))) onDone();
  };
  const field = (key: keyof SystemDraft) => ({
    id: `${kind}-${key}`,
    value: draft[key],
    onChange: (value: string) => setDraft({ ...draft, [key]: value }),
  });
  const isReady = [draft.name, draft.host, draft.username, draft.password].every((text) => text !== '');
  return (
    <Form
      onSubmit={submit}
      className="lw-form lw-gap"
      aria-label={kind === 'array' ? 'New array' : 'New vCenter'}
    >
      {error === undefined ? null : <ProblemAlert problem={error} />}
      {kind === 'array' ? (
        <TextField
          {...field('family')}
          label="Family"
          required
          help="Of the driver: docs/arrays has a page for each, with the rights that the account needs."
        />
      ) : null}
      <TextField {...field('name')} label="Name" required />
      <TextField {...field('host')} label="Host name or address" required />
      <TextField {...field('port')} label="HTTPS port" type="number" help="443 where left empty." />
      <TextField {...field('username')} label="Account" required />
      <TextField {...field('password')} label="Password" type="password" required />
      <TextField
        {...field('fingerprint')}
        label="SHA-256 fingerprint of its certificate"
        help="Needed where no known authority signed it. Left empty, the problem tells the one that was seen: compare it."
      />
      <CliLine command={systemCommand(kind, draft, quoted)} />
      <ActionGroup>
        <Button type="submit" isLoading={busy} isDisabled={!isReady || busy}>
          Register it
        </Button>
        <Button variant="link" onClick={onDone}>
          Leave it
        </Button>
      </ActionGroup>
    </Form>
  );
}
