import { isObject, type JsonObject } from '../../json.ts';
import type { RawReply, RawRequest } from '../../rest/tls-server.ts';
import { isId } from '../model/ids.ts';
import { sets } from '../resources/sets.ts';
import type { World } from '../world.ts';
import { ApiError, invalidArgument, missingArgument, notAllowed, notFound } from './api-error.ts';
import { readArguments } from './body.ts';
import { listRows, pick, wantedFields } from './list-query.ts';
import type { Call, ResourceSet, Row, Writer } from './resource-set.ts';
import { mayCall } from './roles.ts';
import { openSession } from './session-calls.ts';
import type { Session } from './tokens.ts';

export interface Reply {
  readonly status: number;
  readonly body: JsonObject;
}

/** Answers every request, refusals included; never throws. */
export async function dispatch(world: World, request: RawRequest): Promise<RawReply> {
  try {
    return render(await answer(world, request));
  } catch (error) {
    const refusal =
      error instanceof ApiError
        ? error
        : new ApiError(
            500,
            'SM_eunexpected',
            `internal error: ${error instanceof Error ? error.message : String(error)}`,
          );
    return render({ status: refusal.status, body: { messages: refusal.messages() } });
  }
}

export function render({ status, body }: Reply): RawReply {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  return { status, headers, body: JSON.stringify(body) };
}

async function answer(world: World, request: RawRequest): Promise<Reply> {
  const { method } = request;
  const url = new URL(request.url, 'https://array');
  if (url.pathname === '/versions' && method === 'GET') return versions(world);
  // A slash at the end says nothing more, as on the real system.
  const parts = url.pathname.replace(/\/+$/, '').split('/').slice(1);
  if (parts[0] !== 'v1') throw notFoundPath();
  if (method === 'POST' && parts[1] === 'tokens' && parts.length === 2)
    return openSession(world, dataOf(request.body), request.sourceAddress);
  const header = request.headers['x-auth-token'];
  const session = world.tokens.authenticate(typeof header === 'string' ? header : undefined);
  const set = sets.get(parts[1] ?? '');
  if (!set) throw notFoundPath();
  return route(world, { session, set, url, method, rest: parts.slice(2), body: request.body });
}

const notFoundPath = () => new ApiError(404, 'SM_http_not_found', 'No such resource.');

function versions(world: World): Reply {
  const { version } = world.group.config.group;
  const data = [{ name: 'v1', software_version: version }];
  return { status: 200, body: { data, startRow: 0, endRow: 1, totalRows: 1 } };
}

interface Routed {
  readonly session: Session;
  readonly set: ResourceSet;
  readonly url: URL;
  readonly method: string;
  /** Behind the name of the set. */
  readonly rest: readonly string[];
  readonly body: string;
}

async function route(world: World, routed: Routed): Promise<Reply> {
  const { session, set, url, method, rest } = routed;
  const [first, second, third] = rest;
  const query = url.searchParams;
  const readCall: Call = { world, session, query, data: {} };
  const detail = first === 'detail';
  if (rest.length === 0 || (detail && rest.length === 1)) {
    if (method === 'GET') return list(readCall, set, detail, undefined);
    if (method === 'POST' && detail) return list(readCall, set, true, parseBody(routed.body));
    if (method !== 'POST' || !set.create) throw notAllowed();
    return write(world, routed, set.create, '', 201);
  }
  if (first === 'actions' && rest.length === 2) throw notFoundPath();
  const id = first ?? '';
  if (!isId(id) && set.name !== 'software_versions')
    throw new ApiError(400, 'SM_invalid_path_variable', 'The object identifier in the path is malformed.');
  if (rest.length === 3 && second === 'actions') {
    const action = set.actions?.[third ?? ''];
    if (!action) throw notFoundPath();
    if (method !== 'POST') throw notAllowed();
    requireRow(readCall, set, id);
    return write(world, routed, action, id, 200);
  }
  if (rest.length !== 1) throw notFoundPath();
  const row = requireRow(readCall, set, id);
  if (method === 'GET') return one(row, query);
  const writer = { PUT: set.update, DELETE: set.remove }[method];
  if (!writer) throw notAllowed();
  return write(world, routed, writer, id, 200);
}

