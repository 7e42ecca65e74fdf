import { createHash } from 'node:crypto';
import { LeewardError } from '@leeward/core';
import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify';

/** What changes by itself, and is no reason to refuse the change of somebody who has not seen it. */
const volatileFields = new Set([
  ...['inventoryAt', 'problem', 'signedInAt', 'usedAt', 'nextRunAt', 'nextRun', 'seenAt', 'online', 'reach'],
  ...['lastDelivery', 'lastRun'],
]);

/**
 * Every answer to a GET has an `ETag`, in two parts: one of what can be edited, one of the whole. `If-None-Match` with the
 * whole is answered with 304. With `If-Match` a PATCH, PUT or DELETE is done only while what can be edited is as it was:
 * else `L-API-104`. Changes of one kind through this server come one after the other, so that nothing can happen between
 * looking and changing, however an object is named. MUST be added before the routes.
 */
export function entityTags(api: FastifyInstance): void {
  const reads = new Map<string, RouteHandlerMethod>();
  const edited = new Set<string>();
  const turns = new Map<string, Promise<unknown>>();
  api.addHook('onRoute', (route) => {
    const { url, method, handler } = route;
    if (method === 'GET') reads.set(url, handler);
    if (method !== 'PATCH' && method !== 'PUT' && method !== 'DELETE') return;
    edited.add(url);
    route.handler = async function (request, reply) {
      const read = reads.get(url);
      const change = async () => handler.call(this, request, reply);
      if (!read) {
        if (request.headers['if-match'] === undefined) return change();
        throw new LeewardError('L-API-105', {
          header: 'If-Match',
          problem: `there is no GET ${url.replace(/^\/api\/v1/, '')} to have an ETag from.`,
        });
      }
      return inTurn(turns, url, async () => {
        await requireMatch(request, async () => read.call(this, request, reply));
        return change();
      });
    };
  });
  api.addHook('onSend', async (request, reply, payload: unknown) => {
    if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
    if (!String(reply.getHeader('content-type')).startsWith('application/json')) return payload;
    // Bytes, so that what may be long is encoded once, for the digest and for the wire.
    const bytes = Buffer.from(payload);
    const tag = edited.has(request.routeOptions.url ?? '') ? tagOf(payload) : tagOfWhole(bytes);
    reply.header('etag', tag);
    if (!namesOf(request.headers['if-none-match']).includes(tag)) return bytes;
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return null;
  });
}

async function requireMatch(request: FastifyRequest, look: () => Promise<unknown>): Promise<void> {
  const given = request.headers['if-match'];
  if (given === undefined) return;
  const wanted = namesOf(given);
  if (wanted.length === 0 || wanted.some((tag) => tag !== '*' && !/^"[\w-]+\.[\w-]+"$/.test(tag)))
    throw new LeewardError('L-API-105', {
      header: 'If-Match',
      problem: 'it is no ETag of this server; quotation marks belong to it.',
    });
  const now = await look();
  const tag = tagOf(JSON.stringify(now));
  if (wanted.some((each) => each === '*' || editablePart(each) === editablePart(tag))) return;
  const { kind = 'object' } = request.routeOptions.config;
  throw new LeewardError('L-API-104', { kind, name: wordFor(now, kind) });
}

function wordFor(state: unknown, kind: string): string {
  const name = isRecord(state) ? (state['name'] ?? state['id']) : undefined;
  return typeof name === 'string' ? name : kind;
}

async function inTurn<T>(
  turns: Map<string, Promise<unknown>>,
  key: string,
  work: () => Promise<T>,
): Promise<T> {
  const mine = (turns.get(key) ?? Promise.resolve()).then(work);
  const settled = mine.catch(() => undefined);
  turns.set(key, settled);
  try {
    return await mine;
  } finally {
    if (turns.get(key) === settled) turns.delete(key);
  }
}

function tagOf(payload: string): string {
  const content: unknown = JSON.parse(payload);
  return `"${digest(JSON.stringify(editable(content)))}.${digest(payload)}"`;
}

/** Of what is not edited under its own address, as lists: nothing of it is volatile, and nobody asks by `If-Match`. */
function tagOfWhole(payload: Uint8Array): string {
  const whole = digest(payload);
  return `"${whole}.${whole}"`;
}

function editable(content: unknown): unknown {
  if (!isRecord(content)) return content;
  return Object.entries(content).filter(([name]) => !volatileFields.has(name));
}

function editablePart(tag: string): string | undefined {
  return tag.split('.')[0];
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 22);
}

/** Tags are compared by their text; that one is weak does not matter for a whole answer. */
function namesOf(header: string | undefined): readonly string[] {
  return (header ?? '')
    .split(',')
    .map((each) => each.trim().replace(/^W\//, ''))
    .filter((each) => each !== '');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
