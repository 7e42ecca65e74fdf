import { innerNames } from '../schema/inner-names.ts';
import { isSimple, isSubtype, type Member, membersOf, tableLines, typeEntry } from '../schema/type-table.ts';
import type { VersionRank } from '../schema/versions.ts';
import { invalidRequest } from './fault.ts';
import { type DataObject, Ref, type Value } from './value.ts';
import type { XmlElement } from './xml-tree.ts';

const inner = new Map(tableLines(innerNames).map((line) => line.split(' ') as [string, string]));
const xsiType = 'http://www.w3.org/2001/XMLSchema-instance|type';

/** The name that error texts of the vendor use for a type or method: `vim.vm.ConfigSpec`. */
export function innerName(wireName: string): string {
  return inner.get(wireName) ?? wireName;
}

/** Thrown while decoding; each level adds its own "while parsing …" line. */
class DecodeError extends Error {
  add(what: string, at: XmlElement): this {
    this.message += `\nwhile parsing ${what}\nat line ${at.line}, column ${at.column}`;
    return this;
  }
}

/**
 * The arguments of a call, read with a forward cursor over the declared order: an element out of order, unknown,
 * or newer than `version` is refused with the vendor's text. Throws the fault `InvalidRequest`.
 */
export function decodeCall(
  call: XmlElement,
  parameters: readonly Member[],
  version: VersionRank,
  owner: string,
): Record<string, Value> {
  try {
    return readMembers(call, parameters, version, `call information for method ${call.name}`);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw invalidRequest(
      `${error.message}\nwhile parsing SOAP body\nat line ${call.line}, column 0\n` +
        'while parsing SOAP envelope\nat line 1, column 0\n' +
        `while parsing HTTP request for method ${innerName(call.name)}\non object of type ${innerName(owner)}\n` +
        'at line 1, column 0',
    );
  }
}

function readMembers(
  parent: XmlElement,
  members: readonly Member[],
  version: VersionRank,
  what: string,
): Record<string, Value> {
  const result: Record<string, Value> = {};
  let cursor = 0;
  for (const child of parent.children) {
    const known = members.findIndex(
      (member, index) => index >= cursor && member.name === child.name && member.since <= version,
    );
    const member = members[known];
    if (!member) throw new DecodeError(`\nUnexpected element tag "${child.name}" seen`).add(what, child);
    cursor = member.isArray ? known : known + 1;
    const value = readOne(child, member, version);
    const list = result[member.name];
    if (!member.isArray) result[member.name] = value;
    else if (Array.isArray(list)) list.push(value);
    else result[member.name] = [value];
  }
  for (const member of members)
    if (!member.isOptional && !member.isArray && member.since <= version && result[member.name] === undefined)
      throw new DecodeError(`\nRequired property ${member.name} is missing`).add(what, parent);
  return result;
}

function readOne(element: XmlElement, member: Member, version: VersionRank): Value {
  if (member.form === 'reference') return readReference(element, member);
  if (member.form === 'enum') return element.text.trim();
  const declared = local(element.attributes.get(xsiType)) ?? member.type;
  if (member.type === 'anyType') return readAny(element, declared, member, version);
  if (isSimple(member.type)) return readSimple(element, member.type, member.name);
  return readData(element, declared, member, version);
}

function readData(element: XmlElement, type: string, member: Member, version: VersionRank): DataObject {
  if (!typeEntry(type) || !isSubtype(type, member.type))
    throw new DecodeError(`\nType ${type} is not a ${innerName(member.type)}`).add(
      `property "${member.name}" of static type ${innerName(member.type)}`,
      element,
    );
  try {
    const what = `serialized DataObject of type ${innerName(type)}`;
    return { ...readMembers(element, membersOf(type), version, what), $type: type };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw error.add(`property "${member.name}" of static type ${innerName(member.type)}`, element);
  }
}

function readAny(element: XmlElement, type: string, member: Member, version: VersionRank): Value {
  if (type === 'ManagedObjectReference') return readReference(element, member);
  if (isSimple(type)) return readSimple(element, type === 'anyType' ? 'string' : type, member.name);
  const items = /^ArrayOf(\w+)$/.exec(type)?.[1];
  if (!items) return readData(element, type, { ...member, type }, version);
  return element.children.map((child) =>
    readOne(child, { ...member, type: 'anyType', name: child.name }, version),
  );
}

function readReference(element: XmlElement, member: Member): Ref {
  const type = element.attributes.get('|type');
  const id = element.text.trim();
  if (!type || !id)
    throw new DecodeError('\nA managed object reference needs a type and a value').add(
      `property "${member.name}"`,
      element,
    );
  return new Ref(local(type) ?? type, id);
}

function readSimple(element: XmlElement, type: string, name: string): Value {
  const text = element.text;
  const bad = () =>
    new DecodeError(`\n"${text.slice(0, 100)}" is not a valid value of type ${type}`).add(
      `property "${name}"`,
      element,
    );
  switch (type) {
    case 'boolean': {
      const word = text.trim();
      if (word === 'true' || word === '1') return true;
      if (word === 'false' || word === '0') return false;
      throw bad();
    }
    case 'int':
    case 'short':
    case 'byte':
    case 'long': {
      if (!/^\s*[+-]?\d{1,19}\s*$/.test(text)) throw bad();
      const value = Number(text);
      return Number.isSafeInteger(value) ? value : BigInt(text.trim());
    }
    case 'float':
    case 'double': {
      const value = Number(text);
      if (text.trim() === '' || Number.isNaN(value)) throw bad();
      return value;
    }
    case 'dateTime': {
      const epochMs = Date.parse(text.trim());
      if (Number.isNaN(epochMs)) throw bad();
      return new Date(epochMs);
    }
    default:
      return text;
  }
}

function local(name: string | undefined): string | undefined {
  return name?.slice(name.indexOf(':') + 1);
}
