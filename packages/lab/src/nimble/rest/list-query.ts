import { isObject, type Json, type JsonObject } from '../../json.ts';
import { ApiError } from './api-error.ts';
import { matcherOf } from './criteria.ts';
import type { ResourceSet, Row } from './resource-set.ts';

const largestPage = 1024;
const controls = new Set(['fields', 'startRow', 'endRow', 'pageSize', 'sortBy', 'iSortBy']);

const refuse = (code: string, text: string) => new ApiError(400, code, text);

export interface ListRequest {
  readonly set: ResourceSet;
  readonly rows: readonly Row[];
  readonly detail: boolean;
  readonly query: URLSearchParams;
  /** Of the advanced form. */
  readonly criteria: JsonObject | undefined;
  readonly paging: JsonObject;
  /** Rows in an answer, at most, when the caller does not say. */
  readonly pageRows: number;
}

export interface ListAnswer {
  readonly data: JsonObject[];
  readonly startRow: number;
  readonly endRow: number;
  readonly totalRows: number;
  /** More rows exist than the caller could know. */
  readonly cut: boolean;
}

export function listRows(request: ListRequest): ListAnswer {
  const { set, query, detail } = request;
  checkRequired(set, query);
  const names = new Set(request.rows[0]?.attributes ?? set.attributes);
  const tests = filters(set, names, query);
  const criterion = request.criteria && matcherOf(request.criteria, names);
  const matching = request.rows.filter(
    (row) => tests.every((test) => test(row)) && (!criterion || criterion((name) => row.get(name))),
  );
  const sorted = sort(matching, names, query);
  const { startRow, endRow } = page(request, sorted.length);
  const fields = wantedFields(query, names) ?? (detail ? [...names] : set.summary);
  const data = sorted.slice(startRow, endRow).map((row) => pick(row, fields));
  const end = startRow + data.length;
  return { data, startRow, endRow: end, totalRows: sorted.length, cut: end < sorted.length };
}

function checkRequired(set: ResourceSet, query: URLSearchParams): void {
  for (const name of set.requiredQuery ?? [])
    if (!query.has(name)) throw refuse('SM_missing_arg', `Missing argument: ${name}.`);
}

type Test = (row: Row) => boolean;

function filters(set: ResourceSet, names: ReadonlySet<string>, query: URLSearchParams): Test[] {
  const tests: Test[] = [];
  for (const [name, wanted] of query) {
    if (controls.has(name) || set.requiredQuery?.includes(name)) continue;
    // The vendor's SDK continues a list this way.
    const after = /^id>([0-9a-f]+)$/.exec(name);
    if (after) tests.push((row) => String(row.get('id')) > (after[1] ?? ''));
    else if (names.has(name)) tests.push((row) => equals(row.get(name), wanted));
    else throw refuse('SM_unexpected_query_param', `Unexpected query parameter: ${name}.`);
  }
  return tests;
}

function equals(value: Json, wanted: string): boolean {
  if (value === null) return wanted === '' || wanted === 'null';
  if (Array.isArray(value) || isObject(value)) return false;
  // The vendor's SDK for Python writes booleans in that language's way.
  if (typeof value === 'boolean') return String(value) === wanted.toLowerCase();
  return String(value) === wanted;
}

export function wantedFields(query: URLSearchParams, names: ReadonlySet<string>): string[] | undefined {
  const asked = query.get('fields');
  if (asked === null) return undefined;
  const fields = asked.split(',').map((one) => one.trim());
  for (const field of fields)
    if (!names.has(field)) throw refuse('SM_invalid_query_param', `Unknown attribute: ${field}.`);
  return fields;
}

export function pick(row: Row, fields: readonly string[]): JsonObject {
  const picked: JsonObject = {};
  for (const field of fields) if (!row.leftOut?.includes(field)) picked[field] = row.get(field);
  return picked;
}

function sort(rows: Row[], names: ReadonlySet<string>, query: URLSearchParams): Row[] {
  const by = query.get('sortBy') ?? query.get('iSortBy');
  if (by === null) return rows;
  const descending = by.startsWith('-');
  const name = by.replace(/^-/, '');
  if (!names.has(name)) throw refuse('SM_invalid_query_param', `Unknown attribute: ${name}.`);
  const folded = query.has('iSortBy');
  const key = (row: Row) => {
    const value = row.get(name);
    if (typeof value === 'number') return value;
    return folded ? String(value).toLowerCase() : String(value);
  };
  const ordered = rows
    .map((row) => ({ row, key: key(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row);
  return descending ? ordered.reverse() : ordered;
}

function rowNumber(request: ListRequest, name: string): number | undefined {
  const inBody = request.paging[name];
  const value = request.query.get(name) ?? (inBody === undefined || inBody === null ? null : String(inBody));
  if (value === null) return undefined;
  if (!/^\d+$/.test(value)) throw refuse('SM_invalid_query_param', `Invalid value of ${name}.`);
  return Number(value);
}

function page(request: ListRequest, total: number): { startRow: number; endRow: number } {
  const startRow = rowNumber(request, 'startRow') ?? 0;
  const askedEnd = rowNumber(request, 'endRow');
  const pageSize = rowNumber(request, 'pageSize');
  if (startRow > total)
    throw refuse('SM_start_row_beyond_total_rows', 'The start row is beyond the total number of rows.');
  if (askedEnd !== undefined && startRow > askedEnd)
    throw refuse('SM_start_row_beyond_end_row', 'The start row is beyond the end row.');
  if ((pageSize ?? 0) > largestPage || (askedEnd ?? 0) - startRow > largestPage)
    throw refuse('SM_too_large_page_size', `A page has at most ${largestPage} rows.`);
  if (askedEnd !== undefined && askedEnd > total && request.criteria === undefined)
    throw refuse('SM_end_row_beyond_total_rows', 'The end row is beyond the total number of rows.');
  const size = Math.min(pageSize ?? request.pageRows, request.pageRows);
  return { startRow, endRow: Math.min(askedEnd ?? total, startRow + size, total) };
}
