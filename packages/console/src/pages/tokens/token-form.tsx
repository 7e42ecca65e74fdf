import { Alert, Button, Checkbox, ClipboardCopy } from '@patternfly/react-core';
import { useState } from 'react';
import type { CreatedToken } from '../../api/access.ts';
import type { Role } from '../../api/session.ts';
import { roleChoices } from '../../app/roles.ts';
import { useSession } from '../../app/session-context.tsx';
import { EntryForm } from '../../ui/entry-form.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { When } from '../../ui/when.tsx';
import { newToken, tokenBody, tokenCommand } from './token-draft.ts';

/** Makes an API token, and shows its secret once. */
export function TokenForm({ onDone }: { readonly onDone: () => void }) {
  const { api, session } = useSession();
  const { role } = session.user;
  const [draft, setDraft] = useState(() => newToken(role));
  const [made, setMade] = useState<CreatedToken>();
  const choices = roleChoices.filter(
    ([each]) => role === 'administrator' || each === role || each === 'viewer',
  );
  const { busy, error, run } = useAction();
  const make = () => run(async () => setMade(await api.post<CreatedToken>('/tokens', tokenBody(draft))));
  if (made) return <MadeToken made={made} onDone={onDone} />;
  return (
    <EntryForm
      label="New API token"
      action={{ busy, error }}
      save="Make the token"
      ready={draft.name !== '' && draft.days !== ''}
      cli={tokenCommand(draft)}
      submit={make}
      onLeave={onDone}
    >
      <TextField
        id="token-name"
        label="Name"
        required
        value={draft.name}
        onChange={(name) => setDraft({ ...draft, name })}
        help="What it is for; it stands in the audit trail."
      />
      <SelectField
        id="token-role"
        label="Role"
        value={draft.role}
        choices={choices}
        onChange={(chosen) => setDraft({ ...draft, role: chosen as Role })}
        help="A token can never do more than its owner can."
      />
      <TextField
        id="token-jobs"
        label="Only these jobs"
        value={draft.jobs}
        onChange={(jobs) => setDraft({ ...draft, jobs })}
        help="Names or patterns, separated by commas. Empty: those of its owner."
      />
      <TextField
        id="token-days"
        label="Valid for days"
        type="number"
        value={draft.days}
        onChange={(days) => setDraft({ ...draft, days })}
      />
      <Checkbox
        id="token-read-only"
        label="May only ask for what changes nothing"
        isChecked={draft.readOnly}
        onChange={(_event, readOnly) => setDraft({ ...draft, readOnly })}
      />
    </EntryForm>
  );
}

function MadeToken({ made, onDone }: { readonly made: CreatedToken; readonly onDone: () => void }) {
  return (
    <Alert
      isInline
      variant="success"
      className="lw-gap lw-form"
      title={`The token ${made.name} was made. This is the only time that it is shown.`}
    >
      <ClipboardCopy
        isReadOnly
        hoverTip="Copy"
        clickTip="Copied"
        textAriaLabel={`Token ${made.name}`}
        copyAriaLabel="Copy the token"
        className="lw-gap"
      >
        {made.token}
      </ClipboardCopy>
      <p className="lw-gap">
        Valid until <When at={made.expiresAt} />. Programs send it as <code>Authorization: Bearer TOKEN</code>
        . The server keeps only a hash of it.
      </p>
      <Button variant="secondary" onClick={onDone}>
        I have it
      </Button>
    </Alert>
  );
}
