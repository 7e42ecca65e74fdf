import { isNewer } from '../schema/api-version.ts';
import type { Field } from '../schema/grammar.ts';
import { fieldsOf, inherits, isTypeName } from '../schema/types.ts';
import { escapeXml } from './escape.ts';

/**
 * Writes fields in the order of their table, as real servers demand. Fields newer than `version` are left out.
 * `xsi:type` is written where the actual type differs from the declared one or the declared one is `any`.
 * @throws TypeError when a required field is missing or a value does not fit its type (a defect of the caller).
 */
export function encodeFields(values: object, fields: readonly Field[], version: string): string {
  const byName = new Map<string, unknown>(Object.entries(values));
  return fields.map((field) => encodeField(byName.get(field.name), field, version)).join('');
}

function encodeField(value: unknown, field: Field, version: string): string {
  if (field.since && isNewer(field.since, version)) return '';
  if (field.repeated) {
    if (!Array.isArray(value)) throw new TypeError(`${field.name} must be an array`);
    return value.map((item) => encodeOne(item, field, version)).join('');
  }
  if (value !== undefined) return encodeOne(value, field, version);
  if (field.optional) return '';
  throw new TypeError(`${field.name} is required`);
}

function encodeOne(value: unknown, { name, type }: Field, version: string): string {
  if (isTypeName(type)) {
    const actual = typeOf(value);
    if (!isTypeName(actual) || !inherits(actual, type))
      throw new TypeError(`${name}: ${actual} is no ${type}`);
    const mark = actual === type ? '' : ` xsi:type="${actual}"`;
    return `<${name}${mark}>${encodeFields(Object(value), fieldsOf(actual), version)}</${name}>`;
  }
  if (type === 'ref') {
    const { type: managedType, moId } = asRef(value, name);
    return `<${name} type="${escapeXml(managedType)}">${escapeXml(moId)}</${name}>`;
  }
  return `<${name}>${escapeXml(scalarText(value, type, name))}</${name}>`;
}

function scalarText(value: unknown, type: string, name: string): string {
  if (type === 'string' || type === 'dateTime') {
    if (typeof value === 'string') return value;
  } else if (type === 'boolean') {
    if (typeof value === 'boolean') return String(value);
  } else if (type === 'int' || type === 'long') {
    if (Number.isSafeInteger(value)) return String(value);
  } else if (type === 'bigint') {
    if (typeof value === 'bigint') return String(value);
  } else throw new TypeError(`${name}: values of type ${type} are never sent`);
  throw new TypeError(`${name} must be of type ${type}`);
}

function typeOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && '$type' in value) return String(value.$type);
  throw new TypeError('a data object needs $type');
}

function asRef(value: unknown, name: string): { type: string; moId: string } {
  if (typeof value === 'object' && value !== null && 'moId' in value && 'type' in value)
    return { type: String(value.type), moId: String(value.moId) };
  throw new TypeError(`${name} must be a reference`);
}
