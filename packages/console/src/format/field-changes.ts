/** A field that is other than it was. */
export interface FieldChange {
  /** Its whole path: `limits.vmwareSnapshotsPerHost`. */
  readonly field: string;
  /** Missing: there was none, or there is none any more. */
  readonly before?: string;
  readonly after?: string;
}

/** A state before and after; missing: there was none, or there is none any more. */
interface States {
  readonly before?: object | undefined;
  readonly after?: object | undefined;
}

/** What changed, field by field; of what was made all that it has, of what was removed all that it had. */
export function changesOf({ before, after }: States): readonly FieldChange[] {
  const was = flat(before);
  const is = flat(after);
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((field) => {
    const [old, now] = [was.get(field), is.get(field)];
    if (old === now) return [];
    return [
      { field, ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) },
    ];
  });
}

/** Values by their paths; lists are values. */
function flat(table: object | undefined, path = ''): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(table ?? {})) {
    if (value === null || value === undefined) continue;
    if (typeof value === 'object' && !Array.isArray(value))
      for (const [inner, text] of flat(value, `${path}${name}.`)) values.set(inner, text);
    else values.set(path + name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return values;
}
