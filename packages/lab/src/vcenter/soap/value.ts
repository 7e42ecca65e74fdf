import type { Member } from '../schema/type-table.ts';

/** A reference to a managed object. */
export class Ref {
  readonly type: string;
  readonly id: string;

  constructor(type: string, id: string) {
    this.type = type;
    this.id = id;
  }

  get key(): string {
    return `${this.type}:${this.id}`;
  }
}

/**
 * A data object or fault. `$type` is the wire name of its type; members that are undefined are not sent.
 * Faults may carry `$message`, the localised text.
 */
export interface DataObject {
  readonly $type: string;
  readonly [member: string]: Value;
}

/** Everything that travels in vim25. Times are `Date`s, `xsd:long` is a safe integer or a bigint. */
export type Value =
  | undefined
  | string
  | number
  | bigint
  | boolean
  | Date
  | Ref
  | DeclaredValue
  | DataObject
  | Value[];

/** A property's value where `anyType` is declared: goes with its own declaration, so that its wire type is known. */
export class DeclaredValue {
  readonly member: Member;
  readonly value: Value;

  constructor(member: Member, value: Value) {
    this.member = member;
    this.value = value;
  }
}

export function isDataObject(value: Value): value is DataObject {
  return typeof value === 'object' && !(value instanceof DeclaredValue) && '$type' in value;
}
