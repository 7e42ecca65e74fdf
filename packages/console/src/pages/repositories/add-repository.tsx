import { ActionGroup, Button, Checkbox, Form } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import type { Repository } from '../../api/work.ts';
import { useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { CliLine } from '../../ui/cli-line.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useAction } from '../../ui/use-action.ts';

/** Makes a repository, or registers one that exists. */
export function AddRepository({ onDone }: { readonly onDone: () => void }) {
  const [draft, setDraft] = useState({ name: '', path: '', password: '', init: true });
  const { api } = useSession();
  const { busy, error, run } = useAction();
  const isReady = draft.name !== '' && draft.path.startsWith('/') && draft.password !== '';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await run(() => api.post<Repository>('/repositories', draft))) onDone();
  };
  const set = (key: 'name' | 'path' | 'password') => (value: string) => setDraft({ ...draft, [key]: value });
  const verb = draft.init ? 'init' : 'add';
  return (
    <Form onSubmit={submit} className="lw-form lw-gap" aria-label="New repository">
      {error === undefined ? null : <ProblemAlert problem={error} />}
      <TextField id="repository-name" label="Name" required value={draft.name} onChange={set('name')} />
      <TextField
        id="repository-path"
        label="Folder"
        required
        value={draft.path}
        onChange={set('path')}
        help="An absolute path that the server and its proxies see."
      />
      <TextField
        id="repository-password"
        label="Password"
        type="password"
        required
        value={draft.password}
        onChange={set('password')}
        help="Without it nobody can read the points, not even with restic. Keep it where the server is not."
      />
      <Checkbox
        id="repository-init"
        label="Make a new one (else an existing one is registered)"
        isChecked={draft.init}
        onChange={(_event, init) => setDraft({ ...draft, init })}
      />
      <CliLine
        command={`leeward repository ${verb} ${quoted(draft.name || 'NAME')} --path ${quoted(draft.path || '/PATH')} --password-file FILE`}
      />
      <ActionGroup>
        <Button type="submit" isLoading={busy} isDisabled={!isReady || busy}>
          {draft.init ? 'Make it' : 'Register it'}
        </Button>
        <Button variant="link" onClick={onDone}>
          Leave it
        </Button>
      </ActionGroup>
    </Form>
  );
}
