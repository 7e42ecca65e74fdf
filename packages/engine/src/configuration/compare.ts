import { isDeepStrictEqual } from 'node:util';
import type { FieldChange } from './document.ts';

/** Fields of `wanted` that are there otherwise; what `wanted` does not say stays, `null` takes a field out. */
export function changesOf(
  wanted: Readonly<Record<string, unknown>>,
  current: Readonly<Record<string, unknown>>,
): readonly FieldChange[] {
  return Object.entries(wanted).flatMap(([field, to]) => {
    const from = current[field];
    if (
      to === undefined ||
      isDeepStrictEqual(to, from) ||
      ((to ?? undefined) === undefined && from === undefined)
    )
      return [];
    return [{ field, ...(from === undefined ? {} : { from }), to }];
  });
}

/** The same for objects of objects: `limits.standardVmsPerHost`. */
export function changesInside(
  wanted: Readonly<Record<string, unknown>>,
  current: Readonly<Record<string, unknown>>,
): readonly FieldChange[] {
  return Object.entries(wanted).flatMap(([group, fields]) => {
    if (!isRecord(fields)) return [];
    const known = current[group];
    return changesOf(fields, isRecord(known) ? known : {}).map((change) => ({
      ...change,
      field: `${group}.${change.field}`,
    }));
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
