import type { Clock } from '@leeward/core';
import type { AuditService } from '@leeward/engine';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Door } from './door.ts';
import { changesSomething } from './guard.ts';
import { TrailLimit } from './trail-limit.ts';
import { withoutSecrets } from './without-secrets.ts';

export type AuditTrail = Pick<AuditService, 'look' | 'begin' | 'end'>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the entry in the audit trail. */
    auditId: number | undefined;
  }
}

/** Longer states are not kept. */
const longestState = 32 * 1024;

/**
 * Every change leaves an entry in the audit trail: made before the change, so that there is none without, and completed
 * before its answer leaves. What was refused leaves one too; of nobody who is known, only so many a minute.
 */
export function auditChanges(api: FastifyInstance, trail: AuditTrail, door: Door, clock: Clock): void {
  const limit = new TrailLimit(clock);
  api.decorateRequest('auditId', undefined);
  api.addHook('preHandler', async (request) => {
    if (!changesSomething(request)) return;
    if (request.caller || limit.take()) request.auditId = await begin(request, true);
  });
  api.addHook('onSend', async (request, reply, payload: unknown) => {
    try {
      // Nothing was done: what was has its entry.
      if (!request.isReplay) await complete(request, reply, payload);
    } catch (error) {
      // The entry that was begun stays, and says that the outcome is not known.
      request.log.error(error, 'an entry of the audit trail could not be completed');
    }
    return payload;
  });

  async function begin(request: FastifyRequest, isAllowed: boolean): Promise<number> {
    const { method, routeOptions, caller } = request;
    const { kind = '' } = routeOptions.config;
    const wanted = isAllowed ? await wantedOf(request, trail) : objectOf(request);
    const state = isAllowed && wanted !== undefined ? await trail.look(kind, wanted) : undefined;
    return trail.begin({
      caller: caller ? { kind: caller.kind, name: caller.name } : { kind: 'nobody', name: '' },
      address: door.addressOf(request),
      operation: `${method} ${(routeOptions.url ?? '').replace(/^\/api\/v1/, '')}`,
      kind,
      object: nameOf(state) ?? (wanted === '' ? undefined : wanted),
      fields: isRecord(request.body) ? Object.keys(request.body) : [],
      before: state && keepsBefore(request) ? bounded(state) : undefined,
    });
  }

  async function complete(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<void> {
    const { statusCode } = reply;
    const isRefused = statusCode >= 400 && statusCode < 500;
    const isWorthIt = changesSomething(request) || (isRefused && request.caller !== undefined);
    if (request.auditId === undefined) {
      if (!isWorthIt || (isRefused && !request.caller && !limit.take())) return;
      request.auditId = await begin(request, false);
    }
    const answer = parsed(payload);
    const isDone = statusCode < 400;
    const after = isDone && request.method !== 'DELETE' && isRecord(answer) ? bounded(answer) : undefined;
    const { caller } = request;
    await trail.end(request.auditId, {
      outcome: isDone ? 'done' : isRefused ? 'refused' : 'failed',
      code:
        request.refusedAs ??
        (!isDone && isRecord(answer) && typeof answer['code'] === 'string' ? answer['code'] : undefined),
      after,
      ...(caller ? { caller: { kind: caller.kind, name: caller.name } } : {}),
      ...(isDone && objectOf(request) === undefined ? { object: nameOf(after) } : {}),
    });
  }
}

/** Name or id of what is changed, as it was given; undefined for what is only being made. */
function objectOf({ params }: FastifyRequest): string | undefined {
  if (!isRecord(params)) return undefined;
  const parts = [params['id'], params['name']].filter((part) => typeof part === 'string');
  return parts.length === 0 ? undefined : parts.join('/');
}

/** Users' names only where there are such users: people type passwords into the wrong field. */
async function wantedOf(request: FastifyRequest, trail: AuditTrail): Promise<string | undefined> {
  const { kind } = request.routeOptions.config;
  if (kind === 'settings' || kind === 'oidc') return '';
  if (kind !== 'session') return objectOf(request);
  const username = isRecord(request.body) ? request.body['username'] : undefined;
  if (typeof username !== 'string') return request.caller?.name;
  return nameOf(await trail.look('user', username)) ?? '(no such user)';
}

function keepsBefore({ method }: FastifyRequest): boolean {
  return method === 'PATCH' || method === 'DELETE';
}

function nameOf(state: unknown): string | undefined {
  if (!isRecord(state)) return undefined;
  const name = state['name'] ?? state['id'];
  return typeof name === 'string' ? name : undefined;
}

function bounded(state: object): object {
  const clean = withoutSecrets(state);
  const { length } = JSON.stringify(clean);
  return length > longestState || !isRecord(clean) ? { leftOut: `${length} characters` } : clean;
}

function parsed(payload: unknown): unknown {
  if (typeof payload !== 'string') return undefined;
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
