import { Checkbox } from '@patternfly/react-core';
import { useState } from 'react';
import type { User } from '../../api/access.ts';
import type { Role } from '../../api/session.ts';
import { roleChoices } from '../../app/roles.ts';
import { pathTo } from '../../router/match.ts';
import { EntryForm } from '../../ui/entry-form.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSaving } from '../../ui/use-saving.ts';
import { draftOf, newUser, userBody, userCommand } from './user-draft.ts';

interface UserFormProps {
  /** Missing: a new one. */
  readonly user?: User;
  readonly onDone: () => void;
}

/** Makes a user, or changes the role, the password and the right to sign in of one. */
export function UserForm({ user, onDone }: UserFormProps) {
  const [draft, setDraft] = useState(() => (user ? draftOf(user) : newUser));
  const saving = useSaving<User>({
    path: user ? pathTo('/users/:id', { id: user.id }) : '/users',
    first: user,
    refill: (now) => setDraft(draftOf(now)),
  });
  return (
    <EntryForm
      label={user ? `Change ${user.name}` : 'New user'}
      action={saving}
      save={user ? 'Save' : 'Make the user'}
      ready={user !== undefined || (draft.name !== '' && draft.password !== '')}
      cli={userCommand(draft, saving.seen)}
      submit={(over) => saving.save(userBody(draft, saving.seen), over)}
      onDone={onDone}
    >
      {user ? (
        <h2 className="lw-h2">Change {user.name}</h2>
      ) : (
        <TextField
          id="user-name"
          label="User name"
          required
          value={draft.name}
          onChange={(name) => setDraft({ ...draft, name })}
        />
      )}
      <SelectField
        id="user-role"
        label="Role"
        value={draft.role}
        choices={roleChoices}
        onChange={(role) => setDraft({ ...draft, role: role as Role })}
      />
      <TextField
        id="user-jobs"
        label="Only these jobs"
        value={draft.jobs}
        onChange={(jobs) => setDraft({ ...draft, jobs })}
        help="Names or patterns such as prod-*, separated by commas; of nothing else anything is seen. Empty: all. Not of administrators."
      />
      <TextField
        id="user-password"
        type="password"
        label={user ? 'New password' : 'Password'}
        required={user === undefined}
        value={draft.password}
        onChange={(password) => setDraft({ ...draft, password })}
        help={
          user
            ? 'Empty: it stays. A new one ends all sessions of the user.'
            : '12 characters or more, and not the name.'
        }
      />
      {user ? (
        <Checkbox
          id="user-disabled"
          label="Disabled: cannot sign in, sessions end, tokens rest"
          isChecked={draft.disabled}
          onChange={(_event, disabled) => setDraft({ ...draft, disabled })}
        />
      ) : null}
    </EntryForm>
  );
}
