import { type JsonObject, textAt, valuesAt } from '../../json.ts';
import { FieldSelection } from './fields.ts';
import { compareValues, QueryTest } from './query.ts';
import { type Call, flag, type Handler, type Reply, type Route } from './request.ts';
import { notFound, RestError, unknownField } from './rest-error.ts';

export interface Listing {
  readonly collectionPath: string;
  /** Absent where the description has no path for one object. */
  readonly instancePath?: string;
  /** All objects in full: every field that has a value. */
  records(call: Call): readonly JsonObject[] | Promise<readonly JsonObject[]>;
  /** Fields always present. The first `keys` of them identify the object. */
  readonly always: readonly string[];
  /** Path parameter to record field, for one object. */
  readonly keys: Readonly<Record<string, string>>;
  /** SVM uuid of a record, by which scoped callers are confined; default `svm.uuid`. */
  readonly scope?: string;
}

const generic = new Set([
  'fields',
  'max_records',
  'order_by',
  'return_records',
  'return_timeout',
  'ignore_unknown_fields',
]);

/** GET of a collection and of one object, by all the rules of the REST interface. */
export function listing(from: Listing): Route[] {
  const collection: Handler = (call) => answerCollection(from, call);
  const instance: Handler = (call) => answerInstance(from, call);
  return [
    { method: 'GET', path: from.collectionPath, handle: collection },
    ...(from.instancePath ? [{ method: 'GET', path: from.instancePath, handle: instance }] : []),
  ];
}

function fieldList(call: Call): string[] {
  return call.query
    .getAll('fields')
    .flatMap((text) => text.split(','))
    .map((field) => field.trim())
    .filter(Boolean);
}

const ignoresUnknown = (call: Call): boolean => flag(call, 'ignore_unknown_fields');

async function scoped(from: Listing, call: Call): Promise<readonly JsonObject[]> {
  const all = await from.records(call);
  const { svm } = call.session;
  if (!svm) return all;
  const field = from.scope ?? 'svm.uuid';
  return all.filter((record) => [undefined, svm.uuid].includes(textAt(record, field)));
}

async function answerInstance(from: Listing, call: Call): Promise<Reply> {
  const { contract } = call.world;
  const filters = instanceFilters(call);
  const records = await scoped(from, call);
  const wanted = Object.entries(from.keys).map(
    ([param, field]) => [field, call.params[param] ?? ''] as const,
  );
  const record = records.find(
    (one) =>
      wanted.every(([field, value]) => textAt(one, field) === value) &&
      filters.every(({ field, test }) => test.matches(valuesAt(one, field.split('.')))),
  );
  if (!record) throw notFound(wanted.at(-1)?.[0]);
  const selection = new FieldSelection(contract, contract.recordSchema(call.operation), {
    fields: fieldList(call),
    always: from.always,
    instance: true,
    expensive: call.operation.expensive ?? collectionExpensive(from, call),
    ignoreUnknown: ignoresUnknown(call),
  });
  return { status: 200, body: selection.cut(record) };
}

/** Fields of the object may be asked for as in a collection (the vendor's SDK does); anything else is refused. */
function instanceFilters(call: Call): Filter[] {
  const { operation, world, query } = call;
  const known = [...generic, ...operation.query];
  const schema = world.contract.recordSchema(operation);
  return [...query]
    .filter(([name]) => !known.includes(name))
    .flatMap(([name, value]) => {
      if (world.contract.field(schema, name)) return [{ field: name, test: new QueryTest(value) }];
      if (ignoresUnknown(call)) return [];
      throw new RestError(400, 262179, `Unexpected argument "${name}".`, name, [name]);
    });
}

/** The description lists expensive fields with the collection; they hold for one object as well. */
function collectionExpensive(from: Listing, call: Call): readonly string[] {
  return call.world.contract.operation('GET', from.collectionPath)?.expensive ?? [];
}

