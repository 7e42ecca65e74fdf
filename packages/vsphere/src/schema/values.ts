import type { XmlElement } from '../codec/xml-element.ts';
import { inherits, type TypeName, type types } from './types.ts';

/** Reference to a managed object: its type and its id, unique within one vCenter. */
export interface Ref {
  readonly type: string;
  readonly moId: string;
}

/** What the primitive names of the tables become. `long` is checked to be exact; `bigint` holds any 64 bits. */
interface Primitives {
  string: string;
  boolean: boolean;
  int: number;
  long: number;
  bigint: bigint;
  /** Unsigned 0–255, although the wire shows it signed. */
  byte: number;
  /** ISO 8601 as the server sent it. */
  dateTime: string;
  base64: Uint8Array;
  ref: Ref;
  raw: XmlElement;
  any: unknown;
}

type Table = typeof types;

type ElementOf<Name> = Name extends keyof Primitives
  ? Primitives[Name]
  : Name extends TypeName
    ? Vim<Name>
    : never;

type Bare<Text> = Text extends `${infer Head}@${string}` ? Head : Text;

/** TypeScript type of a field's text. */
export type ValueOf<Text> =
  Bare<Text> extends `${infer Name}[]`
    ? readonly ElementOf<Name>[]
    : Bare<Text> extends `${infer Name}?`
      ? ElementOf<Name>
      : ElementOf<Bare<Text>>;

type IsOptional<Text> = Bare<Text> extends `${string}?` ? true : false;

/** TypeScript type of a set of fields. */
export type FieldsAs<F> = {
  readonly [K in keyof F as IsOptional<F[K]> extends true ? never : K]: ValueOf<F[K]>;
} & {
  readonly [K in keyof F as IsOptional<F[K]> extends true ? K : never]?: ValueOf<F[K]>;
};

type TextsOf<Name extends TypeName> = Table[Name] extends { base: infer Base extends TypeName }
  ? TextsOf<Base> & Table[Name]['fields']
  : Table[Name]['fields'];

type Objects = {
  readonly [Name in TypeName]: { readonly $type: string } & FieldsAs<TextsOf<Name>>;
};

/** A data object. `$type` is its actual type, which may be a subtype, or one that the tables do not know. */
export type Vim<Name extends TypeName> = Objects[Name];

export interface AnyVim {
  readonly $type: string;
}

/** Narrows a data object to a type or one of its subtypes. */
export function isA<Name extends TypeName>(value: AnyVim | undefined, name: Name): value is Vim<Name> {
  return value !== undefined && inherits(value.$type, name);
}
