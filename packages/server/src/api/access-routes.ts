import { LeewardError } from '@leeward/core';
import type { Identity, Services } from '@leeward/engine';
import {
  auditFilter,
  changeOwnPassword,
  createToken,
  createUser,
  editUser,
  finishSetup,
  signIn,
} from './access-inputs.ts';
import {
  auditEntry,
  createdToken,
  ended,
  session,
  signedOut,
  token,
  user,
} from './answers/access-answers.ts';
import type { Api } from './api.ts';
import type { Door } from './door.ts';
import { sessionCookie } from './https-door.ts';
import { byId } from './inputs.ts';
import { answerPage, splitQuery } from './paging.ts';
import { about, listOf } from './route-about.ts';

const cookie = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;

/** Signing in, users, API tokens and the audit trail. */
export function accessRoutes(api: Api, services: Services, door: Door): void {
  const { sessions, setup, users, tokens, audit, oidc } = services;
  const one = { params: byId };

  api.post(
    '/session',
    about('anyone', 'session', 'Sign in; sets the session cookie', session, { body: signIn }),
    async (request, reply) => {
      const { secret, identity, ...view } = await sessions.signIn(request.body, door.addressOf(request));
      request.caller = identity;
      reply.setCookie(sessionCookie, secret, cookie);
      return view;
    },
  );
  api.get('/session', about('viewer', 'session', 'Who asks', session), ({ caller, session: signedIn }) => {
    const { name, role, scopes } = known(caller);
    const who = { name, role, ...(scopes ? { scopes } : {}) };
    if (!signedIn) return { user: who };
    const { csrfToken, expiresAt } = signedIn;
    return { user: who, csrfToken, expiresAt };
  });
  api.delete(
    '/session',
    about('viewer', 'session', 'Sign out', signedOut),
    async ({ session: signedIn, headers: { host } }, reply) => {
      reply.clearCookie(sessionCookie, cookie);
      if (!signedIn) return { ended: false };
      const provider = await sessions.end(signedIn.secret);
      const redirectUrl = provider && (await oidc.signOutUrl(provider, `https://${host}`));
      return { ended: true, ...(redirectUrl === undefined ? {} : { redirectUrl }) };
    },
  );
  api.post(
    '/session/password',
    about('viewer', 'session', "Change one's own password; ends all sessions", ended, {
      body: changeOwnPassword,
    }),
    async (request, reply) => {
      const caller = known(request.caller);
      if (caller.kind !== 'user')
        throw new LeewardError('L-CFG-103', { problem: 'only a user who has signed in has a password.' });
      await sessions.changePassword(caller, request.body, door.addressOf(request));
      reply.clearCookie(sessionCookie, cookie);
      return { ended: true };
    },
  );
  api.post(
    '/setup',
    about('anyone', 'user', 'Make the first administrator, with the link of the first start', session, {
      body: finishSetup,
    }),
    async (request, reply) => {
      const { secret, identity, ...view } = await setup.finish(request.body, door.addressOf(request));
      request.caller = identity;
      reply.setCookie(sessionCookie, secret, cookie);
      return view;
    },
  );

  api.get('/users', about('administrator', 'user', 'Users', listOf(user)), () => users.list());
  api.post('/users', about('administrator', 'user', 'Make a user', user, { body: createUser }), ({ body }) =>
    users.create(body),
  );
  api.get('/users/:id', about('administrator', 'user', 'A user', user, one), ({ params }) =>
    users.find(params.id),
  );
  api.patch(
    '/users/:id',
    about('administrator', 'user', 'Change role, password or right to sign in', user, {
      ...one,
      body: editUser,
    }),
    ({ params, body }) => users.edit(params.id, body),
  );
  api.delete(
    '/users/:id',
    about('administrator', 'user', 'Remove a user with sessions and tokens', user, one),
    ({ params }) => users.remove(params.id),
  );

  api.get(
    '/tokens',
    about('viewer', 'token', "API tokens: one's own; all for administrators", listOf(token)),
    ({ caller }) => tokens.list(known(caller)),
  );
  api.post(
    '/tokens',
    about('viewer', 'token', 'Make an API token', createdToken, { body: createToken }),
    ({ caller, body }) => tokens.create(known(caller), body),
  );
  api.get('/tokens/:id', about('viewer', 'token', 'An API token', token, one), ({ caller, params }) =>
    tokens.find(known(caller), params.id),
  );
  api.delete(
    '/tokens/:id',
    about('viewer', 'token', 'Make an API token invalid', token, one),
    ({ caller, params }) => tokens.remove(known(caller), params.id),
  );

  api.get(
    '/audit',
    about('administrator', 'audit', 'Who changed what, newest first', listOf(auditEntry), {
      querystring: auditFilter,
    }),
    async (request, reply) => {
      const { filter, request: wanted } = splitQuery(request.query);
      return answerPage(request, reply, await audit.list(filter, wanted));
    },
  );
}

/** The guard lets nobody else in. */
function known(caller: Identity | undefined): Identity {
  if (!caller) throw new LeewardError('L-AUT-101');
  return caller;
}
