import { isObject, type Json, type JsonObject } from '../../json.ts';
import { isId } from '../model/ids.ts';
import type { Metadata } from '../model/objects.ts';
import { invalidArgument, missingArgument, unexpectedArgument } from './api-error.ts';

/** Kinds of arguments. `name` is the long form of volumes and storage snapshots, `label` that of other objects. */
export type Kind =
  | 'name'
  | 'label'
  | 'text'
  | 'string'
  | 'secret'
  | 'id'
  | 'boolean'
  | 'integer'
  /** A whole number that may be as large as 2^63 - 1, which stands for no limit. */
  | 'limit'
  | 'metadata'
  | 'list'
  | readonly string[];

export interface Argument {
  readonly kind: Kind;
  readonly required?: boolean;
}

/** Arguments of a call by name; others are refused. */
export type BodySpec = Readonly<Record<string, Kind | Argument>>;

const argumentOf = (spec: Kind | Argument): Argument =>
  typeof spec === 'object' && 'kind' in spec ? spec : { kind: spec };

/** The checked content of `data`: booleans and numbers in their own type, `null` left out. */
export function readArguments(spec: BodySpec, data: JsonObject): JsonObject {
  const read: JsonObject = {};
  for (const [name, value] of Object.entries(data)) {
    const argument = spec[name];
    if (argument === undefined) throw unexpectedArgument(name);
    if (value === null || value === undefined) continue;
    const known = readValue(argumentOf(argument).kind, value);
    if (known === undefined) throw invalidArgument(name);
    read[name] = known;
  }
  for (const [name, argument] of Object.entries(spec))
    if (argumentOf(argument).required && read[name] === undefined) throw missingArgument(name);
  return read;
}

function readValue(kind: Kind, value: Json): Json | undefined {
  if (typeof kind !== 'string') return typeof value === 'string' && kind.includes(value) ? value : undefined;
  switch (kind) {
    case 'boolean':
      if (value === 'true' || value === 'false') return value === 'true';
      return typeof value === 'boolean' ? value : undefined;
    case 'integer': {
      const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
      return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
    }
    case 'limit':
      return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
    case 'metadata':
      return isMetadata(value) ? value : undefined;
    case 'list':
      return Array.isArray(value) ? value : undefined;
    default:
      return typeof value === 'string' && isText(kind, value) ? value : undefined;
  }
}

function isText(kind: 'name' | 'label' | 'text' | 'string' | 'secret' | 'id', text: string): boolean {
  switch (kind) {
    case 'name':
      return text.length <= 215 && /^[A-Za-z0-9][A-Za-z0-9.:-]*$/.test(text);
    case 'label':
      return text.length <= 64 && /^[A-Za-z0-9][A-Za-z0-9.:-]*$/.test(text);
    case 'text':
      return text.length <= 255 && /^[\x20-\x7e]*$/.test(text);
    case 'secret':
      return text.length >= 8 && text.length <= 255;
    case 'id':
      return text === '' || isId(text);
    case 'string':
      return text.length <= 1024;
  }
}

function isMetadata(value: Json): boolean {
  if (!Array.isArray(value)) return false;
  const keys = new Set<string>();
  for (const one of value) {
    if (!isObject(one) || typeof one['key'] !== 'string' || typeof one['value'] !== 'string') return false;
    if (one['key'] === '' || keys.has(one['key'])) return false;
    keys.add(one['key']);
  }
  return true;
}

function pairs(value: Json | undefined): [string, string][] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one) => (isObject(one) ? [[String(one['key']), String(one['value'])]] : []));
}

/** Of a new object: values must not be empty. */
export function readMetadata(value: Json | undefined): Metadata {
  const all = pairs(value);
  if (all.some(([, text]) => text === '')) throw invalidArgument('metadata');
  return new Map(all);
}

/** An empty value takes its key away; other keys stay. */
export function updateMetadata(metadata: Metadata, value: Json | undefined): void {
  for (const [key, text] of pairs(value)) {
    if (text === '') metadata.delete(key);
    else metadata.set(key, text);
  }
}

/** As the system shows it: null when there is none. */
export function showMetadata(metadata: Metadata): Json {
  if (metadata.size === 0) return null;
  return [...metadata].map(([key, value]) => ({ key, value }));
}

export function text(data: JsonObject, name: string): string | undefined {
  const value = data[name];
  return typeof value === 'string' ? value : undefined;
}

export function flag(data: JsonObject, name: string): boolean | undefined {
  const value = data[name];
  return typeof value === 'boolean' ? value : undefined;
}

export function integer(data: JsonObject, name: string): number | undefined {
  const value = data[name];
  return typeof value === 'number' ? value : undefined;
}
