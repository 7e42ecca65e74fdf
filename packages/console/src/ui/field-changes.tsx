import type { FieldChange } from '../format/field-changes.ts';

interface FieldChangesProps {
  readonly changes: readonly FieldChange[];
}

/** Fields with what stood there before and what stands there now. */
export function FieldChanges({ changes }: FieldChangesProps) {
  return (
    <ul className="lw-plain lw-wide-cell">
      {changes.map(({ field, before, after }) => (
        <li key={field} className="lw-anywhere">
          {field}: {before === undefined ? null : <del>{before}</del>}
          {before !== undefined && after !== undefined ? ' → ' : null}
          {after === undefined ? null : <ins>{after}</ins>}
        </li>
      ))}
    </ul>
  );
}
