import { changesOf, type FieldChange } from '../format/field-changes.ts';
import type { ApiClient } from './client.ts';
import { ApiProblem } from './problem.ts';

/** What a form was filled from. */
export interface Base<T> {
  readonly seen: T;
  /** A later state that may be written over; missing: only what was seen may be. */
  readonly accepted?: T;
}

/** Fields that a form wants to change are not as they were when it was filled. */
export class ChangedMeanwhile<T> extends ApiProblem {
  /** What is there now. */
  readonly now: T;
  /** Those fields: as they were, and as they are now. */
  readonly fields: readonly FieldChange[];

  constructor(now: T, fields: readonly FieldChange[]) {
    super(
      {
        code: 'L-API-104',
        what: 'Somebody else has changed the same since you began.',
        data: 'Nothing was saved; what you typed is still here.',
        next: 'Look at what is there now, then save yours over it or begin anew from it.',
      },
      412,
    );
    this.now = now;
    this.fields = fields;
  }
}

/**
 * Changes what is at `path`: of `changes` only the fields that are other than in what was seen, so that what others changed
 * beside them stays. Sent with the ETag of a state in which those fields are as they were seen. Resolves with what is there
 * then; rejects with `ChangedMeanwhile`, or with `L-API-104` where it was changed in the moment between.
 */
export async function edit<T extends object>(
  api: ApiClient,
  path: string,
  { seen, accepted = seen }: Base<T>,
  changes: object,
): Promise<T> {
  const wanted = Object.entries(changes).filter(([name, mine]) => !isSame(mine, field(seen, name)));
  if (wanted.length === 0) return seen;
  const { data: now, etag } = await api.read<T>(path);
  const fields = wanted.flatMap(([name, mine]) =>
    clashes(name, mine, field(accepted, name), field(now, name)),
  );
  if (fields.length > 0) throw new ChangedMeanwhile(now, fields);
  return api.patch<T>(path, Object.fromEntries(wanted), etag);
}

function clashes(name: string, mine: unknown, was: unknown, is: unknown): readonly FieldChange[] {
  if (isTable(mine) && isTable(was) && isTable(is))
    return Object.entries(mine).flatMap(([inner, value]) =>
      clashes(`${name}.${inner}`, value, field(was, inner), field(is, inner)),
    );
  return isSame(mine, is) ? [] : changesOf({ before: { [name]: was }, after: { [name]: is } });
}

/** None and `null` are the same. */
function isSame(one: unknown, other: unknown): boolean {
  return changesOf({ before: { one }, after: { one: other } }).length === 0;
}

function field(table: object, name: string): unknown {
  return Object.entries(table).find(([key]) => key === name)?.[1];
}

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
