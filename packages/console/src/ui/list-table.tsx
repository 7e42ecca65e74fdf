import type { ReactNode } from 'react';
import type { Resource } from '../api/resource-cache.ts';
import { DataTable, type DataTableProps } from './data-table.tsx';
import { Loaded } from './loaded.tsx';

interface ListTableProps<T> extends Omit<DataTableProps<T>, 'rows'> {
  readonly resource: Resource<readonly T[]>;
  /** Instead of a table without rows; not where something is looked for. */
  readonly nothing?: ReactNode;
  readonly isLookedFor?: boolean;
}

/** A list of the API as a table; what to do next where there is nothing. */
export function ListTable<T>({ resource, nothing, isLookedFor = false, ...table }: ListTableProps<T>) {
  return (
    <Loaded resource={resource}>
      {(rows) =>
        rows.length === 0 && nothing && !isLookedFor ? nothing : <DataTable {...table} rows={rows} />
      }
    </Loaded>
  );
}
