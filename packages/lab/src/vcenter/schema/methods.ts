import { methodTable } from './method-table.ts';
import { type Member, parseMember, tableLines } from './type-table.ts';
import { rankOf, type VersionRank } from './versions.ts';

export interface Method {
  readonly owner: string;
  readonly name: string;
  /** Undefined when the method checks by its arguments. */
  readonly privilege: string | undefined;
  /** `void` or the type of the result. */
  readonly result: Member | undefined;
  readonly parameters: readonly Member[];
  readonly since: VersionRank;
}

const methods = new Map<string, Method>();
for (const line of tableLines(methodTable)) {
  const [, owner = '', name = '', since, privilege = '-', result = 'void', parameters = ''] =
    /^(\w+)\.(\w+)(?:@(\S+))? (\S+) (\S+):(.*)$/.exec(line) ?? [];
  methods.set(name, {
    owner,
    name,
    privilege: privilege === '-' ? undefined : privilege,
    result: result === 'void' ? undefined : parseMember(`returnval:${result}`),
    parameters: parameters.trim().split(/\s+/).filter(Boolean).map(parseMember),
    since: since ? rankOf(since) : 0,
  });
}

/** Not in the published description, yet every server has it: strict clients read single properties with it. */
methods.set('Fetch', {
  owner: 'ManagedObject',
  name: 'Fetch',
  privilege: 'System.Anonymous',
  result: parseMember('returnval?:anyType'),
  parameters: [parseMember('prop:string')],
  since: 0,
});

/** All that a client can call. */
export function methodNames(): string[] {
  return [...methods.keys()];
}

/** Method names are unique over all managed types on the wire. */
export function methodNamed(name: string): Method | undefined {
  return methods.get(name);
}
