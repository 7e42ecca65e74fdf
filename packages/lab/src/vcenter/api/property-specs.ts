import { isSubtype, membersOf, typeEntry } from '../schema/type-table.ts';
import type { VersionRank } from '../schema/versions.ts';
import { invalidArgument, VimFault } from '../soap/fault.ts';
import { type DataObject, isDataObject, Ref, type Value } from '../soap/value.ts';
import { flag, list, ref, text } from './call.ts';
import { type PropertyPath, resolvePath } from './property-path.ts';

export interface Selection {
  readonly name: string;
  /** Undefined: a reference to a selection of that name. */
  readonly traversal:
    | {
        readonly type: string;
        readonly path: string;
        readonly skip: boolean;
        readonly next: readonly Selection[];
      }
    | undefined;
}

export interface PropertySet {
  readonly type: string;
  readonly all: boolean;
  readonly paths: readonly PropertyPath[];
}

export interface FilterSpec {
  readonly sets: readonly PropertySet[];
  readonly objects: readonly {
    readonly ref: Ref;
    readonly skip: boolean;
    readonly next: readonly Selection[];
  }[];
  readonly reportMissing: boolean;
  readonly raw: DataObject;
}

/** Reads and checks a PropertyFilterSpec. Throws InvalidProperty and InvalidArgument. */
export function filterSpec(value: Value, version: VersionRank): FilterSpec {
  if (value === undefined || !isDataObject(value)) throw invalidArgument('specSet');
  return {
    sets: list(value['propSet']).map((set) => propertySet(set, version)),
    objects: list(value['objectSet']).map((object) => {
      const start = isData(object) ? ref(object['obj']) : undefined;
      if (!isData(object) || !start) throw invalidArgument('specSet.objectSet');
      return { ref: start, skip: flag(object['skip']), next: list(object['selectSet']).map(selection) };
    }),
    reportMissing: flag(value['reportMissingObjectsInResults']),
    raw: value,
  };
}

function propertySet(value: Value, version: VersionRank): PropertySet {
  if (!isData(value)) throw invalidArgument('specSet.propSet');
  const type = text(value['type']);
  if (!typeEntry(type)?.isManaged && type !== 'ManagedObject')
    throw new VimFault('InvalidArgument', { invalidProperty: 'type' }, '');
  const paths = list(value['pathSet']).map((path) => resolvePath(type, text(path), version));
  return { type, all: flag(value['all']), paths };
}

function selection(value: Value): Selection {
  if (!isData(value)) throw invalidArgument('specSet.objectSet.selectSet');
  const name = text(value['name']);
  if (value.$type !== 'TraversalSpec') return { name, traversal: undefined };
  const type = text(value['type']);
  const path = text(value['path']);
  if (!typeEntry(type)?.isManaged) throw invalidArgument('specSet.objectSet.selectSet.type');
  const member = membersOf(type).find((each) => each.name === path);
  if (member?.form !== 'reference') throw new VimFault('InvalidProperty', { name: path }, '');
  const next = list(value['selectSet']).map(selection);
  return { name, traversal: { type, path, skip: flag(value['skip']), next } };
}

/** Every object that the spec selects, once, in the order of the walk. `read` gives references of a property. */
export function selectedObjects(spec: FilterSpec, read: (object: Ref, property: string) => Value): Ref[] {
  const named = new Map<string, Selection>();
  const register = (selections: readonly Selection[]) => {
    for (const each of selections)
      if (each.traversal && !named.has(each.name)) {
        if (each.name) named.set(each.name, each);
        register(each.traversal.next);
      }
  };
  for (const object of spec.objects) register(object.next);
  const result = new Map<string, Ref>();
  const walked = new Map<object, Set<string>>();
  const walk = (object: Ref, skip: boolean, next: readonly Selection[]) => {
    if (!skip) result.set(object.key, object);
    for (const each of next) {
      const traversal = (each.traversal ? each : named.get(each.name))?.traversal;
      if (!traversal) throw invalidArgument(`selectSet.name ${each.name}`);
      if (!isSubtype(object.type, traversal.type)) continue;
      const seen = walked.get(traversal) ?? new Set();
      walked.set(traversal, seen);
      if (seen.has(object.key)) continue;
      seen.add(object.key);
      const found = read(object, traversal.path);
      for (const target of Array.isArray(found) ? found : [found])
        if (target instanceof Ref) walk(target, traversal.skip, traversal.next);
    }
  };
  for (const object of spec.objects) walk(object.ref, object.skip, object.next);
  return [...result.values()];
}

function isData(value: Value): value is DataObject {
  return value !== undefined && isDataObject(value);
}
