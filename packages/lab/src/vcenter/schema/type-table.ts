import { dataTypes1 } from './data-types-1.ts';
import { dataTypes2 } from './data-types-2.ts';
import { dataTypes3 } from './data-types-3.ts';
import { dataTypes4 } from './data-types-4.ts';
import { managedTypes } from './managed-types.ts';
import { rankOf, type VersionRank } from './versions.ts';

/** One property of a data or managed type, or one parameter of a method. */
export interface Member {
  readonly name: string;
  /** Name of the type of one element, without marks. */
  readonly type: string;
  readonly form: 'data' | 'reference' | 'enum';
  readonly isArray: boolean;
  readonly isOptional: boolean;
  readonly since: VersionRank;
}

export interface TypeEntry {
  readonly name: string;
  readonly base: string | undefined;
  /** Own members, without those of the base. */
  readonly own: readonly Member[];
  readonly since: VersionRank;
  readonly isManaged: boolean;
}

/** Tables break long lines; a continuation begins with a blank. */
export function tableLines(table: string): string[] {
  return table.replaceAll('\n ', ' ').trim().split('\n');
}

export function parseMember(text: string): Member {
  const [, name = '', optional, mark, type = '', array, since] =
    /^(\w+)(\?)?:([&%]?)(\w+)(\[\])?(?:@(.+))?$/.exec(text) ?? [];
  const form = mark === '&' ? 'reference' : mark === '%' ? 'enum' : 'data';
  return {
    name,
    type,
    form,
    isArray: array !== undefined,
    isOptional: optional !== undefined,
    since: since ? rankOf(since) : 0,
  };
}

const table = new Map<string, TypeEntry>();
const memberLists = new Map<string, readonly Member[]>();

for (const [text, isManaged] of [
  [dataTypes1, false],
  [dataTypes2, false],
  [dataTypes3, false],
  [dataTypes4, false],
  [managedTypes, true],
] as const)
  for (const line of tableLines(text)) {
    const [, name = '', base, since, members = ''] = /^(\w+)(?:<(\w+))?(?:@([^:]+))?:(.*)$/.exec(line) ?? [];
    const own = members.trim().split(/\s+/).filter(Boolean).map(parseMember);
    table.set(name, { name, base, own, since: since ? rankOf(since) : 0, isManaged });
  }

export function typeEntry(name: string): TypeEntry | undefined {
  return table.get(name);
}

/** All members in wire order: those of the root type first. Empty for unknown types. */
export function membersOf(name: string): readonly Member[] {
  const known = memberLists.get(name);
  if (known) return known;
  const entry = table.get(name);
  const list = entry ? [...(entry.base ? membersOf(entry.base) : []), ...entry.own] : [];
  memberLists.set(name, list);
  return list;
}

/** True when `name` is `ancestor` or one of its subtypes. Works for data, faults and managed types. */
export function isSubtype(name: string, ancestor: string): boolean {
  if (ancestor === 'ManagedObject') return table.get(name)?.isManaged === true;
  for (let at: string | undefined = name; at !== undefined; at = table.get(at)?.base)
    if (at === ancestor) return true;
  return false;
}

const simpleTypes = new Set(
  'string boolean int long short byte float double dateTime anyType anyURI base64Binary TypeName MethodName PropertyPath'.split(
    ' ',
  ),
);

export function isSimple(type: string): boolean {
  return simpleTypes.has(type);
}
