import { Bullseye, Spinner } from '@patternfly/react-core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { ApiClient } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import type { Session } from '../api/session.ts';
import { navigate, useLocation } from '../router/location.ts';
import { browserClock } from '../time/browser-clock.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { finishProviderSignIn } from './provider-sign-in.tsx';
import { SessionContext } from './session-context.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { Workplace } from './workplace.tsx';

/** A server that does not answer is asked again. */
const tryAgainMs = 5_000;

type State =
  | { readonly kind: 'asking' }
  | { readonly kind: 'signed-out'; readonly error?: unknown }
  | { readonly kind: 'signed-in'; readonly session: Session }
  | { readonly kind: 'failed'; readonly error: unknown };

/** The console: asks who is signed in, then shows the pages or the sign-in. */
export function App() {
  const { path } = useLocation();
  const [state, setState] = useState<State>({ kind: 'asking' });
  const api = useMemo(
    () =>
      new ApiClient({
        fetch: (url, init) => window.fetch(url, init),
        onSignedOut: () => setState({ kind: 'signed-out' }),
      }),
    [],
  );
  const enter = useCallback(
    (session: Session) => {
      api.setCsrfToken(session.csrfToken);
      setState({ kind: 'signed-in', session });
      if (window.location.pathname === '/setup') navigate('/', { replace: true });
    },
    [api],
  );
  const ask = useCallback(() => {
    setState({ kind: 'asking' });
    const finishing = finishProviderSignIn(api);
    if (finishing) {
      finishing.then(enter, (error: unknown) => setState({ kind: 'signed-out', error }));
      return;
    }
    api.get<Session>('/session').then(enter, (error: unknown) => {
      const isOut = error instanceof ApiProblem && error.status === 401;
      setState(isOut ? { kind: 'signed-out' } : { kind: 'failed', error });
    });
  }, [api, enter]);
  useEffect(ask, [ask]);
  useEffect(() => {
    if (state.kind !== 'failed') return;
    const timer = browserClock.after(tryAgainMs, ask);
    return () => timer.cancel();
  }, [state, ask]);
  const signOut = useCallback(() => {
    const out = () => setState({ kind: 'signed-out' });
    api.delete<{ readonly redirectUrl?: string }>('/session').then(({ redirectUrl }) => {
      out();
      // The session here is over; the provider ends its own, and sends the browser back.
      if (redirectUrl !== undefined) window.location.assign(redirectUrl);
    }, out);
  }, [api]);
  if (state.kind === 'asking')
    return (
      <Bullseye>
        <Spinner aria-label="Asking the server" />
      </Bullseye>
    );
  if (state.kind === 'failed') return <ProblemAlert problem={state.error} onRetry={ask} />;
  if (state.kind === 'signed-out') {
    const setupSecret = path === '/setup' ? window.location.hash.slice(1) : undefined;
    return <SignInPage api={api} setupSecret={setupSecret} problem={state.error} onSignedIn={enter} />;
  }
  return (
    <SessionContext value={{ session: state.session, api, signOut }}>
      <Workplace />
    </SessionContext>
  );
}
