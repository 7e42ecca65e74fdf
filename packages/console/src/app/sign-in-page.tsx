import {
  ActionGroup,
  Button,
  Card,
  CardBody,
  Form,
  FormGroup,
  TextInput,
  Title,
} from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import type { ApiClient } from '../api/client.ts';
import type { Session } from '../api/session.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { ProviderSignIn } from './provider-sign-in.tsx';
import { useTheme } from './theme.ts';

interface SignInPageProps {
  readonly api: ApiClient;
  /** Of the one-time link: makes the first administrator instead of signing in. */
  readonly setupSecret?: string | undefined;
  /** Why nobody was signed in, where somebody comes back from a provider. */
  readonly problem?: unknown;
  readonly onSignedIn: (session: Session) => void;
}

/** Sign-in, and the first start, which makes the first administrator. */
export function SignInPage({ api, setupSecret, problem, onSignedIn }: SignInPageProps) {
  useTheme();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(problem);
  const isSetup = setupSecret !== undefined;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const credentials = { username, password };
      const answer = isSetup
        ? await api.post<Session>('/setup', { secret: setupSecret, ...credentials })
        : await api.post<Session>('/session', credentials);
      onSignedIn(answer);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const title = isSetup ? 'Make the first administrator' : 'Sign in to Leeward';
  return (
    <main className="lw-sign-in">
      <Card className="lw-sign-in-card">
        <CardBody>
          <p className="lw-brand lw-gap">
            <img src="/leeward.svg" alt="" width="36" height="36" /> Leeward
          </p>
          <Title headingLevel="h1" size="xl" className="lw-gap">
            {title}
          </Title>
          {error === undefined ? null : <ProblemAlert problem={error} />}
          <Form onSubmit={submit}>
            {isSetup ? <p>There is no user yet. The password needs at least 12 characters.</p> : null}
            <FormGroup label="User name" isRequired fieldId="username">
              <TextInput
                id="username"
                isRequired
                autoComplete="username"
                value={username}
                onChange={(_event, value) => setUsername(value)}
              />
            </FormGroup>
            <FormGroup label="Password" isRequired fieldId="password">
              <TextInput
                id="password"
                type="password"
                isRequired
                autoComplete={isSetup ? 'new-password' : 'current-password'}
                value={password}
                onChange={(_event, value) => setPassword(value)}
              />
            </FormGroup>
            <ActionGroup>
              <Button type="submit" isBlock isLoading={busy} isDisabled={busy || !username || !password}>
                {isSetup ? 'Make administrator' : 'Sign in'}
              </Button>
            </ActionGroup>
          </Form>
          {isSetup ? null : <ProviderSignIn api={api} onProblem={setError} />}
          <p className="lw-faint-text">Backup of vSphere VMs from storage snapshots on secondary arrays.</p>
        </CardBody>
      </Card>
    </main>
  );
}
