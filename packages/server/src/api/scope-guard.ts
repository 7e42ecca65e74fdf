import { isError, LeewardError } from '@leeward/core';
import { scopeText } from '@leeward/core/access/job-scope';
import type { Identity, Services, VisibleJobs } from '@leeward/engine';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { whoIs } from './guard.ts';
import { type ScopeRule, scopeRules } from './scope-rules.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a caller who is limited to jobs. */
    visible: VisibleJobs | undefined;
    /** Why something was refused, for the audit trail, where the answer must not tell. */
    refusedAs: 'L-AUT-111' | undefined;
  }
}

type Scopes = Services['scopes'];

/**
 * Who is limited to jobs sees and does what is of them: what an input names is looked for among what the caller can see
 * and handed on by its id, and lists are asked for, and answered with, no more. The rest is as if it were not there. What
 * is of no job is refused: `L-AUT-111`.
 */
export function limitToJobs(api: FastifyInstance, scopes: Scopes): void {
  api.decorateRequest('visible', undefined);
  api.decorateRequest('refusedAs', undefined);
  api.addHook('onRequest', async (request) => {
    const { caller } = request;
    if (caller?.scopes !== undefined && !ruleOf(request)) throw refused(caller);
  });
  api.addHook('preHandler', async (request) => {
    const { caller } = request;
    const rule = ruleOf(request);
    if (caller?.scopes === undefined || !rule) return;
    const visible = await scopes.visible(caller.scopes);
    request.visible = visible;
    await narrow(request, rule, visible, scopes);
  });
  api.addHook('preSerialization', async (request, reply, payload: unknown) => {
    const { visible } = request;
    const see = visible && ruleOf(request)?.see;
    if (!visible || !see || reply.statusCode >= 400) return payload;
    if (!Array.isArray(payload)) throw new LeewardError('L-RUN-103', { message: 'a list was expected' });
    return payload.flatMap((entry) => see(entry, visible) ?? []);
  });
}

function ruleOf({ method, routeOptions: { url = '' } }: FastifyRequest): ScopeRule | undefined {
  const route = `${method === 'HEAD' ? 'GET' : method} ${url.replace(/^\/api\/v1/, '')}`;
  return Object.hasOwn(scopeRules, route) ? scopeRules[route] : undefined;
}

function refused(caller: Identity): LeewardError {
  return new LeewardError('L-AUT-111', { who: whoIs(caller), jobs: scopeText(caller.scopes ?? []) });
}

/** Replaces what the input names by what the caller can see of it. */
async function narrow(
  request: FastifyRequest,
  rule: ScopeRule,
  visible: VisibleJobs,
  scopes: Scopes,
): Promise<void> {
  const { params, query, body } = request;
  const found = async (kind: 'job' | 'run' | 'point', wanted: string) => {
    try {
      if (kind === 'job') return scopes.jobId(visible, wanted);
      return await (kind === 'run' ? scopes.runId(visible, wanted) : scopes.pointId(visible, wanted));
    } catch (error) {
      if (isError(error, 'L-CFG-102') && (await scopes.exists(kind, wanted))) request.refusedAs = 'L-AUT-111';
      throw error;
    }
  };
  if (rule.id !== undefined && isRecord(params))
    Object.assign(params, { id: await found(rule.id, String(params['id'])) });
  if (rule.list && isRecord(query)) {
    const { job } = query;
    if (typeof job === 'string') Object.assign(query, { job: await found('job', job) });
    if (request.routeOptions.url !== '/api/v1/chains') Object.assign(query, { jobIds: visible.ids });
  }
  if (rule.restore && isRecord(body)) {
    const { point, vm } = body;
    if (typeof point === 'string') Object.assign(body, { point: await found('point', point) });
    else {
      const newest = await scopes.newestPoint(visible, String(vm));
      if (!newest) throw new LeewardError('L-RUN-105', { kind: 'point of VM', id: String(vm) });
      Object.assign(body, { point: newest.id, vm: undefined });
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
