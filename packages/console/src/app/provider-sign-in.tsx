import { Button, Divider } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import type { ApiClient } from '../api/client.ts';
import type { SignInWays } from '../api/oidc.ts';
import type { Session } from '../api/session.ts';
import { navigate } from '../router/location.ts';

/** Where the provider sends people back to. */
const comeBackPath = '/sign-in/provider';
/** Where somebody wanted to go before signing in. */
const wantedKey = 'leeward.sign-in.to';

interface ProviderSignInProps {
  readonly api: ApiClient;
  readonly onProblem: (problem: unknown) => void;
}

/** Button for signing in at a provider of OpenID Connect; nothing where none is set up. */
export function ProviderSignIn({ api, onProblem }: ProviderSignInProps) {
  const [label, setLabel] = useState<string>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    // Who cannot be told of it signs in with a password.
    api.get<SignInWays>('/sign-in-ways').then(
      ({ provider }) => setLabel(provider?.label),
      () => undefined,
    );
  }, [api]);
  if (label === undefined) return null;
  const begin = async () => {
    setBusy(true);
    try {
      const { url } = await api.post<{ readonly url: string }>('/session/provider/begin');
      window.sessionStorage.setItem(wantedKey, window.location.pathname + window.location.search);
      window.location.assign(url);
    } catch (problem) {
      setBusy(false);
      onProblem(problem);
    }
  };
  return (
    <>
      <Divider className="lw-gap" />
      <Button variant="secondary" isBlock isLoading={busy} isDisabled={busy} onClick={begin}>
        {label}
      </Button>
    </>
  );
}

/**
 * Where somebody comes back from the provider: signs in with its answer, which is taken out of the address at once.
 * Undefined for every other page.
 */
export function finishProviderSignIn(api: ApiClient): Promise<Session> | undefined {
  const { pathname, search } = window.location;
  if (pathname !== comeBackPath || search === '') return undefined;
  const wanted = window.sessionStorage.getItem(wantedKey) ?? '/';
  window.sessionStorage.removeItem(wantedKey);
  navigate(/^\/(?!\/)/.test(wanted) && !wanted.startsWith(comeBackPath) ? wanted : '/', { replace: true });
  return api.post<Session>('/session/provider', { answer: search });
}
