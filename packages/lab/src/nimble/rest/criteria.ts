import { isObject, type Json, type JsonObject } from '../../json.ts';
import { ApiError } from './api-error.ts';

export type Matcher = (get: (field: string) => Json) => boolean;

const refuse = (text: string) => new ApiError(400, 'SM_invalid_arg_value', text);

/** The advanced form of a query. Throws on what it does not know. */
export function matcherOf(criterion: Json | undefined, names: ReadonlySet<string>, depth = 0): Matcher {
  if (!isObject(criterion) || depth > 16) throw refuse('Invalid criterion.');
  const operator = String(criterion['operator']);
  if (operator !== 'and' && operator !== 'or') return simple(operator, criterion, names);
  const { criteria } = criterion;
  if (!Array.isArray(criteria)) throw refuse('Missing criteria.');
  const parts = criteria.map((one) => matcherOf(one, names, depth + 1));
  return operator === 'and'
    ? (get) => parts.every((part) => part(get))
    : (get) => parts.some((part) => part(get));
}

/** Booleans and null are strings in criteria. */
function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return 'null';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const fold = (value: Json | undefined): string => asText(value).toLowerCase();

function order(a: Json, b: Json | undefined): number {
  const [x, y] = [Number(asText(a)), Number(asText(b))];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return asText(a) < asText(b) ? -1 : asText(a) > asText(b) ? 1 : 0;
}

function inSet(value: Json, { values, value: single }: JsonObject): boolean {
  const all = Array.isArray(values) ? values : Array.isArray(single) ? single : undefined;
  if (!all) throw refuse('A set is needed.');
  return all.some((one) => asText(one) === asText(value));
}

const tests: Readonly<Record<string, (value: Json, criterion: JsonObject) => boolean>> = {
  equals: (value, { value: wanted }) => asText(value) === asText(wanted),
  notEqual: (value, { value: wanted }) => asText(value) !== asText(wanted),
  iEquals: (value, { value: wanted }) => fold(value) === fold(wanted),
  iNotEqual: (value, { value: wanted }) => fold(value) !== fold(wanted),
  contains: (value, { value: wanted }) => asText(value).includes(asText(wanted)),
  iContains: (value, { value: wanted }) => fold(value).includes(fold(wanted)),
  inSet,
  notInSet: (value, criterion) => !inSet(value, criterion),
  between: (value, { value1, value2 }) => order(value, value1) > 0 && order(value, value2) < 0,
  betweenInclusive: (value, { value1, value2 }) => order(value, value1) >= 0 && order(value, value2) <= 0,
  greaterThan: (value, { value: wanted }) => order(value, wanted) > 0,
  greaterOrEqual: (value, { value: wanted }) => order(value, wanted) >= 0,
  lessThan: (value, { value: wanted }) => order(value, wanted) < 0,
  lessOrEqual: (value, { value: wanted }) => order(value, wanted) <= 0,
  regexp: (value, { value: wanted }) => new RegExp(asText(wanted)).test(asText(value)),
};

function simple(operator: string, criterion: JsonObject, names: ReadonlySet<string>): Matcher {
  const test = tests[operator];
  const field = criterion['fieldName'];
  if (!test) throw refuse(`Unknown operator: ${operator}.`);
  if (typeof field !== 'string' || !names.has(field)) throw refuse(`Unknown attribute: ${String(field)}.`);
  if (operator === 'regexp') checkPattern(asText(criterion['value']));
  return (get) => test(get(field), criterion);
}

function checkPattern(pattern: string): void {
  try {
    new RegExp(pattern);
  } catch {
    throw refuse('Invalid regular expression.');
  }
}
