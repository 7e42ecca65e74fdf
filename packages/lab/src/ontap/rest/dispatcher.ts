import { isObject, type JsonObject } from '../../json.ts';
import type { RawReply, RawRequest } from '../../rest/tls-server.ts';
import { routes } from '../resources/routes.ts';
import type { World } from '../world.ts';
import { authenticate } from './authenticate.ts';
import { readBody } from './body.ts';
import { withLinks } from './hal.ts';
import type { Call, Reply, Route } from './request.ts';
import { forbidden, invalidValue, noApi, notAllowed, RestError } from './rest-error.ts';
import { mayCall } from './roles.ts';

/** Not for callers confined to one SVM. */
const clusterOnly = ['/cluster/nodes', '/cluster/licensing', '/cluster/peers', '/cluster/web'];
const commonHeaders = {
  Server: 'libzapid-httpd',
  'Cache-Control': 'no-cache,no-store,must-revalidate',
  'X-Content-Type-Options': 'nosniff',
};

/** Answers every request, refusals included; never throws. */
export async function dispatch(world: World, request: RawRequest): Promise<RawReply> {
  const hal = wantsLinks(request.headers.accept ?? '*/*');
  const path = request.url.split('?')[0] ?? request.url;
  try {
    const url = new URL(request.url, 'https://array');
    const reply = await answer(world, request, url);
    return render(reply, { hal, path: url.pathname.replace(/^\/api\/v1\b/, '/api').replace(/\/$/, '') });
  } catch (error) {
    const refusal =
      error instanceof RestError
        ? error
        : new RestError(
            500,
            65541,
            `internal error: ${error instanceof Error ? error.message : String(error)}`,
          );
    return render({ status: refusal.status, body: refusal.envelope() }, { hal: false, path });
  }
}

/** Links unless plain JSON is asked for: the vendor's SDK sends no preference and cannot do without them. */
function wantsLinks(accept: string): boolean {
  return accept.includes('application/hal+json') || !accept.includes('application/json');
}

async function answer(world: World, request: RawRequest, url: URL): Promise<Reply> {
  if (url.pathname.startsWith('/servlets'))
    throw new RestError(410, 3, 'This interface is no longer available.');
  const session = authenticate(world, request.headers);
  const path = url.pathname.replace(/^\/api\/v1\b/, '/api').replace(/\/$/, '');
  if (!path.startsWith('/api/')) throw noApi();
  const { route, params } = findRoute(world, request.method, path.slice(4));
  if (!mayCall(session.role, request.method, path)) throw forbidden();
  if (session.svm && clusterOnly.some((prefix) => path.slice(4).startsWith(prefix))) throw forbidden();
  const operation = world.contract.operation(request.method, route.path);
  if (!operation) throw noApi();
  const { method } = request;
  // The vendor's SDK sends an empty object with every call.
  const empty = ['', '{}', 'null'].includes(request.body.trim());
  if (!empty && !operation.body && method !== 'PATCH')
    throw new RestError(400, 262198, 'A body is not allowed for this method.');
  const body = operation.body ? readBody(world.contract, request.body, operation.body, method) : {};
  const call: Call = { world, session, method, path, operation, params, query: url.searchParams, body };
  checkQuery(call);
  return route.handle(call);
}

interface Found {
  readonly route: Route;
  readonly params: Record<string, string>;
}

function findRoute(world: World, method: string, path: string): Found {
  const parts = path.split('/').slice(1);
  let pathKnown = false;
  for (const route of routes) {
    const params = matchPath(route.path, parts);
    if (!params || !world.contract.operation(route.method, route.path)) continue;
    pathKnown = true;
    if (route.method === method) return { route, params };
  }
  throw pathKnown ? notAllowed() : noApi();
}

function matchPath(pattern: string, parts: readonly string[]): Record<string, string> | undefined {
  const wanted = pattern.split('/').slice(1);
  if (wanted.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = parts[at] ?? '';
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name) params[name] = decoded(value);
    else if (part !== value) return undefined;
  }
  return params;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Writes take only the arguments that the description names; reads are checked with their fields. */
function checkQuery(call: Call): void {
  const { operation, query, method } = call;
  const timeout = query.get('return_timeout');
  if (timeout !== null && !/^\d+$/.test(timeout)) throw invalidValue(timeout, 'return_timeout');
  if (timeout !== null && Number(timeout) > 120) throw invalidValue(timeout, 'return_timeout');
  if (method === 'GET' || query.get('ignore_unknown_fields') === 'true') return;
  const known = [...operation.query, 'return_timeout', 'return_records', 'fields'];
  for (const name of query.keys())
    if (!known.includes(name))
      throw new RestError(400, 262179, `Unexpected argument "${name}".`, name, [name]);
}

function render(reply: Reply, how: { hal: boolean; path: string }): RawReply {
  const body = reply.body ?? {};
  const isCollection = Array.isArray(body['records']) || body['num_records'] !== undefined;
  const linked = how.hal && reply.status < 400 ? withLinks(body, how.path, isCollection) : withoutLinks(body);
  return {
    status: reply.status,
    headers: {
      ...commonHeaders,
      'Content-Type': how.hal ? 'application/hal+json' : 'application/json',
      ...(reply.location ? { Location: reply.location } : {}),
    },
    body: JSON.stringify(linked),
  };
}

/** Plain JSON keeps only the link to the next page. */
function withoutLinks(body: JsonObject): JsonObject {
  const { _links, ...rest } = body;
  const next = isObject(_links) ? _links['next'] : undefined;
  return next === undefined ? rest : { ...rest, _links: { next } };
}
