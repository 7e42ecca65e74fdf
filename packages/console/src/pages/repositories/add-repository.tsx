import { Checkbox } from '@patternfly/react-core';
import { useState } from 'react';
import type { Repository } from '../../api/work.ts';
import { quoted } from '../../format/quoted.ts';
import { EntryForm } from '../../ui/entry-form.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSaving } from '../../ui/use-saving.ts';

/** Makes a repository, or registers one that exists. */
export function AddRepository({ onDone }: { readonly onDone: () => void }) {
  const [draft, setDraft] = useState({ name: '', path: '', password: '', init: true });
  const saving = useSaving<Repository>({ path: '/repositories', first: undefined });
  const set = (key: 'name' | 'path' | 'password') => (value: string) => setDraft({ ...draft, [key]: value });
  const verb = draft.init ? 'init' : 'add';
  return (
    <EntryForm
      label="New repository"
      action={saving}
      save={draft.init ? 'Make it' : 'Register it'}
      ready={draft.name !== '' && draft.path.startsWith('/') && draft.password !== ''}
      cli={`leeward repository ${verb} ${quoted(draft.name || 'NAME')} --path ${quoted(draft.path || '/PATH')} --password-file FILE`}
      submit={() => saving.save(draft)}
      onDone={onDone}
    >
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
    </EntryForm>
  );
}
