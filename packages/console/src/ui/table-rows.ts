/** A column as far as order and filter are concerned. */
export interface RowColumn<T> {
  readonly key: string;
  /** What it is sorted and found by. */
  readonly value: (row: T) => string | number;
}

export interface Order {
  readonly key: string;
  readonly direction: 'asc' | 'desc';
}

/** Rows that hold every word of the filter in some column, in that order; equal ones stay as they were. */
export function rowsOf<T>(
  rows: readonly T[],
  columns: readonly RowColumn<T>[],
  filter: string,
  order: Order | undefined,
): readonly T[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const textOf = (row: T) =>
    columns
      .map(({ value }) => String(value(row)))
      .join('\n')
      .toLowerCase();
  const found =
    words.length === 0
      ? rows
      : rows.filter((row) => {
          const text = textOf(row);
          return words.every((word) => text.includes(word));
        });
  const column = columns.find(({ key }) => key === order?.key);
  if (!column) return found;
  const sign = order?.direction === 'desc' ? -1 : 1;
  return found.toSorted((a, b) => sign * compare(column.value(a), column.value(b)));
}

const collator = new Intl.Collator('en', { numeric: true });

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}

/** An order in an address: `name` or `-name`. */
export function parseOrder(text: string): Order | undefined {
  if (text === '') return undefined;
  return text.startsWith('-') ? { key: text.slice(1), direction: 'desc' } : { key: text, direction: 'asc' };
}

export function orderText({ key, direction }: Order): string {
  return direction === 'desc' ? `-${key}` : key;
}
