import { Button, Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useState } from 'react';
import { useSession } from '../../app/session-context.tsx';
import { EntryForm } from '../../ui/entry-form.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { When } from '../../ui/when.tsx';

/** Who is signed in, and one's own password. */
export default function AccountPage() {
  const { session, signOut } = useSession();
  const { name, role } = session.user;
  return (
    <PageFrame title="Your account" cli="leeward user list" json="/session">
      <div className="lw-stack">
        <Card>
          <CardTitle component="h2">Signed in</CardTitle>
          <CardBody>
            <p className="lw-gap">
              As <strong>{name}</strong>, {role}. The session ends <When at={session.expiresAt} /> if it is
              not used before.
            </p>
            <div className="lw-actions-left">
              <Button variant="secondary" onClick={signOut}>
                Sign out
              </Button>
              <a href="/tokens" className="lw-list-item">
                Your API tokens
              </a>
            </div>
          </CardBody>
        </Card>
        <Card>
          <CardTitle component="h2">Password</CardTitle>
          <CardBody>
            <PasswordForm />
          </CardBody>
        </Card>
      </div>
    </PageFrame>
  );
}

const empty = { password: '', newPassword: '', again: '' };

function PasswordForm() {
  const [draft, setDraft] = useState(empty);
  const { api } = useSession();
  const { busy, error, run } = useAction();
  const { password, newPassword, again } = draft;
  const isOther = again !== '' && again !== newPassword;
  // Ends this session too: the next answer leads to the sign-in.
  const submit = () => run(() => api.post('/session/password', { password, newPassword }));
  const field = (key: keyof typeof empty) => ({
    id: `account-${key}`,
    type: 'password' as const,
    required: true,
    value: draft[key],
    onChange: (value: string) => setDraft({ ...draft, [key]: value }),
  });
  return (
    <EntryForm
      label="Change your password"
      className="lw-form"
      action={{ busy, error }}
      save="Change the password"
      ready={password !== '' && newPassword !== '' && newPassword === again}
      submit={submit}
    >
      <TextField {...field('password')} label="Password now" />
      <TextField
        {...field('newPassword')}
        label="New password"
        help="12 characters or more, and not your name."
      />
      <TextField
        {...field('again')}
        label="New password again"
        {...(isOther ? { help: 'It is not the same yet.' } : {})}
      />
      <p>All your sessions end then, this one too: you sign in with the new password.</p>
    </EntryForm>
  );
}
