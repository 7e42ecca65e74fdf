import { LeewardError } from '@leeward/core';
import type { Identity, KeyedRequest, Services } from '@leeward/engine';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { changesSomething } from './guard.ts';
import { withoutSecrets } from './without-secrets.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a request with an idempotency key that is the first one with it. */
    keyed: KeyedRequest | undefined;
    /** The answer was given before; nothing was done. */
    isReplay: boolean;
  }
}

export const idempotencyHeader = 'idempotency-key';

/**
 * Whoever does not know whether a POST arrived sends it again with the same `Idempotency-Key`: what succeeded is answered
 * as before and not done twice. What failed did nothing, so its key is free again. Answers are kept without secrets.
 * MUST come before the audit trail begins an entry.
 */
export function answerOnce(api: FastifyInstance, keys: Services['idempotency']): void {
  api.decorateRequest('keyed', undefined);
  api.decorateRequest('isReplay', false);
  api.addHook('preHandler', async (request, reply) => {
    const keyed = keyedRequest(request);
    if (!keyed) return undefined;
    const begun = await keys.begin(keyed);
    if (begun.kind === 'new') {
      request.keyed = keyed;
      return undefined;
    }
    const { key } = keyed;
    if (begun.kind === 'other') throw new LeewardError('L-API-102', { key, operation: begun.operation });
    if (begun.kind === 'under-way') throw new LeewardError('L-API-103', { key });
    request.isReplay = true;
    const { status, body } = begun.answer;
    return reply
      .code(status)
      .header('idempotency-replayed', 'true')
      .type('application/json; charset=utf-8')
      .serializer((text: string) => text)
      .send(body);
  });
  api.addHook('onSend', async (request, reply, payload: unknown) => {
    const { keyed } = request;
    if (!keyed) return payload;
    try {
      if (reply.statusCode < 400 && typeof payload === 'string')
        await keys.keep(keyed, { status: reply.statusCode, body: cleaned(payload) });
      else await keys.release(keyed);
    } catch (error) {
      // The key stays taken: a repetition is told that it is not known how this ended.
      request.log.error(error, 'the answer to a request with an idempotency key could not be kept');
    }
    return payload;
  });
}

function keyedRequest(request: FastifyRequest): KeyedRequest | undefined {
  const { headers, method, caller, url, routeOptions, body } = request;
  const key = headers[idempotencyHeader];
  if (key === undefined || method !== 'POST' || !caller || !changesSomething(request)) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))
    throw new LeewardError('L-API-105', {
      header: 'Idempotency-Key',
      problem: 'a key has 1 to 200 visible ASCII characters and no blanks.',
    });
  const operation = `${method} ${(routeOptions.url ?? '').replace(/^\/api\/v1/, '')}`;
  return {
    principal: principalOf(caller),
    key,
    operation,
    content: `${url} ${JSON.stringify(sorted(body))}`,
  };
}

function principalOf({ kind, name, userId }: Identity): string {
  return [kind, userId ?? '', name].join(' ');
}

/** The same whatever the order of its fields. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, sorted(inner)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function cleaned(payload: string): string {
  return JSON.stringify(withoutSecrets(JSON.parse(payload)));
}
