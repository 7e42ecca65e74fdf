import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { Contract } from '../contract/contract.ts';
import type { SchemaNode } from '../contract/schema.ts';
import { unknownField } from './rest-error.ts';

export interface FieldRequest {
  /** Values of `fields=`, already split. */
  readonly fields: readonly string[];
  /** Fields present without asking. */
  readonly always: readonly string[];
  /** True where no `fields=` still means all cheap fields (one object by its key). */
  readonly instance: boolean;
  readonly expensive: readonly string[];
  readonly ignoreUnknown: boolean;
}

/** Cuts full records down to what was asked for, by the rules of `fields`, `*`, `**` and `!x`. */
export class FieldSelection {
  readonly #contract: Contract;
  readonly #schema: SchemaNode;
  readonly #wanted: readonly string[];
  readonly #refused: readonly string[];
  readonly #expensive: readonly string[];
  readonly #allCheap: boolean;
  readonly #all: boolean;

  constructor(contract: Contract, schema: SchemaNode, request: FieldRequest) {
    this.#contract = contract;
    this.#schema = schema;
    const { fields } = request;
    this.#all = fields.includes('**');
    this.#allCheap = fields.includes('*') || (request.instance && fields.length === 0);
    const named = fields.filter((field) => field !== '*' && field !== '**');
    const known = named.filter((field) => {
      const bare = field.replace(/^!/, '').replace(/\.\*+$/, '');
      if (contract.field(schema, bare)) return true;
      if (request.ignoreUnknown) return false;
      throw unknownField(bare);
    });
    this.#refused = known.filter((field) => field.startsWith('!')).map((field) => field.slice(1));
    this.#wanted = [...request.always, ...known.filter((field) => !field.startsWith('!')).map(bareName)];
    this.#expensive = request.expensive.map(bareName);
  }

  cut(record: JsonObject): JsonObject {
    return this.#cut(this.#schema, record, '') ?? {};
  }

  #cut(schema: SchemaNode, value: JsonObject, path: string): JsonObject | undefined {
    const out: JsonObject = {};
    for (const [name, child] of Object.entries(value)) {
      if (child === undefined || child === null) continue;
      const where = path ? `${path}.${name}` : name;
      const node = this.#contract.property(schema, name);
      if (!node) continue;
      const kept = this.#keep(node, child, where);
      if (kept !== undefined) out[name] = kept;
    }
    return Object.keys(out).length > 0 ? out : undefined;
  }

  #keep(node: SchemaNode, value: Json, path: string): Json | undefined {
    if (isObject(value)) return this.#cut(node, value, path);
    if (Array.isArray(value) && value.some(isObject)) {
      const items = value.map((item) => (isObject(item) ? this.#cut(node, item, path) : item));
      return items.some((item) => item !== undefined) ? items.map((item) => item ?? {}) : undefined;
    }
    return this.#wants(path) ? value : undefined;
  }

  #wants(path: string): boolean {
    if (this.#refused.some((field) => within(path, field))) return false;
    if (this.#all || this.#wanted.some((field) => within(path, field))) return true;
    return this.#allCheap && !this.#expensive.some((field) => within(path, field));
  }
}

const bareName = (field: string): string => field.replace(/\.\*+$/, '');

function within(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`);
}
