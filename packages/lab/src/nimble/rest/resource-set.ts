import type { Json, JsonObject } from '../../json.ts';
import type { World } from '../world.ts';
import type { BodySpec } from './body.ts';
import type { Session } from './tokens.ts';

export interface Call {
  readonly world: World;
  readonly session: Session;
  /** Checked arguments. */
  readonly data: JsonObject;
  readonly query: URLSearchParams;
}

/** A row before it is cut to the attributes that were asked for. */
export interface Row {
  readonly attributes: readonly string[];
  /** Attributes that exist but are not shown in this row. */
  readonly leftOut?: readonly string[];
  get(attribute: string): Json;
}

export interface Created {
  readonly id: string;
}

export interface Writer {
  readonly arguments: BodySpec;
  /** Answers the object, or nothing. */
  run(call: Call, id: string): Created | undefined | Promise<Created | undefined>;
}

/** One set of objects of the interface: `v1/<name>`. */
export interface ResourceSet {
  readonly name: string;
  readonly attributes: readonly string[];
  /** Attributes of `GET v1/<name>`; `/detail` shows all. */
  readonly summary: readonly string[];
  /** Query parameters beside attributes and paging; a list with one that is missing is refused. */
  readonly requiredQuery?: readonly string[];
  rows(call: Call): Row[];
  row(call: Call, id: string): Row | undefined;
  readonly create?: Writer;
  readonly update?: Writer;
  readonly remove?: Writer;
  readonly actions?: Readonly<Record<string, Writer>>;
}

export type Fields<T> = Readonly<Record<string, (object: T, world: World) => Json>>;

export interface SetDefinition<T> {
  readonly name: string;
  readonly fields: Fields<T>;
  readonly summary?: readonly string[];
  readonly requiredQuery?: readonly string[];
  readonly create?: Writer;
  readonly update?: Writer;
  readonly remove?: Writer;
  readonly actions?: Readonly<Record<string, Writer>>;
  /** All objects that the caller may see, in a stable order. */
  list(world: World): Iterable<T>;
  /** What a path names an object by, where it is not the attribute `id`. */
  id?(object: T): string;
  /** Attributes that this release does not know. */
  unknown?(world: World): readonly string[];
}

/** Makes a set from how its objects are listed and what each attribute shows. */
export function resourceSet<T>(definition: SetDefinition<T>): ResourceSet {
  const { fields, summary = ['id', 'name'], list, id, unknown, ...rest } = definition;
  const nameOf = (world: World, object: T): Json => (id ? id(object) : (fields['id']?.(object, world) ?? ''));
  const attributes = Object.keys(fields);
  const known = (world: World) => {
    const hidden = unknown?.(world) ?? [];
    return hidden.length === 0 ? attributes : attributes.filter((one) => !hidden.includes(one));
  };
  const row = (world: World, object: T, names: readonly string[]): Row => ({
    attributes: names,
    get: (attribute) => fields[attribute]?.(object, world) ?? null,
  });
  return {
    ...rest,
    attributes,
    summary,
    rows: ({ world }) => {
      const names = known(world);
      return [...list(world)].map((object) => row(world, object, names));
    },
    row: ({ world }, wanted) => {
      for (const object of list(world))
        if (nameOf(world, object) === wanted) return row(world, object, known(world));
      return undefined;
    },
  };
}

/** A set that exists but holds nothing here. */
export const emptySet = (name: string, requiredQuery: readonly string[] = []): ResourceSet => ({
  name,
  attributes: ['id', 'name'],
  summary: ['id', 'name'],
  requiredQuery,
  rows: () => [],
  row: () => undefined,
});

export const seconds = (ms: number): number => Math.floor(ms / 1000);
