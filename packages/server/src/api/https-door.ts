import { LeewardError } from '@leeward/core';
import type { Services } from '@leeward/engine';
import { isSameSecret } from '@leeward/engine/access/bearer-secret';
import type { FastifyRequest } from 'fastify';
import type { Caller, Door } from './door.ts';

/** The prefix makes browsers refuse it from other hosts of the domain, which could else put a session of theirs here. */
export const sessionCookie = '__Host-leeward_session';

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/** Sessions by cookie, for browsers; API tokens in `Authorization: Bearer`, for programs. */
export function httpsDoor({ sessions, tokens }: Pick<Services, 'sessions' | 'tokens'>): Door {
  return {
    async identify(request): Promise<Caller | undefined> {
      const { authorization } = request.headers;
      const [, bearer] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? [];
      if (bearer !== undefined) {
        const identity = await tokens.use(bearer);
        return identity && { identity };
      }
      // Other ways to sign in are not silently taken for none.
      const secret = authorization === undefined ? request.cookies[sessionCookie] : undefined;
      const used = secret === undefined ? undefined : await sessions.use(secret);
      if (secret === undefined || !used) return undefined;
      const { identity, csrfToken, expiresAt } = used;
      if (!safeMethods.includes(request.method)) requireCsrfToken(request, csrfToken);
      return { identity, session: { secret, csrfToken, expiresAt } };
    },
    requireOwnSite({ headers: { origin, host } }): void {
      if (origin === undefined || origin === `https://${host}`) return;
      throw new LeewardError('L-AUT-105', { problem: `it was sent by a page of ${origin}.` });
    },
    addressOf: ({ ip }) => ip,
  };
}

/** A browser sends the cookie by itself; only our own page knows what this header has to be. */
function requireCsrfToken({ headers }: FastifyRequest, csrfToken: string): void {
  const sent = headers['x-csrf-token'];
  if (typeof sent === 'string' && isSameSecret(sent, csrfToken)) return;
  const problem =
    sent === undefined ? 'the header x-csrf-token is missing.' : 'its x-csrf-token is not right.';
  throw new LeewardError('L-AUT-105', { problem });
}
