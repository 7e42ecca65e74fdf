import { type Field, parseField } from '../schema/grammar.ts';
import { fieldsOf, inherits, isTypeName, type TypeName } from '../schema/types.ts';
import type { ValueOf, Vim } from '../schema/values.ts';
import { primitiveOfXsd, primitives } from './primitives.ts';
import { childrenOf, MalformedAnswer, type XmlElement } from './xml-element.ts';

/**
 * Decodes an element as a data object of the given type or a subtype. Required fields must be there; repeated
 * fields are always arrays; absent optional ones are absent. Fields that the tables do not list are dropped,
 * except in types that the tables do not know at all: those keep every child, undecoded text as text.
 */
export function decodeObject<Name extends TypeName>(element: XmlElement, declared: Name): Vim<Name> {
  const $type = element.xsiType ?? declared;
  if (isTypeName($type) && !inherits($type, declared))
    throw new MalformedAnswer(`${element.name} is a ${$type}, not a ${declared}`);
  const known = isTypeName($type) ? $type : declared;
  const rest = known === $type ? {} : decodeUnknown(element);
  const object = { ...rest, ...decodeFields(element, fieldsOf(known)), $type };
  // The one place where data becomes typed: every field was decoded and checked by the table of its type.
  return object as unknown as Vim<Name>;
}

/** Decodes children by a list of fields, e.g. of an object or of the parameters of a call. */
export function decodeFields(element: XmlElement, fields: readonly Field[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  const children = Map.groupBy(element.children, (child) => child.name);
  for (const field of fields) {
    const found = children.get(field.name) ?? [];
    if (field.repeated) object[field.name] = found.map((child) => decodeOne(child, field.type));
    else if (found[0]) object[field.name] = decodeOne(found[0], field.type);
    else if (!field.optional) throw new MalformedAnswer(`${element.name} lacks ${field.name}`);
  }
  return object;
}

/** Decodes the value of a property, or of anything else of type `any` whose real type is known beforehand. */
export function decodeDeclared<Text extends string>(element: XmlElement, text: Text): ValueOf<Text> {
  return decodeByText(element, text) as ValueOf<Text>;
}

/** As `decodeDeclared`, where the field's text is known only at run time. */
export function decodeByText(element: XmlElement, text: string): unknown {
  const { type, repeated } = parseField(element.name, text);
  if (!repeated) return decodeOne(element, type);
  return arrayItems(element).map((item) => decodeOne(item, type));
}

/** Decodes a value by its `xsi:type` alone; text without one stays text. */
export function decodeAny(element: XmlElement): unknown {
  const { xsiType } = element;
  if (xsiType?.startsWith('ArrayOf')) return arrayItems(element).map((child) => decodeItem(child, xsiType));
  const primitive = xsiType === undefined ? undefined : primitiveOfXsd[xsiType];
  if (primitive) return primitives[primitive]?.(element);
  if (xsiType !== undefined && isTypeName(xsiType)) return decodeObject(element, xsiType);
  if (element.type !== undefined && element.children.length === 0) return primitives['ref']?.(element);
  if (element.children.length === 0) return element.text;
  return { ...decodeUnknown(element), ...(xsiType ? { $type: xsiType } : {}) };
}

function decodeItem(item: XmlElement, arrayType: string): unknown {
  const type = arrayType.slice('ArrayOf'.length);
  const name = type[0]?.toLowerCase() + type.slice(1);
  if (item.xsiType === undefined && type === 'ManagedObjectReference') return decodeOne(item, 'ref');
  if (item.xsiType === undefined && primitiveOfXsd[name]) return decodeOne(item, primitiveOfXsd[name]);
  return isTypeName(type) ? decodeObject(item, type) : decodeAny(item);
}

function decodeOne(element: XmlElement, type: string): unknown {
  if (type === 'any') return decodeAny(element);
  if (isTypeName(type)) return decodeObject(element, type);
  const read = primitives[type];
  if (!read) throw new Error(`schema: no type ${type}`);
  return read(element);
}

/** The items of an array: children of an `ArrayOf…` wrapper. */
function arrayItems(element: XmlElement): readonly XmlElement[] {
  if (element.xsiType !== undefined && !element.xsiType.startsWith('ArrayOf'))
    throw new MalformedAnswer(`${element.name} is a ${element.xsiType}, not an array`);
  return element.children;
}

function decodeUnknown(element: XmlElement): Record<string, unknown> {
  const names = new Set(element.children.map((child) => child.name));
  return Object.fromEntries([...names].map((name) => [name, childrenOf(element, name).map(decodeAny)]));
}
