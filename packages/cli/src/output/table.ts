/** Columns with a heading, as wide as their widest cell. */
export function table<T>(
  values: readonly T[],
  columns: Readonly<Record<string, (value: T) => string>>,
): string {
  const titles = Object.keys(columns);
  const rows = values.map((value) => Object.values(columns).map((cell) => cell(value)));
  const widths = titles.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => [...(row[at] ?? '')].length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - [...cell].length))
      .join('  ')
      .trimEnd();
  return [line(titles), ...rows.map(line)].join('\n');
}
