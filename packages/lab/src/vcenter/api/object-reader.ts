import { Entity } from '../inventory/entity.ts';
import type { World } from '../inventory/world.ts';
import { isSubtype, membersOf } from '../schema/type-table.ts';
import type { VersionRank } from '../schema/versions.ts';
import { noPermission, notAuthenticated, notFound } from '../soap/fault.ts';
import { type DataObject, DeclaredValue, type Ref, type Value } from '../soap/value.ts';
import { hasPrivilege } from './authorization.ts';
import { entityOf } from './call.ts';
import { type PropertyPath, resolvePath, valueAt } from './property-path.ts';
import { type FilterSpec, selectedObjects } from './property-specs.ts';
import type { Session } from './sessions.ts';

/** What was read of one object: by path, in the order asked. */
export interface ReadObject {
  readonly ref: Ref;
  readonly values: ReadonlyMap<string, DeclaredValue>;
  readonly missing: readonly DataObject[];
}

/** Reads what a filter spec selects, as one session may see it (no session: as a dead session does). */
export class ObjectReader {
  readonly #world: World;
  readonly #session: Session | undefined;
  readonly #version: VersionRank;

  constructor(world: World, session: Session | undefined, version: VersionRank) {
    this.#world = world;
    this.#session = session;
    this.#version = version;
  }

  /** Throws ManagedObjectNotFound for a start that is gone, unless the spec wants those reported. */
  read(spec: FilterSpec): { readonly objects: ReadObject[]; readonly missing: Ref[] } {
    const missing = spec.objects.map((each) => each.ref).filter((ref) => !this.#exists(ref));
    if (missing[0] && !this.#session) throw notAuthenticated(this.#world.root.ref);
    if (missing[0] && !spec.reportMissing) throw notFound(missing[0]);
    const present = { ...spec, objects: spec.objects.filter((each) => this.#exists(each.ref)) };
    const selected = selectedObjects(present, (ref, property) => this.#reference(ref, property));
    const objects = selected.flatMap((ref) => {
      const paths = this.#pathsFor(ref, spec);
      return paths && this.#exists(ref) ? [this.#readObject(ref, paths)] : [];
    });
    return { objects, missing };
  }

  /** One property of one object. Throws InvalidProperty, ManagedObjectNotFound. */
  fetch(ref: Ref, path: string): ReadObject {
    if (!this.#exists(ref)) throw notFound(ref);
    return this.#readObject(ref, [resolvePath(ref.type, path, this.#version)]);
  }

  #pathsFor(ref: Ref, spec: FilterSpec): PropertyPath[] | undefined {
    const sets = spec.sets.filter((set) => isSubtype(ref.type, set.type));
    if (sets.length === 0) return undefined;
    const paths = new Map<string, PropertyPath>();
    for (const set of sets) {
      if (set.all)
        for (const name of this.#names(ref)) paths.set(name, resolvePath(ref.type, name, this.#version));
      for (const path of set.paths) paths.set(path.text, path);
    }
    return [...paths.values()];
  }

  #readObject(ref: Ref, paths: readonly PropertyPath[]): ReadObject {
    const values = new Map<string, DeclaredValue>();
    const denied = this.#denial(ref);
    if (denied) return { ref, values, missing: paths.map((path) => missingProperty(path.text, denied)) };
    const properties = new Map<string, Value>();
    for (const path of paths) {
      if (!properties.has(path.property)) properties.set(path.property, this.#property(ref, path.property));
      const value = valueAt(path, properties.get(path.property));
      if (value !== undefined) values.set(path.text, new DeclaredValue(path.declared, value));
    }
    return { ref, values, missing: [] };
  }

  #denial(ref: Ref): DataObject | undefined {
    if (ref.type === 'ServiceInstance') return undefined;
    if (!this.#session) return notAuthenticated(ref).toData();
    const object = this.#world.object(ref);
    const entity = object instanceof Entity ? object : entityOf(this.#world, ref);
    if (hasPrivilege(this.#session.account, entity, 'System.Read')) return undefined;
    return noPermission(ref, 'System.Read').toData();
  }

  /** For the walk: what may not be seen leads nowhere. */
  #reference(ref: Ref, property: string): Value {
    return this.#session && this.#denial(ref) === undefined ? this.#property(ref, property) : undefined;
  }

  #exists(ref: Ref): boolean {
    return this.#session?.objects.has(ref.key) === true || this.#world.object(ref) !== undefined;
  }

  #names(ref: Ref): string[] {
    const own = this.#session?.objects.get(ref.key)?.properties;
    const names = own ? Object.keys(own) : (this.#world.object(ref)?.names ?? []);
    const known = membersOf(ref.type).filter((member) => member.since <= this.#version);
    return known.filter((member) => names.includes(member.name)).map((member) => member.name);
  }

  #property(ref: Ref, property: string): Value {
    const own = this.#session?.objects.get(ref.key);
    return own ? own.properties?.[property]?.() : this.#world.object(ref)?.read(property);
  }
}

export function missingProperty(path: string, fault: DataObject): DataObject {
  return { $type: 'MissingProperty', path, fault };
}

/** ObjectContent */
export function objectContent(object: ReadObject): DataObject {
  return {
    $type: 'ObjectContent',
    obj: object.ref,
    propSet: [...object.values].map(([name, val]) => ({ $type: 'DynamicProperty', name, val })),
    missingSet: [...object.missing],
  };
}
