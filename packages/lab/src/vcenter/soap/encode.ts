import { isSimple, isSubtype, type Member, membersOf, typeEntry } from '../schema/type-table.ts';
import type { VersionRank } from '../schema/versions.ts';
import { type DataObject, DeclaredValue, isDataObject, Ref, type Value } from './value.ts';
import { escapeText } from './xml-tree.ts';

export interface EncodeOptions {
  /** Members and types newer than this are left out, as real servers do for older clients. */
  readonly version: VersionRank;
  /** Binds an unusual prefix on each element instead of `xsi` on the envelope (legal, breaks sloppy clients). */
  readonly unusualPrefix: boolean;
}

const xsi = 'http://www.w3.org/2001/XMLSchema-instance';

/** `<name>…</name>`, repeated for arrays; empty for undefined. `member` says how the value is declared. */
export function encodeMember(member: Member, value: Value, options: EncodeOptions): string {
  if (value === undefined || member.since > options.version) return '';
  if (Array.isArray(value)) {
    if (member.isArray) return value.map((item) => encodeOne(member, item, options)).join('');
    if (member.type !== 'anyType') throw new Error(`${member.name} is not an array`);
  } else if (member.isArray) throw new Error(`${member.name} must be an array`);
  return encodeOne(member, value, options);
}

/** The value of a property as `anyType`: with `xsi:type`, arrays in their `ArrayOf…` wrapper. */
export function encodeAny(name: string, declared: Member, value: Value, options: EncodeOptions): string {
  if (!Array.isArray(value))
    return encodeOne({ ...declared, name, type: declared.type }, value, options, true);
  const isReference = declared.form === 'reference';
  const item = isReference ? 'ManagedObjectReference' : wireItem(declared.type);
  const items = value.map((each) => encodeOne({ ...declared, name: item }, each, options));
  return element(name, typeAttribute(`ArrayOf${capital(item)}`, options), items.join(''));
}

function encodeOne(member: Member, value: Value, options: EncodeOptions, withType = false): string {
  const { name } = member;
  if (value instanceof Ref) {
    const any = withType || member.type === 'anyType';
    const attribute = any ? typeAttribute('ManagedObjectReference', options) : '';
    return element(name, ` type="${value.type}"${attribute}`, escapeText(value.id));
  }
  if (value instanceof DeclaredValue) return encodeAny(name, value.member, value.value, options);
  if (value instanceof Date) return simple(name, 'dateTime', value.toISOString());
  if (typeof value === 'string') {
    if (member.form === 'enum')
      return element(name, withType ? typeAttribute(member.type, options) : '', escapeText(value));
    return simple(name, member.type === 'anyType' ? 'string' : wireSimple(member.type), escapeText(value));
  }
  if (typeof value === 'boolean') return simple(name, 'boolean', String(value));
  if (typeof value === 'number' || typeof value === 'bigint')
    return simple(name, member.type === 'anyType' ? 'int' : wireSimple(member.type), String(value));
  if (Array.isArray(value)) return encodeAny(name, arrayOf(name, value), value, options);
  if (value === undefined) throw new Error(`${name}: an element of a list is undefined`);
  return encodeData(member, value, options, withType);

  function simple(tag: string, type: string, text: string): string {
    const any = withType || member.type === 'anyType';
    return element(tag, any ? typeAttribute(`xsd:${type}`, options) : '', text);
  }
}

function encodeData(member: Member, value: DataObject, options: EncodeOptions, withType: boolean): string {
  const type = knownType(value.$type, options.version);
  if (isSubtype(type, 'MethodFault') && !isSubtype(type, 'LocalizedMethodFault'))
    return element(
      member.name,
      withType || member.type === 'anyType' ? typeAttribute('LocalizedMethodFault', options) : '',
      encodeFault('fault', value, options) +
        element('localizedMessage', '', escapeText(String(value['$message'] ?? ''))),
    );
  const any = withType || type !== member.type;
  return element(member.name, any ? typeAttribute(type, options) : '', encodeMembers(type, value, options));
}

/** A fault without the localising wrapper: for SOAP fault details and inside the wrapper. */
export function encodeFault(tag: string, fault: DataObject, options: EncodeOptions, attributes = ''): string {
  const type = knownType(fault.$type, options.version);
  return element(tag, attributes + typeAttribute(type, options), encodeMembers(type, fault, options));
}

function encodeMembers(type: string, value: DataObject, options: EncodeOptions): string {
  const members = membersOf(type);
  for (const name of Object.keys(value))
    if (!name.startsWith('$') && !members.some((member) => member.name === name))
      throw new Error(`${type} has no member ${name}`);
  return members
    .map((member) => {
      const own = value[member.name];
      if (own === undefined && !member.isOptional && !member.isArray && member.since <= options.version)
        throw new Error(`${type}.${member.name} is required`);
      return encodeMember(member, own, options);
    })
    .join('');
}

/** The type itself or, for clients older than it, its nearest ancestor that they know. */
function knownType(name: string, version: VersionRank): string {
  const entry = typeEntry(name);
  if (!entry) throw new Error(`${name} is not in the schema`);
  return entry.since > version && entry.base ? knownType(entry.base, version) : name;
}

function arrayOf(name: string, values: Value[]): Member {
  const [first] = values;
  const base = { name, isArray: true, isOptional: false, since: 0 };
  if (first instanceof Ref) return { ...base, type: 'ManagedObject', form: 'reference' };
  if (first !== undefined && isDataObject(first)) return { ...base, type: first.$type, form: 'data' };
  return { ...base, type: typeof first === 'number' ? 'int' : 'string', form: 'data' };
}

function wireSimple(type: string): string {
  return ['TypeName', 'MethodName', 'PropertyPath'].includes(type) || !isSimple(type) ? 'string' : type;
}

function wireItem(type: string): string {
  return isSimple(type) ? wireSimple(type) : type;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function typeAttribute(type: string, options: EncodeOptions): string {
  if (!options.unusualPrefix) return ` xsi:type="${type}"`;
  return ` xmlns:_XMLSchema-instance="${xsi}" _XMLSchema-instance:type="${type}"`;
}

function element(name: string, attributes: string, content: string): string {
  return `<${name}${attributes}>${content}</${name}>`;
}
