import { displayWidth, printable } from './display-width.ts';

/** Columns with a heading, as wide as their widest cell on a terminal. */
export function table<T>(
  values: readonly T[],
  columns: Readonly<Record<string, (value: T) => string>>,
): string {
  const titles = Object.keys(columns);
  const rows = values.map((value) => Object.values(columns).map((cell) => printable(cell(value))));
  const widths = titles.map((title, at) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[at] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - displayWidth(cell)))
      .join('  ')
      .trimEnd();
  return [line(titles), ...rows.map(line)].join('\n');
}
