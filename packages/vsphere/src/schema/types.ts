import { collectorTypes } from './collector-types.ts';
import { datastoreTypes } from './datastore-types.ts';
import { deviceTypes } from './device-types.ts';
import { faultTypes } from './fault-types.ts';
import { type Field, parseField, type Types } from './grammar.ts';
import { sessionTypes } from './session-types.ts';
import { vmTypes } from './vm-types.ts';

/** Every type that the client encodes or decodes. */
export const types = {
  ...sessionTypes,
  ...collectorTypes,
  ...deviceTypes,
  ...vmTypes,
  ...datastoreTypes,
  ...faultTypes,
} as const;

export type TypeName = keyof typeof types;

const table: Types = types;
const fieldsByType = new Map<string, readonly Field[]>();

export function isTypeName(name: string): name is TypeName {
  return Object.hasOwn(types, name);
}

/** All fields of a type in the order of the wire: those of its bases first. */
export function fieldsOf(type: TypeName): readonly Field[] {
  const known = fieldsByType.get(type);
  if (known) return known;
  const { base, fields } = table[type] ?? { fields: {} };
  const inherited = base !== undefined && isTypeName(base) ? fieldsOf(base) : [];
  const all = [...inherited, ...Object.entries(fields).map(([name, text]) => parseField(name, text))];
  fieldsByType.set(type, all);
  return all;
}

/** True when `type` is `ancestor` or inherits from it. A type that the tables do not know inherits from nothing. */
export function inherits(type: string, ancestor: TypeName): boolean {
  for (let current: string | undefined = type; current !== undefined; current = table[current]?.base)
    if (current === ancestor) return true;
  return false;
}
