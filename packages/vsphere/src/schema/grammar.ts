/**
 * How the schema tables are written. A field is `type`, `type?` (optional) or `type[]` (repeated, may be
 * empty), with `@version` behind it when the field exists only from that API version on. Fields stand in the
 * order of the wire: real servers reject any other.
 */
export type FieldText = string;

export interface TypeDefinition {
  readonly base?: string;
  readonly fields: Readonly<Record<string, FieldText>>;
}

export type Types = Readonly<Record<string, TypeDefinition>>;

export interface Field {
  readonly name: string;
  /** A primitive's name or a type of the tables. */
  readonly type: string;
  readonly repeated: boolean;
  readonly optional: boolean;
  readonly since?: string;
}

/** Reads one field of a table; throws on a text that the grammar does not know (a defect of the table). */
export function parseField(name: string, text: FieldText): Field {
  const found = /^(\w+)(\[\]|\?)?(?:@([\d.]+))?$/.exec(text);
  if (!found?.[1]) throw new Error(`schema: field ${name} has the text "${text}"`);
  const [, type, mark, since] = found;
  return { name, type, repeated: mark === '[]', optional: mark === '?', ...(since ? { since } : {}) };
}
