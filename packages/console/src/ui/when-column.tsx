import type { Column } from './data-table.tsx';
import { When } from './when.tsx';

/** A column of times. `none`: what stands where there is no time. */
export function whenColumn<T>(
  key: string,
  title: string,
  at: (row: T) => string | undefined,
  none = '',
): Column<T> {
  return {
    ...{ key, title },
    value: (row) => at(row) ?? '',
    render: (row) => {
      const time = at(row);
      return time ? <When at={time} /> : none;
    },
  };
}
