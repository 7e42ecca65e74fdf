import { ActionGroup, Alert, Button, Checkbox, ClipboardCopy, Form } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import type { CreatedToken } from '../../api/access.ts';
import type { Role } from '../../api/session.ts';
import { roleChoices } from '../../app/roles.ts';
import { useSession } from '../../app/session-context.tsx';
import { CliLine } from '../../ui/cli-line.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
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
  const { busy, error, run } = useAction();
  const choices = roleChoices.filter(
    ([each]) => role === 'administrator' || each === role || each === 'viewer',
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => setMade(await api.post<CreatedToken>('/tokens', tokenBody(draft))));
  };
  if (made) return <MadeToken made={made} onDone={onDone} />;
  return (
    <Form onSubmit={submit} className="lw-form lw-gap" aria-label="New API token">
      {error === undefined ? null : <ProblemAlert problem={error} />}
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
      <CliLine command={tokenCommand(draft)} />
      <ActionGroup>
        <Button type="submit" isLoading={busy} isDisabled={draft.name === '' || draft.days === '' || busy}>
          Make the token
        </Button>
        <Button variant="link" onClick={onDone}>
          Leave it
        </Button>
      </ActionGroup>
    </Form>
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
