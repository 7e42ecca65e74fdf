import type { Services } from '@leeward/engine';
import { session } from './answers/access-answers.ts';
import { begun, oidc as oidcAnswer, oidcTest, signInWays } from './answers/oidc-answers.ts';
import type { Api } from './api.ts';
import type { Door } from './door.ts';
import { sessionCookie } from './https-door.ts';
import { editOidc, finishSignIn } from './oidc-inputs.ts';
import { about, changesNothing } from './route-about.ts';

const cookie = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;

/** Knows the browser that began to sign in; the page sends it, when it has come back, from our own site. */
const beginCookie = '__Secure-leeward_sign_in';
const beginOptions = { ...cookie, path: '/api/v1/session/provider', maxAge: 600 } as const;

/** Signing in at a provider of OpenID Connect, and what is set of it. */
export function oidcRoutes(api: Api, { oidc }: Services, door: Door): void {
  api.get(
    '/sign-in-ways',
    about('anyone', 'session', 'Which ways there are to sign in', signInWays),
    async () => {
      const settings = await oidc.find();
      return { password: true, ...(settings ? { provider: { label: settings.label } } : {}) };
    },
  );
  api.post(
    '/session/provider/begin',
    changesNothing(about('anyone', 'session', 'Begin to sign in at the provider of OpenID Connect', begun)),
    async (request, reply) => {
      const { url, secret } = await oidc.begin(`https://${request.headers.host}`, door.addressOf(request));
      reply.setCookie(beginCookie, secret, beginOptions);
      return { url };
    },
  );
  api.post(
    '/session/provider',
    about('anyone', 'session', 'Sign in with the answer of the provider; sets the session cookie', session, {
      body: finishSignIn,
    }),
    async (request, reply) => {
      reply.clearCookie(beginCookie, beginOptions);
      const { secret, identity, ...view } = await oidc.finish(
        request.cookies[beginCookie],
        request.body.answer,
      );
      request.caller = identity;
      reply.setCookie(sessionCookie, secret, cookie);
      return view;
    },
  );
  api.get('/oidc', about('administrator', 'oidc', 'How users sign in by OpenID Connect', oidcAnswer), () =>
    oidc.show(),
  );
  api.patch(
    '/oidc',
    about('administrator', 'oidc', 'Set up or change it; the provider is asked first', oidcAnswer, {
      body: editOidc,
    }),
    ({ body }) => oidc.edit(body),
  );
  api.post(
    '/oidc/test',
    changesNothing(about('administrator', 'oidc', 'Ask the provider what it is', oidcTest)),
    () => oidc.test(),
  );
  api.delete('/oidc', about('administrator', 'oidc', 'Take it back', oidcAnswer), () => oidc.remove());
}