async function answerCollection(from: Listing, call: Call): Promise<Reply> {
  const { contract } = call.world;
  const schema = contract.recordSchema(call.operation);
  const filters = readFilters(call);
  const order = (call.query.get('order_by') ?? '').split(',').filter(Boolean).map(readOrder);
  for (const { field } of order) if (!contract.field(schema, field)) throw unknownField(field);
  const selection = new FieldSelection(contract, schema, {
    fields: fieldList(call),
    always: [...from.always, ...filters.map((one) => one.field), ...order.map((one) => one.field)],
    instance: false,
    expensive: call.operation.expensive ?? [],
    ignoreUnknown: ignoresUnknown(call),
  });
  const matching = (await scoped(from, call)).filter((record) =>
    filters.every(({ field, test }) => test.matches(valuesAt(record, field.split('.')))),
  );
  const sorted = order.length === 0 ? matching : [...matching].sort((a, b) => compareRecords(order, a, b));
  return page(from, call, selection, sorted);
}

interface Filter {
  readonly field: string;
  readonly test: QueryTest;
}

function readFilters(call: Call): Filter[] {
  const { operation, world } = call;
  const schema = world.contract.recordSchema(operation);
  const filters: Filter[] = [];
  for (const [name, value] of call.query) {
    if (generic.has(name) || operation.query.includes(name) || name.startsWith('start.')) continue;
    const listed = !Array.isArray(operation.filter) || operation.filter.includes(name);
    if (listed && world.contract.field(schema, name))
      filters.push({ field: name, test: new QueryTest(value) });
    else if (!ignoresUnknown(call)) throw unknownField(name);
  }
  return filters;
}

interface Order {
  readonly field: string;
  readonly down: boolean;
}

function readOrder(text: string): Order {
  const [field = '', direction = 'asc'] = text.trim().split(/\s+/);
  if (!['asc', 'desc'].includes(direction.toLowerCase()))
    throw new RestError(400, 262197, `The value "${text}" is invalid for field "order_by"`, 'order_by', [
      text,
    ]);
  return { field, down: direction.toLowerCase() === 'desc' };
}

function compareRecords(order: readonly Order[], a: JsonObject, b: JsonObject): number {
  for (const { field, down } of order) {
    const result = compareValues(textAt(a, field) ?? '', textAt(b, field) ?? '');
    if (result !== 0) return down ? -result : result;
  }
  return 0;
}

/** Records at most on one page; callers may ask for fewer. */
const pageLimit = 10_000;

function page(from: Listing, call: Call, selection: FieldSelection, records: readonly JsonObject[]): Reply {
  const limit = call.query.has('max_records') ? readLimit(call) : pageLimit;
  const keyFields = Object.values(from.keys);
  const start = startOf(call, keyFields, records);
  const part = records.slice(start, start + limit);
  const last = part.at(-1);
  const self = `${call.path}${suffix(call.query)}`;
  // As on the real system a full page has a next link even when nothing follows.
  const next =
    last && part.length === limit ? nextLink(call, keyFields, last, start + part.length) : undefined;
  const withRecords = flag(call, 'return_records', true);
  return {
    status: 200,
    body: {
      ...(withRecords ? { records: part.map((record) => selection.cut(record)) } : {}),
      num_records: part.length,
      _links: { self: { href: self }, ...(next ? { next: { href: next } } : {}) },
    },
  };
}

function readLimit(call: Call): number {
  const text = call.query.get('max_records') ?? '';
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1)
    throw new RestError(
      400,
      262197,
      `The value "${text}" is invalid for field "max_records"`,
      'max_records',
      [text],
    );
  return Math.min(limit, pageLimit);
}

/** Behind the record that the link names, or, when that is gone, at the position where it was. */
function startOf(call: Call, keys: readonly string[], records: readonly JsonObject[]): number {
  const position = call.query.get('start.position');
  if (position === null) return 0;
  const at = records.findIndex((record) =>
    keys.every((key) => textAt(record, key) === call.query.get(`start.${key}`)),
  );
  return at >= 0 ? at + 1 : Math.max(0, Number(position) - 1);
}

function nextLink(call: Call, keys: readonly string[], last: JsonObject, position: number): string {
  const query = new URLSearchParams();
  for (const key of keys) query.set(`start.${key}`, textAt(last, key) ?? '');
  query.set('start.position', String(position));
  for (const [name, value] of call.query) if (!name.startsWith('start.')) query.append(name, value);
  return `${call.path}${suffix(query)}`;
}

const suffix = (query: URLSearchParams): string => (query.size > 0 ? `?${query}` : '');
