import { cutToWidth, displayWidth } from '../output/display-width.ts';

/** A colour: ESC, the only control character that stands before a bracket. */
const style = /(\p{Cc}\[\d+m)/u;

/** The text alone. */
export function withoutStyles(line: string): string {
  return line
    .split(style)
    .filter((_, at) => at % 2 === 0)
    .join('');
}

/** Parts side by side, on as many lines as they need; a part that is wider than a line stands alone. */
export function wrapParts(parts: readonly string[], columns: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    const longer = line === '' ? `${indent}${part}` : `${line}  ${part}`;
    if (line !== '' && displayWidth(withoutStyles(longer)) > columns) {
      lines.push(line);
      line = `${indent}${part}`;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line];
}

/** A line with colours in it, cut to the columns of a terminal; a colour that was begun ends with the line. */
export function cutStyledLine(line: string, columns: number): string {
  const parts = line.split(style);
  if (displayWidth(withoutStyles(line)) <= columns) return line;
  let left = columns - 1;
  let cut = '';
  for (const [at, part] of parts.entries()) {
    if (at % 2 === 1) cut += part;
    else if (displayWidth(part) <= left) {
      cut += part;
      left -= displayWidth(part);
    } else return `${cut}${cutToWidth(part, left + 1)}${parts.length > 1 ? '\x1b[0m' : ''}`;
  }
  return cut;
}
