import { displayWidth } from './display-width.ts';

const hangingIndent = 4;

/**
 * A line broken at blanks so that it fits a terminal; what follows the first part is indented. A word that is wider
 * than the terminal stays whole, so that it can be copied.
 */
export function wrapLine(line: string, columns: number): string[] {
  if (displayWidth(line) <= columns) return [line];
  const [indent = ''] = /^ */.exec(line) ?? [];
  const lines: string[] = [];
  let current = '';
  for (const word of line.slice(indent.length).split(/(?<=\S) (?=\S)/)) {
    const hanging = lines.length === 0 ? indent : indent + ' '.repeat(hangingIndent);
    if (current === '') current = hanging + word;
    else if (displayWidth(`${current} ${word}`) <= columns) current += ` ${word}`;
    else {
      lines.push(current);
      current = indent + ' '.repeat(hangingIndent) + word;
    }
  }
  return [...lines, current];
}
