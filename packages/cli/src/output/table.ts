import { displayWidth, printable } from './display-width.ts';

type Columns<T> = Readonly<Record<string, (value: T) => string>>;

/** Columns with a heading, as wide as their widest cell on a terminal. */
export function table<T>(values: readonly T[], columns: Columns<T>): string {
  return growingTable(columns)(values);
}

/** A table that is written part by part: each call gives further lines, the first one the heading too. */
export function growingTable<T>(columns: Columns<T>): (values: readonly T[]) => string {
  const titles = Object.keys(columns);
  let widths: readonly number[] | undefined;
  return (values) => {
    const rows = values.map((value) => Object.values(columns).map((cell) => printable(cell(value))));
    const known = widths ?? titles.map(displayWidth);
    // A wider cell of a later part moves what follows it, and from then on all.
    const now = known.map((width, at) => Math.max(width, ...rows.map((row) => displayWidth(row[at] ?? ''))));
    const line = (cells: readonly string[]) =>
      cells
        .map((cell, at) => cell + ' '.repeat((now[at] ?? 0) - displayWidth(cell)))
        .join('  ')
        .trimEnd();
    const head = widths === undefined ? [line(titles)] : [];
    widths = now;
    return [...head, ...rows.map(line)].join('\n');
  };
}
