import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import type { OidcSettings, OidcTest, SignInWays } from '../../api/oidc.ts';
import { useResource } from '../../api/use-resource.tsx';
import { useMay, useSession } from '../../app/session-context.tsx';
import { ActionButton } from '../../ui/action-button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { NotForYou } from '../../ui/not-for-you.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { useAction } from '../../ui/use-action.ts';
import { OidcForm } from './oidc-form.tsx';

/** Signing in at a provider of OpenID Connect: how it is set up, whether the provider answers, and what to try then. */
export default function OidcPage() {
  const maySee = useMay('administer');
  const isSetUp = useResource<SignInWays>('/sign-in-ways').data?.provider !== undefined;
  return (
    <PageFrame
      title="Single sign-on"
      cli="leeward oidc show"
      {...(isSetUp && maySee ? { json: '/oidc' } : {})}
    >
      {maySee ? <Whole /> : <NotForYou needs="administrator" />}
    </PageFrame>
  );
}

function Whole() {
  const ways = useResource<SignInWays>('/sign-in-ways');
  const isSetUp = ways.data?.provider !== undefined;
  // What was taken back is not asked for any more, before it is known to be gone.
  const [isTaken, setTaken] = useState(false);
  useEffect(() => {
    if (!isSetUp) setTaken(false);
  }, [isSetUp]);
  return (
    <Loaded resource={ways}>
      {() =>
        isSetUp && !isTaken ? (
          <SetUp onTaken={() => flushSync(() => setTaken(true))} />
        ) : (
          <>
            <p className="lw-gap">
              People sign in with a password of Leeward until a provider of OpenID Connect is set up here:
              Keycloak, Entra ID, Okta and the like. At the provider, make a confidential client (code flow)
              with the address that is shown below to come back to.
            </p>
            <OidcForm />
          </>
        )
      }
    </Loaded>
  );
}

interface TakenBack {
  readonly onTaken: () => void;
}

function SetUp({ onTaken }: TakenBack) {
  const settings = useResource<OidcSettings>('/oidc');
  return (
    <Loaded resource={settings}>
      {(known) => (
        <div className="lw-stack">
          <Card>
            <CardTitle component="h2">The provider</CardTitle>
            <CardBody>
              <Deeds settings={known} onTaken={onTaken} />
            </CardBody>
          </Card>
          <Card>
            <CardTitle component="h2">Settings</CardTitle>
            <CardBody>
              <OidcForm settings={known} />
            </CardBody>
          </Card>
        </div>
      )}
    </Loaded>
  );
}

function Deeds({ settings: { issuer, label }, onTaken }: TakenBack & { readonly settings: OidcSettings }) {
  const { api } = useSession();
  const { busy, error, run } = useAction();
  const [found, setFound] = useState<OidcTest>();
  return (
    <>
      <p className="lw-gap">
        People sign in at <strong className="lw-anywhere">{issuer}</strong>, by the button “{label}” of the
        sign-in page.
      </p>
      <div className="lw-actions-left lw-gap">
        <ActionButton
          allowed
          variant="secondary"
          isLoading={busy}
          onClick={() => void run(async () => setFound(await api.post<OidcTest>('/oidc/test')))}
        >
          Ask the provider
        </ActionButton>
        <ConfirmButton
          label="Take it back"
          title="Take back single sign-on?"
          cli="leeward oidc remove"
          allowed
          work={async () => {
            await api.delete('/oidc');
            onTaken();
          }}
        >
          Nobody signs in at {issuer} any more, and its secret is forgotten. Users who signed in there stay
          and cannot sign in; sessions that are open go on until they end. Keep an administrator with a
          password.
        </ConfirmButton>
      </div>
      {error === undefined ? null : <ProblemAlert problem={error} />}
      {found ? (
        <p role="status" className="lw-gap lw-anywhere">
          {found.issuer} answers; people sign in at {found.authorizationEndpoint}.
        </p>
      ) : null}
      <p>
        To try it as a whole: stay signed in here, open the sign-in page in a private window and press “
        {label}”. What is wrong then is told there with its code; your session here is not touched.
      </p>
    </>
  );
}