function requireRow(call: Call, set: ResourceSet, id: string): Row {
  const row = set.row(call, id);
  if (!row) throw notFound();
  return row;
}

function one(row: Row, query: URLSearchParams): Reply {
  for (const name of query.keys())
    if (name !== 'fields')
      throw new ApiError(400, 'SM_unexpected_query_param', `Unexpected query parameter: ${name}.`);
  const fields = wantedFields(query, new Set(row.attributes)) ?? row.attributes;
  return { status: 200, body: { data: pick(row, fields) } };
}

function list(call: Call, set: ResourceSet, detail: boolean, advanced: JsonObject | undefined): Reply {
  const { behaviour } = call.world;
  const filtered = [...call.query.keys()].some((name) => !/^(fields|.*Row|pageSize|i?[sS]ortBy)$/.test(name));
  if (set.name === 'snapshots' && behaviour.snapshotFilterRequired && !filtered && !advanced)
    throw missingArgument('vol_id');
  const criteria = advanced && isObject(advanced['data']) ? advanced['data'] : undefined;
  if (advanced && criteria?.['_constructor'] !== 'AdvancedCriteria') throw invalidArgument('data');
  const { cut, ...body } = listRows({
    set,
    rows: set.rows(call),
    detail,
    query: call.query,
    criteria,
    paging: advanced ?? {},
    pageRows: behaviour.pageRows,
  });
  return { status: cut ? 206 : 200, body };
}

async function write(
  world: World,
  routed: Routed,
  writer: Writer,
  id: string,
  status: number,
): Promise<Reply> {
  const { session, set, method, url } = routed;
  if (!mayCall(session.user.role, method, set.name))
    throw new ApiError(403, 'SM_eperm', 'Operation not permitted.');
  const data = readArguments(writer.arguments, withForce(routed, dataOf(routed.body, method === 'DELETE')));
  const call: Call = { world, session, query: url.searchParams, data };
  const act = async (): Promise<JsonObject | undefined> => {
    const made = await writer.run(call, id);
    const row = made && set.row(call, made.id);
    return row && pick(row, row.attributes);
  };
  const { operationMs } = world;
  if (isAsynchronous(world, `${method} ${set.name}`)) {
    const path = [set.name, ...routed.rest].join('/');
    const job = world.jobs.start({ method, path, request: data, durationMs: operationMs, run: act });
    const note = {
      code: 'SM_async_job_id',
      severity: 'info',
      text: 'Job started.',
      arguments: { job_id: job.id },
    };
    return { status: 202, body: { messages: [note] } };
  }
  if (operationMs > 0) await world.group.clock.sleep(operationMs);
  const made = await act();
  return { status, body: made ? { data: made } : {} };
}

/** `force` of a deletion may come as a query parameter. */
function withForce({ method, url }: Routed, data: JsonObject): JsonObject {
  const force = url.searchParams.get('force');
  return method === 'DELETE' && force !== null ? { ...data, force } : data;
}

function isAsynchronous(world: World, call: string): boolean {
  return world.behaviour.asynchronous.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(call);
  });
}

function parseBody(body: string): JsonObject {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // Refused below.
  }
  throw new ApiError(400, 'SM_einval', 'The body is not a JSON object.');
}

function dataOf(body: string, optional = false): JsonObject {
  if (optional && body.trim() === '') return {};
  const parsed = parseBody(body);
  const { data, ...others } = parsed;
  const [extra] = Object.keys(others);
  if (extra !== undefined) throw new ApiError(400, 'SM_unexpected_arg', `Unexpected argument: ${extra}.`);
  if (data === undefined && optional) return {};
  if (!isObject(data)) throw missingArgument('data');
  return data;
}
