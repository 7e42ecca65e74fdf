import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { Contract } from '../contract/contract.ts';
import type { SchemaNode } from '../contract/schema.ts';
import { invalidValue, RestError, unknownField } from './rest-error.ts';

/**
 * A request body in its one true form: dotted keys unfolded, numbers and booleans given as text converted, every
 * field known to this release, no read-only field, values within their enumerations and bounds. Throws the
 * array's own refusal otherwise.
 */
export function readBody(contract: Contract, text: string, definition: string, method: string): JsonObject {
  if (text.trim() === '') return {};
  let parsed: Json;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new RestError(400, 262199, 'The body is not valid JSON');
  }
  if (!isObject(parsed)) throw new RestError(400, 262200, 'The body must be a JSON object');
  const body = unfold(parsed);
  const schema = contract.definition(definition);
  return checkObject({ contract, method }, schema, body, '');
}

interface Checking {
  readonly contract: Contract;
  readonly method: string;
}

function unfold(value: JsonObject): JsonObject {
  const out: JsonObject = {};
  for (const [name, raw] of Object.entries(value)) {
    const child = unfoldAny(raw ?? null);
    const path = name.split('.');
    const last = path.pop() ?? name;
    let at = out;
    for (const step of path) {
      const next = at[step];
      const holder: JsonObject = isObject(next) ? next : {};
      at[step] = holder;
      at = holder;
    }
    place(at, last, child, name);
  }
  return out;
}

/** Objects given in parts are joined; a value given twice is refused. */
function place(holder: JsonObject, name: string, value: Json, path: string): void {
  const known = holder[name];
  if (known === undefined) holder[name] = value;
  else if (isObject(known) && isObject(value))
    for (const [inner, one] of Object.entries(value)) place(known, inner, one ?? null, `${path}.${inner}`);
  else throw new RestError(400, 262188, `Field "${path}" was given twice`, path, [path]);
}

function unfoldAny(value: Json): Json {
  if (Array.isArray(value)) return value.map(unfoldAny);
  return isObject(value) ? unfold(value) : value;
}

function checkObject(checking: Checking, schema: SchemaNode, value: JsonObject, path: string): JsonObject {
  const out: JsonObject = {};
  for (const [name, child] of Object.entries(value)) {
    if (name === '_links') continue;
    const where = path ? `${path}.${name}` : name;
    const known = checking.contract.property(schema, name);
    if (!known) throw unknownField(where);
    if (known.r && !isIdentity(name, path)) {
      throw new RestError(400, 262196, `Field "${where}" cannot be set in this operation`, where, [where]);
    }
    if (child !== null && child !== undefined) out[name] = check(checking, known, child, where);
  }
  return out;
}

/** Objects are referred to by uuid although their own uuid is read only. */
function isIdentity(name: string, path: string): boolean {
  return path !== '' && (name === 'uuid' || name === 'name' || name === 'id');
}

function check(checking: Checking, schema: SchemaNode, value: Json, path: string): Json {
  const node = checking.contract.resolve(schema);
  if (node.a) {
    const items = Array.isArray(value) ? value : isObject(value) ? unzip(value) : [value];
    return items.map((item) => check(checking, node.a ?? {}, item, path));
  }
  if (node.p) {
    if (!isObject(value)) throw invalidValue(String(value), path);
    return Object.keys(node.p).length === 0 ? value : checkObject(checking, node, value, path);
  }
  return checkLeaf(node, value, path);
}

/** `{"name": ["a", "b"]}`, from a dotted key into a list, means `[{"name": "a"}, {"name": "b"}]`. */
function unzip(value: JsonObject): JsonObject[] {
  const length = Math.max(1, ...Object.values(value).map((one) => (Array.isArray(one) ? one.length : 1)));
  const items: JsonObject[] = [];
  for (let at = 0; at < length; at++) {
    const entries = Object.entries(value).map(([name, one]) => [name, Array.isArray(one) ? one[at] : one]);
    items.push(Object.fromEntries(entries));
  }
  return items;
}

function checkLeaf(node: SchemaNode, value: Json, path: string): Json {
  if (node.t === 'object') return value;
  if (typeof value === 'object') throw invalidValue(JSON.stringify(value), path);
  const converted = convert(node, value, path);
  if (node.e && !node.e.includes(String(converted))) throw invalidValue(String(value), path);
  if (typeof converted === 'string' && node.l !== undefined && converted.length > node.l) {
    throw invalidValue(converted, path);
  }
  if (typeof converted === 'number') {
    if (node.n !== undefined && converted < node.n) throw invalidValue(String(value), path);
    if (node.m !== undefined && converted > node.m) throw invalidValue(String(value), path);
  }
  return converted;
}

function convert(node: SchemaNode, value: string | number | boolean, path: string): Json {
  if (node.t === 'boolean') {
    if (typeof value === 'boolean') return value;
    const word = String(value).toLowerCase();
    if (word === 'true' || word === 'false') return word === 'true';
    throw new RestError(400, 262247, `"${value}" is not a boolean`, path, [String(value), path]);
  }
  if (node.t === 'integer' || node.t === 'number') {
    const number = typeof value === 'boolean' || value === '' ? Number.NaN : Number(value);
    if (Number.isNaN(number) || (node.t === 'integer' && !Number.isInteger(number)))
      throw new RestError(400, 262247, `"${value}" is not a number`, path, [String(value), path]);
    return number;
  }
  if (node.t === 'date') {
    if (Number.isNaN(Date.parse(String(value))))
      throw new RestError(400, 262245, `"${value}" is not a time`, path, [String(value), path]);
  }
  return String(value);
}
